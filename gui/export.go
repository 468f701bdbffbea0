package gui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/words"
)

// exportNow returns what asks for a folder, and writes the list of connections there as a table, without secrets; nil while not all are known.
func (u *UI) exportNow() func() {
	if len(u.connections.all) == 0 || u.loader.reading.running {
		return nil
	}
	return func() {
		u.chooseFolder(words.Text("export.title"), func(folder fyne.ListableURI, err error) {
			switch {
			case err != nil:
				u.unwritten(err)
			case folder != nil:
				u.export(folder.Path())
			}
		})
	}
}

// export writes the table beside the window, and says where it is, or why it is not.
func (u *UI) export(folder string) {
	now, all := u.work.now(), u.connections.all
	u.work.start(func(context.Context) {
		rows := make([]connector.Row, len(all))
		for i, c := range all {
			rows[i] = connector.RowOf(c, now)
		}
		var table strings.Builder
		err := connector.WriteCSV(&table, rows)
		var file string
		if err == nil {
			file, err = writeNew(folder, "connections "+now.Format("2006-01-02"), ".csv", table.String())
		}
		u.work.do(func() {
			if err != nil {
				u.unwritten(err)
				return
			}
			u.tell(noted{words.Text("export.done", words.Facts{"Count": strconv.Itoa(len(rows)), "File": file})})
		})
	})
}

// unwritten says why the table could not be written.
func (u *UI) unwritten(err error) {
	u.say(words.Text("export.failed_title"), words.Text("export.failed", words.Facts{"Why": whyUnwritten(err)}))
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
