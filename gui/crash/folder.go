package crash

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Folder holds the reports, a file each.
type Folder string

// maxReports is how many reports are kept.
const maxReports = 5

// maxText is how many bytes of a crash's text are read. The goroutine that crashed is at its beginning.
const maxText = 4 << 20

// Read reads from the program's pipe until the program ends, and writes a report if it crashed. The report has the program's name and
// version.
func (f Folder) Read(in io.Reader, nameAndVersion string, now func() time.Time) error {
	text, err := io.ReadAll(io.LimitReader(in, maxText))
	if err != nil {
		return fmt.Errorf("read how the program ends: %w", err)
	}
	_, _ = io.Copy(io.Discard, in) // otherwise the program could not finish writing
	t, err := parse(string(text))
	if err != nil || t.kind == "" {
		return err
	}
	return f.keep(t, nameAndVersion, now().UTC())
}

// keep writes a report, and removes the oldest ones.
func (f Folder) keep(t trace, nameAndVersion string, now time.Time) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return fmt.Errorf("make the folder for crash reports: %w", err)
	}
	report := fmt.Sprintf("%s\n%s, %s/%s%s\n%s\n\n%s\n%s\n", nameAndVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		fyneVersion(), now.Format(time.RFC3339), t.kind, strings.Join(t.calls, "\n"))
	name := filepath.Join(string(f), now.Format("crash-20060102-150405.000")+".txt")
	if err := os.WriteFile(name, []byte(report), 0o600); err != nil {
		return fmt.Errorf("write a crash report: %w", err)
	}
	names := f.Reports()
	for _, old := range names[min(maxReports, len(names)):] {
		_ = os.Remove(filepath.Join(string(f), old))
	}
	return nil
}

// fyneVersion returns the version of Fyne, because the report may have calls of Fyne.
func fyneVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "fyne.io/fyne/v2" {
				return ", Fyne " + module.Version
			}
		}
	}
	return ""
}

// Reports returns the names of the files, the newest first.
func (f Folder) Reports() (names []string) {
	entries, _ := os.ReadDir(string(f)) // none if the folder cannot be read
	for _, e := range slices.Backward(entries) {
		if name := e.Name(); strings.HasPrefix(name, "crash-") && strings.HasSuffix(name, ".txt") {
			names = append(names, name)
		}
	}
	return names
}

// Remove removes the reports.
func (f Folder) Remove() error {
	for _, name := range f.Reports() {
		if err := os.Remove(filepath.Join(string(f), name)); err != nil {
			return fmt.Errorf("remove a crash report: %w", err)
		}
	}
	return nil
}
