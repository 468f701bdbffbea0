package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"controlmap-jumpcloud/gui/words"
)

// chooseFile asks for a file to read, with one of these extensions, and calls then with it: nil if the user has cancelled that. Fyne looks into
// folders, and opens the file, on the window's thread.
func (w *window) chooseFile(title string, extensions []string, then func(fyne.URIReadCloser, error)) {
	d := dialog.NewFileOpen(then, w.win)
	d.SetFilter(storage.NewExtensionFileFilter(extensions))
	w.showFiles(d, title, words.Text("files.open"))
}

// chooseFolder asks for a folder to write a file into. Fyne's dialog to save a file is of no use: it empties a file that is there before the
// program is told of it (Fyne 2.8.1, storage.Writer in makeOpenButton), and a full disk would then cost the former file.
func (w *window) chooseFolder(title string, then func(fyne.ListableURI, error)) {
	w.showFiles(dialog.NewFolderOpen(then, w.win), title, words.Text("files.save_here"))
}

func (w *window) showFiles(d *dialog.FileDialog, title, confirm string) {
	d.SetTitleText(title)
	d.SetConfirmText(confirm)
	d.SetDismissText(words.Text("form.cancel"))
	d.SetView(dialog.ListView)
	d.Show()
}
