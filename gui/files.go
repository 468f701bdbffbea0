package gui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/words"
)

// chooseFile asks for a file to read, with one of these extensions, and calls then with it: nil if the user has cancelled that. Fyne looks into
// folders, and opens the file, on the window's thread.
func (w *window) chooseFile(title string, extensions []string, then func(fyne.URIReadCloser, error)) {
	d := dialog.NewFileOpen(then, w.win)
	d.SetFilter(storage.NewExtensionFileFilter(extensions))
	w.showFiles(d, title, words.Text("files.open"))
}

// chooseFolder asks for a folder to write a file into, and calls then with it, or failed with why it cannot be used. It calls neither if the
// user cancels. Fyne's dialog to save a file is of no use: it empties a file that is there before the program is told of it (Fyne 2.8.1,
// storage.Writer in makeOpenButton), and a full disk would then cost the former file.
func (w *window) chooseFolder(title string, then func(folder string), failed func(error)) {
	w.showFiles(dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			failed(err)
		case folder != nil:
			then(folder.Path())
		}
	}, w.win), title, words.Text("files.save_here"))
}

func (w *window) showFiles(d *dialog.FileDialog, title, confirm string) {
	d.SetTitleText(title)
	d.SetConfirmText(confirm)
	d.SetDismissText(words.Text("form.cancel"))
	d.SetView(dialog.ListView)
	d.Show()
}

// writeNew writes a new file into a folder, and returns its path. If there is one of this name, the new one gets a number. The file has its name
// once all of it is written.
func writeNew(folder, name, extension, text string) (path string, err error) {
	temporary, err := os.CreateTemp(folder, ".*"+extension+"~")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.WriteString(text)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		path = filepath.Join(folder, name+extension)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s (%d)%s", name, n, extension))
		}
		place, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if err = errors.Join(place.Close(), os.Rename(temporary.Name(), path)); err != nil {
			_ = os.Remove(path)
		}
		return path, err
	}
}

// diskFull is what Windows calls a full disk: ERROR_DISK_FULL.
const diskFull = syscall.Errno(112)

// whyUnwritten says in the user's words why a file could not be written.
func whyUnwritten(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), runtime.GOOS == "windows" && errors.Is(err, diskFull):
		return words.Text("export.full")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return words.Text("export.not_permitted")
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err // the user knows which folder it is
	}
	return printable.Line(err.Error())
}
