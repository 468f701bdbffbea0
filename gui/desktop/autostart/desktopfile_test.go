package autostart

import (
	"slices"
	"testing"
)

// What others have written is read as the specification has it.
func TestDesktopFilesOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want kept
	}{
		"on":                      {"[Desktop Entry]\nExec=/bin/app --background\n", kept{"/bin/app", true}},
		"off on KDE and XFCE":     {"[Desktop Entry]\nExec=/bin/app\nHidden=true\n", kept{"/bin/app", false}},
		"off on GNOME":            {"[Desktop Entry]\r\nExec=/bin/app\r\nX-GNOME-Autostart-enabled=false\r\n", kept{"/bin/app", false}},
		"explicitly on":           {"[Desktop Entry]\nHidden=false\nX-GNOME-Autostart-enabled = true\nExec = /bin/app %U\n", kept{"/bin/app", true}},
		"a comment":               {"#Hidden=true\n[Desktop Entry]\n# Hidden=true\nExec=/bin/app", kept{"/bin/app", true}},
		"another group":           {"[Desktop Action X]\nExec=/bin/x\nHidden=true\n[Desktop Entry]\nExec=/bin/app\n[Other]\nHidden=true\n", kept{"/bin/app", true}},
		"nothing to start":        {"[Desktop Entry]\nType=Application\n", kept{"", false}},
		"empty":                   {"", kept{}},
		"no desktop file":         {"\x00\x01=\n[", kept{}},
		"a quote without its end": {"[Desktop Entry]\nExec=\"/bin/app\n", kept{"", true}},
		"quoted twice":            {`[Desktop Entry]` + "\n" + `Exec="/a\\\\b/\\$x \\"y\\"/app" %F`, kept{`/a\b/$x "y"/app`, true}},
	} {
		if got := readDesktopFile(c.text); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// oddArgs are arguments of which each has something that quoting may spoil.
var oddArgs = []string{"plain", "with blank", "", `"`, `\`, `\\`, `\n`, `C:\new\table`, "`id`", "$HOME", "${X}", "%", "%%", "%U", "%%f", "100%", "it's", "a;b&c|d", "~", "*", "#", "<>", "a=b", "日本"}

func TestArgumentsComeThroughTheirQuotes(t *testing.T) {
	for _, odd := range oddArgs {
		args := []string{odd, "between", odd}
		line := ""
		for _, arg := range args {
			line += quoteArg(arg) + " "
		}
		if got := splitExec(line); !slices.Equal(got, args) {
			t.Errorf("%q becomes %q, by way of %s", args, got, line)
		}
	}
}

// A path that the file cannot hold is an error, and not another path.
func TestPathsThatCannotBeWritten(t *testing.T) {
	for _, path := range []string{"/a\nExec=/bin/evil", "/not\xffUTF-8", "/bell\a", "/nul\x00"} {
		for kind, write := range map[string]func(Entry, string) (string, error){"desktop file": desktopFile, "property list": plist} {
			if text, err := write(Entry{ID: "x"}, path); err != ErrPath {
				t.Errorf("%s of %q: %v\n%s", kind, path, err, text)
			}
		}
	}
}
