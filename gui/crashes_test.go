package gui

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/crash"
	"controlmap-jumpcloud/gui/words"
)

// crashed puts a report into the folder.
func crashed(t *testing.T, folder crash.Folder, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(string(folder), name), []byte("report"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// newFolder makes a folder for one test. Wine cannot remove it as t.TempDir would, and that is no failure.
func newFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "crashes")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// offers opens a window and reports whether it speaks of a crash.
func offers(t *testing.T, folder crash.Folder) (*stage, bool) {
	t.Helper()
	s := open(t, keychain.Memory(), Options{Crashes: folder})
	s.settle()
	return s, s.sees("The app crashed the last time it ran.")
}

// A report is offered until the user has said what is to become of it, and then not again.
func TestAReportOfACrashIsOffered(t *testing.T) {
	fyne.CurrentApp().Preferences().RemoveValue(crashSeen)
	folder := crash.Folder(newFolder(t))
	page := "file://" + string(folder)
	if runtime.GOOS == "windows" {
		page = "file:///" + filepath.ToSlash(string(folder))
	}
	if _, offered := offers(t, folder); offered {
		t.Error("there is none, and it is offered")
	}
	crashed(t, folder, "crash-20260102-030405.000.txt")
	for range 2 { // nothing was said the first time
		s, offered := offers(t, folder)
		if !offered || !s.sees("The app crashed the last time it ran. A report on this computer says where in the program that happened. It holds no key, name or address, and is sent nowhere.") {
			t.Fatal("it is not offered")
		}
		if size := s.win.Content().MinSize(); size.Width > leastSize.Width || size.Height > leastSize.Height-menuHeight {
			t.Errorf("it needs %v", size)
		}
		s.press("Open its folder")
		if s.page != page || !s.sees("The app crashed the last time it ran.") {
			t.Errorf("opened %q", s.page)
		}
	}
	s, _ := offers(t, folder)
	s.press("Keep it")
	s.work.running.Wait()
	if _, offered := offers(t, folder); offered {
		t.Error("it is offered although it was to be kept")
	}
	crashed(t, folder, "crash-20260102-030406.000.txt")
	if s, offered := offers(t, folder); !offered {
		t.Error("a newer one is not offered")
	} else {
		s.press("Delete it")
		s.work.running.Wait()
	}
	if left := folder.Reports(); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

// Where nothing opens folders, the window says where it is.
func TestAFolderThatCannotBeOpened(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.browse = func(*url.URL) error { return errors.New("there is none") }
	s.openFolder("/where/it/is")
	for _, o := range test.LaidOutObjects(s.win.Canvas().Overlays().Top()) {
		if l, ok := o.(*widget.Label); ok && l.Text == words.Text("folder.text", words.Facts{"Folder": "/where/it/is"}) {
			return
		}
	}
	t.Error("it does not say where")
}
