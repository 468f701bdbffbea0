package gui

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// crashSeen is where the preferences hold the name of the newest report that the user knows of.
const crashSeen = "crash-seen"

// lookForCrashes offers the reports on crashes of earlier starts, until the user has decided what to do with them.
func (w *window) lookForCrashes() {
	if w.opts.Crashes == "" {
		return
	}
	w.work.start(func(context.Context) {
		if reports := w.opts.Crashes.Reports(); len(reports) > 0 {
			w.work.do(func() {
				if reports[0] > w.app.Preferences().String(crashSeen) {
					w.offerCrash(reports[0])
				}
			})
		}
	})
}

func (w *window) offerCrash(newest string) {
	seen := func() {
		w.work.start(func(context.Context) { w.app.Preferences().SetString(crashSeen, newest) }) // it waits for the disk
	}
	w.banner.Show(ownerCrash, words.Text("crash.text"),
		widgets.Action{Label: words.Text("crash.open"), Icon: theme.FolderOpenIcon(), Do: func() {
			w.offerCrash(newest) // the user may still delete them
			w.openFolder(string(w.opts.Crashes))
		}},
		widgets.Action{Label: words.Text("crash.delete"), Icon: theme.DeleteIcon(), Do: func() { seen(); w.removeCrashes() }},
		widgets.Action{Label: words.Text("crash.keep"), Icon: theme.ConfirmIcon(), Do: seen})
}

func (w *window) removeCrashes() {
	w.work.start(func(context.Context) {
		if err := w.opts.Crashes.Remove(); err != nil {
			w.work.do(func() {
				w.banner.Show(ownerCrash, words.Text("crash.stays"),
					widgets.Action{Label: words.Text("crash.open"), Icon: theme.FolderOpenIcon(), Do: func() { w.openFolder(string(w.opts.Crashes)) }},
					widgets.Action{Label: words.Text("crash.keep"), Icon: theme.ConfirmIcon(), Do: func() {}})
			})
		}
	})
}

// openFolder opens a folder in the system's own window for files.
func (w *window) openFolder(folder string) {
	path := filepath.ToSlash(folder)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // of Windows: file:///C:/…
	}
	if w.browse(&url.URL{Scheme: "file", Path: path}) != nil {
		w.inform("folder", words.Facts{"Folder": folder})
	}
}
