package gui

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// exportInto exports the connections into the folder that the dialog opens on.
func (s *stage) exportInto() {
	s.t.Helper()
	s.menu("Connection", "Export as CSV…")
	s.tap("Save here")
}

// The connections are exported as a table without the key, and no file that is there is overwritten.
func TestExportingTheConnections(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	crowd(t, s, 3)
	s.reread()
	s.until("all are there", func() bool { return len(s.names()) == 3 })
	s.idle()
	folder := filepath.Dir(s.listFile("mine.txt", "mine").Path())
	name := "connections " + s.clock.Now().Format("2006-01-02")
	for _, file := range []string{name + ".csv", name + " (2).csv"} {
		s.exportInto()
		s.until("it is said", func() bool { return s.sees("3 connections are in " + filepath.Join(folder, file)) })
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil || len(rows) != 4 || rows[0][0] != "name" || rows[1][0] != "Client 0000" || strings.Contains(string(text), jumpcloudtest.SampleMultiTenantKey) {
			t.Errorf("%v\n%s", err, text)
		}
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 3 {
		t.Errorf("%d files are in the folder, %v", len(files), err)
	}
}

// A folder that cannot be written to is said, and nothing is left there.
func TestExportingInVain(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	crowd(t, s, 1)
	s.reread()
	s.until("it is there", func() bool { return len(s.names()) == 1 })
	s.export(filepath.Join(t.TempDir(), "gone"))
	s.until("it is said", func() bool { return s.sees("Not exported") })
	s.press("OK")
	for err, want := range map[error]string{&os.PathError{Op: "write", Err: syscall.ENOSPC}: "The disk is full.", &os.PathError{Op: "open", Err: syscall.EACCES}: "You may not write into this folder."} {
		if got := whyUnwritten(err); got != want {
			t.Errorf("%v is said as %q", err, got)
		}
	}
}

// Without connections there is nothing to export.
func TestNothingToExport(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.idle()
	if s.exportNow() != nil {
		t.Error("it is offered")
	}
}
