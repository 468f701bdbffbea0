package program

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"controlmap-jumpcloud/assets"
)

// The notes of a release are exactly its section of the changelog.
func TestChangelogSection(t *testing.T) {
	file := filepath.Join(t.TempDir(), "CHANGELOG.md")
	text := "# Changelog\n\n## [Unreleased]\n\n## [0.10.0] - 2026-02-01\n\n### Added\n\n- Ten.\n\n" +
		"## [0.1.0] - 2026-01-01\n\n- One.\n  [A link](docs).\n\n[0.1.0]: https://host.invalid\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{
		"0.10.0":     "### Added\n\n- Ten.\n",
		"0.1.0":      "- One.\n  [A link](docs).\n",
		"0.1":        "",
		"10.0":       "",
		"Unreleased": "",
		"":           "",
	} {
		var out, errs bytes.Buffer
		cmd := exec.Command("scripts/changelog", version, file)
		cmd.Stdout, cmd.Stderr = &out, &errs
		err := cmd.Run()
		if out.String() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %v, printed %q, complained %q", version, err, &out, &errs)
		}
	}
}

// A release is built only with the Go that go.mod names.
func TestAReleaseWantsTheNamedGo(t *testing.T) {
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	// This go says that it has another version, and builds nothing.
	other := "#!/bin/sh\ncase $* in\n'env GOVERSION') echo go1.26.0-other ;;\nenv*) exec '" + real + "' \"$@\" ;;\n*) exit 1 ;;\nesac\n"
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "go"), []byte(other), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("scripts/package", "linux")
	cmd.Env = append(os.Environ(), "RELEASE=yes", "SOURCE_DATE_EPOCH=1", "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "this is go1.26.0-other. GOTOOLCHAIN=go1.") {
		t.Errorf("%v, printed %s", err, out)
	}
}

// isWhatTheMenuStarts compares the class of the window with the menu entry. Desktops need it to show the right icon.
func (d *desk) isWhatTheMenuStarts() {
	d.t.Helper()
	template, err := os.ReadFile("scripts/packaging/linux/app.desktop")
	if err != nil {
		d.t.Fatal(err)
	}
	entry := strings.ReplaceAll(string(template), "@NAME@", mustMetadata(d.t).Name)
	out, err := exec.Command("xprop", "-id", d.window, "-notype", "WM_CLASS").Output()
	_, names, _ := strings.Cut(strings.TrimSpace(string(out)), " = ")
	var instance, class string
	if _, scan := fmt.Sscanf(names, "%q, %q", &instance, &class); err != nil || scan != nil {
		d.t.Fatalf("xprop: %v, %v: %s", err, scan, out)
	}
	if !strings.Contains(entry, "\nStartupWMClass="+class+"\n") {
		d.t.Errorf("the window's class is %q, but the menu entry says\n%s", class, entry)
	}
}

// iconFile returns the icon's file, as FyneApp.toml names it.
func iconFile(t *testing.T) string {
	t.Helper()
	var file struct{ Details struct{ Icon string } }
	if err := toml.Unmarshal([]byte(fyneApp()), &file); err != nil || file.Details.Icon == "" {
		t.Fatalf("FyneApp.toml names no icon: %v", err)
	}
	return file.Details.Icon
}

// The templates of the packages repeat nothing that FyneApp.toml or LICENSE says.
func TestPackagingRepeatsNothing(t *testing.T) {
	meta := mustMetadata(t)
	licence, err := os.ReadFile("LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	copyright := regexp.MustCompile(`(?m)^Copyright \(c\) [0-9-]+ (.+)$`).FindSubmatch(licence)
	if copyright == nil {
		t.Fatal("LICENSE does not say whose it is")
	}
	details := []string{meta.Name, meta.ID, `"` + meta.Version + `"`, strings.TrimSuffix(iconFile(t), ".png"), string(copyright[1]),
		"controlmap-jumpcloud"}
	look := func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, detail := range details {
			if strings.Contains(string(text), detail) {
				t.Errorf("%s repeats %s", path, detail)
			}
		}
		return err
	}
	for _, from := range []string{"package", "packaging", "check-packages", "try-package", "reproduce", "sbom", "icon"} {
		if err := filepath.WalkDir("scripts/"+from, look); err != nil {
			t.Error(err)
		}
	}
}

// The program and the packages have the same icon.
func TestTheIconIsTheOneThatIsNamed(t *testing.T) {
	if icon, err := os.ReadFile(iconFile(t)); err != nil || !bytes.Equal(icon, assets.Icon) {
		t.Errorf("it is another one: %v", err)
	}
}

// Menus and software centres show texts about the app in all its languages.
func TestPackagesSpeakEveryLanguage(t *testing.T) {
	files, err := filepath.Glob("assets/translations/*.json")
	if err != nil || len(files) < 4 {
		t.Fatalf("%v, %v", files, err)
	}
	menu, err := os.ReadFile("scripts/packaging/linux/app.desktop")
	if err != nil {
		t.Fatal(err)
	}
	center, err := os.ReadFile("scripts/packaging/linux/metainfo.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		language := strings.TrimSuffix(filepath.Base(file), ".json")
		if language == "en" {
			continue // the texts without a language are English
		}
		for _, key := range []string{"GenericName", "Comment", "Keywords"} {
			if !strings.Contains(string(menu), "\n"+key+"["+language+"]=") {
				t.Errorf("the menu entry lacks %s[%s]", key, language)
			}
		}
		for _, tag := range []string{"summary", "p", "li"} {
			all, own := strings.Count(string(center), "<"+tag+">"), strings.Count(string(center), "<"+tag+` xml:lang="`+language+`">`)
			if all == 0 || own != all {
				t.Errorf("%s: %d of %d <%s>", language, own, all, tag)
			}
		}
	}
}
