package program

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// crashVariable tells the second run of the test's program what to do as the app.
const crashVariable = "CONTROLMAP_TEST_CRASH"

// somebodys is in memory and in the values of the panics. It must not be in a report.
const somebodys = "jca_TESTNeverToBeSeen Ada Lovelace ada@larkspur.example"

// deaths are the ways in which the app dies once its window is open.
var deaths = map[string]func(){
	"in the window's thread": func() { fyne.Do(func() { panic(somebodys) }) },
	"beside the window":      func() { panic(fmt.Errorf("of %s", somebodys)) },
	"of Go's own": func() {
		m := make(map[string]string)
		for range 3 {
			go func() {
				for {
					m[somebodys] = somebodys
				}
			}()
		}
	},
}

// TestMain runs the tests. In a second run, it is the app instead, as main is: it dies, or it waits until the window offers a report.
func TestMain(m *testing.M) {
	die, dying := deaths[os.Getenv(crashVariable)]
	switch {
	case len(os.Args) == 2 && os.Args[1] == watchCrash:
		os.Exit(Run(fyneApp(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	case dying:
		go whenOpen(die)
		os.Exit(Run(fyneApp(), []string{"--demo"}, os.Stdin, os.Stdout, os.Stderr))
	case os.Getenv(crashVariable) == "look":
		go whenOpen(lookForOffer)
		os.Exit(Run(fyneApp(), []string{"--demo"}, os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// whenOpen calls f once the window is open.
func whenOpen(f func()) {
	for fyne.CurrentApp() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	shown := false
	for !shown {
		fyne.DoAndWait(func() { shown = len(fyne.CurrentApp().Driver().AllWindows()) > 0 })
	}
	f()
}

// lookForOffer waits until the window offers a crash report. It prints whether it did, and ends the app.
func lookForOffer() {
	found := false
	for end := time.Now().Add(60 * time.Second); !found && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		fyne.DoAndWait(func() {
			found = says(fyne.CurrentApp().Driver().AllWindows()[0].Content(), "crashed the last time")
		})
	}
	fmt.Println("offered:", found)
	fyne.Do(fyne.CurrentApp().Quit)
}

// says reports whether a label with this text is visible.
func says(o fyne.CanvasObject, words string) bool {
	if o == nil || !o.Visible() {
		return false
	}
	switch o := o.(type) {
	case *widget.Label:
		return strings.Contains(o.Text, words)
	case *fyne.Container:
		return slices.ContainsFunc(o.Objects, func(part fyne.CanvasObject) bool { return says(part, words) })
	}
	return false
}

// Whichever way the app dies in its real window, it leaves a report. The report says where, and holds nothing personal. The next
// start offers it.
func TestACrashIsReported(t *testing.T) {
	needTools(t, "Xvfb", "openbox", "xdotool", "import")
	for death := range deaths {
		t.Run(death, func(t *testing.T) {
			home := t.TempDir()
			out, err := startAs(home, death)
			if err == nil || !bytes.Contains(out, []byte("goroutine ")) {
				t.Fatalf("it did not die: %v\n%s", err, out)
			}
			report := waitForReport(t, filepath.Join(home, "cache"))
			for _, word := range []string{"ControlMap Connect for JumpCloud 0.", "controlmap-jumpcloud/gui/program.init.func", "crash_linux_test.go:"} {
				if !strings.Contains(report, word) {
					t.Errorf("%q is not in the report:\n%s", word, report)
				}
			}
			for _, word := range append(strings.Fields(somebodys), home, "NeverToBe", "0x") {
				if strings.Contains(report, word) {
					t.Errorf("%q is in the report:\n%s", word, report)
				}
			}
			if out, err := startAs(home, "look"); err != nil || !bytes.Contains(out, []byte("offered: true")) {
				t.Errorf("the next start does not offer it: %v\n%s", err, out)
			}
		})
	}
}

// startAs runs the test's program as the app, on a display and with a home folder of its own.
func startAs(home, what string) ([]byte, error) {
	app := exec.Command("scripts/with-display", os.Args[0])
	app.Env = append(os.Environ(), crashVariable+"="+what, "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"XDG_CACHE_HOME="+filepath.Join(home, "cache"), "LC_ALL=", "LANG=en_US.UTF-8")
	return app.CombinedOutput()
}

// waitForReport waits until the report is complete, and returns it.
func waitForReport(t *testing.T, caches string) string {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		paths, _ := filepath.Glob(filepath.Join(caches, "*", "crashes", "*.txt"))
		if len(paths) == 0 {
			continue
		}
		if text, err := os.ReadFile(paths[0]); err == nil && bytes.Count(text, []byte("\n")) > 5 {
			return string(text)
		}
	}
	t.Fatal("there is no report")
	return ""
}
