package crash

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// The environment of the second run of the test's own program, and of the third, which watches it.
const (
	wayVariable    = "CRASH_TEST_WAY"
	folderVariable = "CRASH_TEST_FOLDER"
	fileVariable   = "CRASH_TEST_FILE" // where Go's runtime writes to, in place of the pipe
)

// What must not be in a report: they are in memory, in panic values, and in paths.
const (
	key    = "jca_TESTNeverToBeSeenAnywhere0123456789"
	person = "Ada Lovelace <ada@larkspur.example> 5f1b2c3d4e5f6a7b8c9d0e1f"
)

type holder struct{ Key, Person string }

func (h holder) Error() string { return h.Key + "\n" + h.Person }

type named string

// ways are how a program can die.
var ways = map[string]struct {
	die   func()
	kind  string
	place string
}{
	"a text":           {dieOfText, "panic: " + leftOut, "crash.dieOfText crash_test.go:"},
	"a type of text":   {dieOfNamed, "panic: " + leftOut, "crash.dieOfNamed crash_test.go:"},
	"a struct":         {dieOfHolder, "panic: " + leftOut, "crash.dieOfHolder crash_test.go:"},
	"an error":         {dieOfError, "panic: " + leftOut, "crash.dieOfError crash_test.go:"},
	"forged":           {dieOfForged, "panic: " + leftOut, "crash.dieOfForged crash_test.go:"},
	"a goroutine":      {dieInGoroutine, "panic: runtime error: index out of range", "crash.dieInGoroutine.func1 crash_test.go:"},
	"nil":              {dieOfNil, "panic: runtime error: invalid memory address or nil pointer dereference", "crash.dieOfNil crash_test.go:"},
	"a map":            {dieOfMap, fatal, "crash.dieOfMap"},
	"a deep recursion": {dieOfRecursion, fatal, "crash.recurse crash_test.go:"},
	"once more":        {dieTwice, "panic: " + leftOut, "crash.dieTwice"},
}

func dieOfText()   { panic(key + " of " + person) }
func dieOfNamed()  { panic(named(key + person)) }
func dieOfHolder() { panic(&holder{key, person}) }
func dieOfError()  { panic(fmt.Errorf("of %s: %w", person, errors.New(key))) }

// dieOfForged has in its value what the runtime writes.
func dieOfForged() {
	panic(key + "\nfatal error: " + key + "\n\ngoroutine 1 [running]:\nmain." + key + "()\n\t/" + person + ".go:1 +0x1 pc=0x1\n\n")
}

func dieInGoroutine() {
	go func() {
		_ = []string{key, person}[len(os.Args)+9]
	}()
	select {}
}

func dieOfNil() {
	var h *holder
	h.Key = key
}

func dieOfMap() {
	m := map[string]string{key: person}
	for range 2 {
		go func() {
			for {
				m[key] = person
			}
		}()
	}
	for {
		m[person] = key
	}
}

func dieOfRecursion() {
	debug.SetMaxStack(1 << 20) // else it takes a gigabyte
	recurse(key)
}

func recurse(text string) int { return recurse(text) + len(text) }

func dieTwice() {
	defer func() { panic(fmt.Sprint(recover(), person)) }()
	panic(key)
}

func TestMain(m *testing.M) {
	folder := Folder(os.Getenv(folderVariable))
	way, dying := ways[os.Getenv(wayVariable)]
	switch {
	case len(os.Args) == 2 && os.Args[1] == "watch":
		if err := folder.Read(os.Stdin, "Program 1.2.3", time.Now); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	case dying && os.Getenv(fileVariable) != "":
		if err := writeTo(os.Getenv(fileVariable)); err != nil {
			panic(err)
		}
		way.die()
	case dying || os.Getenv(wayVariable) == "none":
		if err := Watch("watch"); err != nil {
			panic(err)
		}
		if dying {
			way.die()
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// newFolder makes a folder for one test. Wine cannot remove it as t.TempDir would, and that is no failure.
func newFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "crash")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// run runs the test's program in one of the ways to die, and returns what it printed.
func run(t *testing.T, folder Folder, way string) string {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), wayVariable+"="+way, folderVariable+"="+string(folder))
	out, err := process.CombinedOutput()
	if (err == nil) != (way == "none") {
		t.Fatalf("%s: it ended with %v\n%s", way, err, out)
	}
	return string(out)
}

// report waits for the watcher, which ends after the program, to have kept a report.
func report(t *testing.T, folder Folder) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for _, name := range folder.Reports() {
			if text, err := os.ReadFile(filepath.Join(string(folder), name)); err == nil && strings.Count(string(text), "\n") > 5 {
				return string(text)
			}
		}
	}
	t.Fatal("there is no report")
	return ""
}

// A program that dies, in whatever way, leaves a report that says where, and nothing that is somebody's.
func TestEveryWayToDie(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			folder := Folder(filepath.Join(newFolder(t), "cache", "crashes"))
			run(t, folder, name)
			text := report(t, folder)
			if !strings.Contains(text, "\n"+way.kind) || !strings.Contains(text, way.place) {
				t.Errorf("it does not say %q at %q:\n%s", way.kind, way.place, text)
			}
			about := "Program 1.2.3\n" + runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH
			if !strings.HasPrefix(text, about) {
				t.Errorf("it does not begin with %q:\n%s", about, text)
			}
			holdsNothing(t, text)
		})
	}
}

// writeTo has Go's runtime write to a file when this process dies.
func writeTo(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	debug.SetTraceback("system")
	return debug.SetCrashOutput(file, debug.CrashOptions{})
}

// This is why there is a second process. Without it, Go's runtime would have to write to a file that the next start reads. It
// writes the value of a panic first, whatever that is, and nothing can take it out of the file before the next start.
func TestAFileWouldHoldTheValue(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(newFolder(t), "crash.txt")
			t.Setenv(fileVariable, path)
			run(t, "", name)
			text, err := os.ReadFile(path)
			if err != nil || !strings.Contains(string(text), "goroutine ") {
				t.Fatalf("the runtime wrote %q (%v)", text, err)
			}
			isOfAValue := way.kind == "panic: "+leftOut
			if holds := strings.Contains(string(text), key); holds != isOfAValue {
				t.Errorf("the key is in the file: %v, want %v:\n%s", holds, isOfAValue, text)
			}
		})
	}
}

// holdsNothing looks for what is somebody's, and at each line: what cannot be there cannot hold any.
func holdsNothing(t *testing.T, text string) {
	t.Helper()
	for _, word := range []string{key[:12], "NeverToBe", "0123456789", "Ada", "larkspur", "5f1b2c3d", "0x", "/gui/crash/", os.TempDir()} {
		if strings.Contains(text, word) {
			t.Errorf("%q is in\n%s", word, text)
		}
	}
	call := regexp.MustCompile(`^[\w./*()\[\]-]+ \w+\.(go|s):\d+$`)
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if i > 4 && !call.MatchString(line) {
			t.Errorf("line %d is not a call: %q", i, line)
		}
	}
}

// The line of the report is that of the source, also where the processor trapped.
func TestTheLineIsRight(t *testing.T) {
	folder := Folder(newFolder(t))
	source, err := os.ReadFile("crash_test.go")
	if err != nil {
		t.Skip("the source is not here")
	}
	line := 1 + strings.Count(string(source[:strings.Index(string(source), "\th.Key = key")]), "\n")
	run(t, folder, "nil")
	if text, want := report(t, folder), fmt.Sprintf("crash.dieOfNil crash_test.go:%d", line); !strings.Contains(text, want) {
		t.Errorf("it does not say %q:\n%s", want, text)
	}
}

// A program that ends as it should leaves nothing, not even a folder.
func TestNoReportWithoutACrash(t *testing.T) {
	folder := Folder(filepath.Join(newFolder(t), "crashes"))
	run(t, folder, "none")
	if err := folder.Read(strings.NewReader(fmt.Sprintf("%s%x\n", offsetLine, landmark())), "Program", time.Now); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(string(folder)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a folder: %v", err)
	}
}

// What does not come from the program is neither kept nor repeated.
func TestNothingElseIsRead(t *testing.T) {
	folder := Folder(filepath.Join(newFolder(t), "crashes"))
	for _, text := range []string{"", "panic: " + key, key + "\npanic: " + key, offsetLine + key + "\npanic: x\n"} {
		err := folder.Read(strings.NewReader(text), "Program", time.Now)
		if err == nil || strings.Contains(err.Error(), key[:8]) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if found := folder.Reports(); len(found) > 0 {
		t.Errorf("kept: %v", found)
	}
}

// The last few are kept, readable by their owner alone, until they are removed.
func TestTheLastFewAreKept(t *testing.T) {
	folder := Folder(filepath.Join(newFolder(t), "crashes"))
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range maxReports + 2 {
		now := func() time.Time { return at.Add(time.Duration(i) * time.Minute) }
		if err := folder.Read(strings.NewReader(fmt.Sprintf("%s%x\npanic: x\n", offsetLine, landmark())), "Program", now); err != nil {
			t.Fatal(err)
		}
	}
	names := folder.Reports()
	if len(names) != maxReports || names[0] != "crash-20260102-031005.000.txt" || names[maxReports-1] != "crash-20260102-030605.000.txt" {
		t.Errorf("kept: %v", names)
	}
	info, err := os.Stat(filepath.Join(string(folder), names[0]))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	other := filepath.Join(string(folder), "other.txt")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := folder.Remove(); err != nil || len(folder.Reports()) != 0 {
		t.Errorf("%v: %v are left", err, folder.Reports())
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("what is not ours is gone")
	}
}
