package autostart

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// The file for launchd, to the letter. It has not been run on a Mac.
func TestTheLaunchAgent(t *testing.T) {
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>com.example.app</string>
	<key>AssociatedBundleIdentifiers</key>
	<string>com.example.app</string>
	<key>ProgramArguments</key>
	<array>
		<string>/Applications/Q&amp;A &lt;new&gt;.app/Contents/MacOS/app</string>
		<string>--background</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`
	e := Entry{ID: "com.example.app", Name: "App", Args: []string{"--background"}}
	const program = "/Applications/Q&A <new>.app/Contents/MacOS/app"
	text, err := plist(e, program)
	if err != nil || text != want {
		t.Errorf("%v\n%s", err, text)
	}
	if k, err := readPlist(text); err != nil || k != (kept{program, true}) {
		t.Errorf("read back: %+v, %v", k, err)
	}
	if runtime.GOOS == "darwin" {
		lint := exec.Command("plutil", "-lint", "-")
		lint.Stdin = strings.NewReader(text)
		if out, err := lint.CombinedOutput(); err != nil {
			t.Errorf("plutil: %v\n%s", err, out)
		}
	}
}

func TestPropertyListsOfOthers(t *testing.T) {
	dict := func(s string) string { return plistHead + "<plist version=\"1.0\"><dict>" + s + "</dict></plist>" }
	const args = "<key>ProgramArguments</key><array><string>/a/b</string><string>-x</string></array>"
	for name, c := range map[string]struct {
		text string
		want kept
	}{
		"on":             {dict(args + "<key>RunAtLoad</key><true/>"), kept{"/a/b", true}},
		"disabled":       {dict(args + "<key>RunAtLoad</key><true/><key>Disabled</key><true/>"), kept{"/a/b", false}},
		"not disabled":   {dict(args + "<key>Disabled</key><false/><key>RunAtLoad</key> <true/>"), kept{"/a/b", true}},
		"only on demand": {dict(args), kept{"/a/b", false}},
		"a nested one":   {dict(args + "<key>RunAtLoad</key><true/><key>KeepAlive</key><dict><key>RunAtLoad</key><false/></dict>"), kept{"/a/b", true}},
		"no arguments":   {dict("<key>RunAtLoad</key><true/><key>ProgramArguments</key><array/>"), kept{"", true}},
		"nothing":        {dict(""), kept{}},
	} {
		if got, err := readPlist(c.text); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, text := range []string{"bplist00\xd4\x01", "<plist><dict>", "{}"} {
		if k, err := readPlist(text); err == nil {
			t.Errorf("%q is read as %+v", text, k)
		}
	}
}
