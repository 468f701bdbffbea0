package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The list that the program shows is that of what is linked into it now.
func TestTheListIsUpToDate(t *testing.T) {
	root := filepath.Join("..", "..")
	now, err := collect(root)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(root, "assets", "licences.json"))
	if err != nil || !bytes.Equal(kept, now) {
		t.Errorf("assets/licences.json is not up to date (%v); this writes it anew: go run ./scripts/licences", err)
	}
	var works []work
	if err := json.Unmarshal(now, &works); err != nil {
		t.Fatal(err)
	}
	of := make(map[string]string)
	for _, w := range works {
		of[w.Name] = w.Licence
		if len(w.Text) < 100 {
			t.Errorf("%s has no text of a licence: %q", w.Name, w.Text)
		}
	}
	// One a kind: each system's own, what C brings, what is embedded, Go.
	for name, licence := range map[string]string{
		"Go":                               "BSD-3-Clause",
		"fyne.io/fyne/v2":                  "BSD-3-Clause, OFL-1.1, Bitstream Vera, MIT",
		"github.com/godbus/dbus/v5":        "BSD-2-Clause",
		"github.com/danieljoos/wincred":    "MIT",
		"github.com/go-gl/glfw/v3.4/glfw":  "BSD-3-Clause, Zlib",
		"EmojiOne Color (font in Fyne)":    "CC-BY-4.0",
		"golang.org/x/net":                 "BSD-3-Clause",
		"github.com/rymdport/portal":       "Apache-2.0",
		"github.com/zalando/go-keyring":    "MIT",
		"github.com/nicksnyder/go-i18n/v2": "MIT",
	} {
		if got := strings.Split(of[name], ", "); !sameSet(got, strings.Split(licence, ", ")) {
			t.Errorf("%s: %q, want %q", name, of[name], licence)
		}
	}
}

func sameSet(a, b []string) bool {
	has := make(map[string]bool)
	for _, s := range a {
		has[s] = true
	}
	for _, s := range b {
		if !has[s] {
			return false
		}
	}
	return len(a) == len(b)
}

// What cannot be named is looked at by somebody, and not shipped as it is.
func TestALicenceThatIsNotKnown(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "LICENSE"), []byte("All rights reserved."), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, m := range []module{{name: "strange", folder: folder}, {name: "without", folder: t.TempDir()}} {
		if w, err := m.work(); err == nil || !strings.Contains(err.Error(), m.name) {
			t.Errorf("%s: %+v, %v", m.name, w, err)
		}
	}
}
