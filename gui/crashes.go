package gui

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/gui/words"
)

// crashSeen is where the preferences hold the name of the newest report that the user knows of.
const crashSeen = "crash-seen"

// lookForCrashes offers the reports on earlier starts that died, until the user has said what is to become of them.
func (u *UI) lookForCrashes() {
	if u.opts.Crashes == "" {
		return
	}
	u.work.start(func(context.Context) {
		if reports := u.opts.Crashes.Reports(); len(reports) > 0 {
			u.work.do(func() {
				if reports[0] > u.app.Preferences().String(crashSeen) {
					u.offerCrash(reports[0])
				}
			})
		}
	})
}

func (u *UI) offerCrash(newest string) {
	seen := func() {
		u.work.start(func(context.Context) { u.app.Preferences().SetString(crashSeen, newest) }) // it waits for the disk
	}
	u.banner.show(ownerCrash, words.Text("crash.text"),
		action{words.Text("crash.open"), theme.FolderOpenIcon(), func() {
			u.offerCrash(newest) // which may yet be deleted
			u.openFolder(string(u.opts.Crashes))
		}},
		action{words.Text("crash.delete"), theme.DeleteIcon(), func() { seen(); u.removeCrashes() }},
		action{words.Text("crash.keep"), theme.ConfirmIcon(), seen})
}

func (u *UI) removeCrashes() {
	u.work.start(func(context.Context) {
		if err := u.opts.Crashes.Remove(); err != nil {
			u.work.do(func() {
				u.banner.show(ownerCrash, words.Text("crash.stays"),
					action{words.Text("crash.open"), theme.FolderOpenIcon(), func() { u.openFolder(string(u.opts.Crashes)) }},
					action{words.Text("crash.keep"), theme.ConfirmIcon(), func() {}})
			})
		}
	})
}

// openFolder opens a folder in the system's own window for files.
func (u *UI) openFolder(folder string) {
	path := filepath.ToSlash(folder)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // of Windows: file:///C:/…
	}
	if u.browse(&url.URL{Scheme: "file", Path: path}) != nil {
		u.inform("folder", words.Facts{"Folder": folder})
	}
}
