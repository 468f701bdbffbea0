package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheck has it look at a module with a mistake in each kind of file that go vet would not see, and with one that is none of
// the system's business.
func TestCheck(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":              "module example\n\ngo 1.26\n",
		"all.go":              "package example\n\nvar Text string\n",
		"c_darwin.go":         "package example\n\n// int one(void);\nimport \"C\"\n\nvar one = int(C.one())\nvar inC int = Text\n",
		"c_darwin_test.go":    "package example\n\nvar inTest int = Text\n",
		"c_windows.go":        "package example\n\nvar elsewhere int = Text\n",
		"user/user_darwin.go": "package user\n\nimport \"example\"\n\nvar inUser int = example.Text\n",
		"user/user.go":        "package user\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	problems, err := check(folder, "darwin/arm64")
	if err != nil || len(problems) != 3 {
		t.Errorf("found %q, %v", problems, err)
	}
	for i, file := range []string{"c_darwin.go:7", "user_darwin.go:5", "c_darwin_test.go:3"} {
		found := false
		for _, problem := range problems {
			found = found || strings.Contains(problem, file)
		}
		if !found {
			t.Errorf("mistake %d, in %s, is not seen", i, file)
		}
	}
	if problems, err := check(folder, "linux/arm64"); err != nil || len(problems) > 0 {
		t.Errorf("for Linux, found %q, %v", problems, err)
	}
	if _, err := check(folder, "none"); err == nil {
		t.Error("it checks for no system")
	}
}
