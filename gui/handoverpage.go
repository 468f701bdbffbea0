package gui

import (
	"context"

	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// offerPage offers the list as a page for somebody else who enters the connections in ControlMap. It holds no key.
func (h *handOvers) offerPage() {
	due := h.due.All()
	no := widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), func() {})
	text := widgets.NewButton(words.Text("handovers.page.copy"), theme.ContentCopyIcon(), func() { h.copyPage(due) })
	save := widgets.NewButton(words.Text("handovers.page.save"), theme.DocumentSaveIcon(), func() { h.savePage(due) })
	save.Importance = widget.HighImportance
	h.w.open(words.Text("handovers.page"), h.w.paragraph(words.Text("handovers.page.about")), no, text, save)
}

// pageOf makes the page. It may take a while: it runs beside the window.
func (w *window) pageOf(due []connector.Connection) words.HandOverPage {
	all := make([]words.HandOver, len(due))
	for i, c := range due {
		all[i] = words.HandOver{Name: c.Name, Organization: c.Organization, KeyID: c.KeyID, Report: c.Report, Tenant: c.HandOver.Tenant, Replaces: c.HandOver.Outdated}
	}
	return words.NewHandOverPage(all, w.work.now())
}

// copyPage copies the page as text. It is no secret, so that it stays on the clipboard.
func (h *handOvers) copyPage(due []connector.Connection) {
	h.w.work.start(func(context.Context) {
		text := h.w.pageOf(due).Text()
		h.w.work.do(func() {
			h.w.clipboard.PutText(text, func() { h.w.tell(noted{words.Text("handovers.page.copied")}) })
		})
	})
}

// savePage has the user choose a folder for the page, and writes it there.
func (h *handOvers) savePage(due []connector.Connection) {
	h.w.chooseFolder(words.Text("handovers.page.save"), func(folder string) { h.writePage(folder, due) }, h.pageUnsaved)
}

// writePage writes the page into a folder, beside the window.
func (h *handOvers) writePage(folder string, due []connector.Connection) {
	h.w.work.start(func(context.Context) {
		var path string
		content, err := h.w.pageOf(due).HTML()
		if err == nil {
			path, err = writeNew(folder, "controlmap-jumpcloud", ".html", string(content))
		}
		h.w.work.do(func() {
			if err != nil {
				h.pageUnsaved(err)
				return
			}
			h.pageSaved(path)
		})
	})
}

// pageSaved says where the page is, and offers to open it.
func (h *handOvers) pageSaved(path string) {
	done := widgets.NewButton(words.Text("settings.done"), theme.ConfirmIcon(), func() {})
	open := widgets.NewButton(words.Text("handovers.page.open"), theme.DocumentPrintIcon(), func() { h.w.openPage(storage.NewFileURI(path).String()) })
	open.Importance = widget.HighImportance
	h.w.open(words.Text("handovers.page.saved"), h.w.paragraph(path), done, open)
}

// pageUnsaved says why the page was not written.
func (h *handOvers) pageUnsaved(err error) {
	h.w.say(words.Text("handovers.page.unsaved"), words.Text("handovers.page.unsaved_text", words.Facts{"Why": whyUnwritten(err)}))
}
