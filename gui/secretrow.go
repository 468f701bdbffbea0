package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// secretReader reads a secret from where it is kept. It may block.
type secretReader func(context.Context) (secret.Secret, error)

// secretRow shows a kept secret: masked until asked, and then read from where it is kept.
type secretRow struct {
	w       *window
	reader  func() secretReader // returns the reader for what is on the screen
	tell    func(string)        // says what became of a copy
	value   *widget.Label
	toggle  *widgets.Button
	copy    *widgets.Button
	box     *fyne.Container
	off     bool                     // nothing may be done with the secret now
	waiting map[*widgets.Button]bool // the buttons that wait for the keychain
	asked   int                      // counts requests to show; the answer to an older one is dropped
	page    int                      // increases when the row shows another secret; late answers for an older one are dropped
}

func newSecretRow(w *window, reader func() secretReader, tell func(string)) *secretRow {
	r := &secretRow{w: w, reader: reader, tell: tell, waiting: make(map[*widgets.Button]bool), value: widgets.Ellipsis(secret.Redacted)}
	r.value.TextStyle.Monospace = true
	r.value.Truncation, r.value.Wrapping = fyne.TextTruncateOff, fyne.TextWrapBreak // the whole secret is shown
	r.toggle = widgets.NewButton(words.Text("secret.show"), theme.VisibilityIcon(), r.flip)
	r.copy = widgets.NewButton(words.Text("secret.copy"), theme.ContentCopyIcon(), r.toClipboard)
	r.box = container.NewBorder(nil, nil, nil, container.NewHBox(r.toggle, r.copy), r.value)
	return r
}

func (r *secretRow) flip() {
	if r.value.Text != secret.Redacted {
		r.hide()
		return
	}
	r.asked++
	asked := r.asked
	r.withSecret(r.toggle, r.flip, func(s secret.Secret) {
		if asked != r.asked {
			return
		}
		r.value.SetText(s.Reveal())
		r.toggle.SetText(words.Text("secret.hide"))
		r.toggle.SetIcon(theme.VisibilityOffIcon())
		r.w.conceal.Later(r, r.hide)
	})
}

func (r *secretRow) hide() {
	r.asked++
	r.w.conceal.Forget(r)
	r.value.SetText(secret.Redacted)
	r.toggle.SetText(words.Text("secret.show"))
	r.toggle.SetIcon(theme.VisibilityIcon())
}

// turn says that the row shows another secret now.
func (r *secretRow) turn() {
	r.page++
	clear(r.waiting)
	r.settle()
	r.hide()
}

// setOff says whether nothing may be done with the secret now.
func (r *secretRow) setOff(off bool) {
	r.off = off
	r.settle()
}

// settle enables the buttons that may be pressed now: none while the row is off, and none that waits for the keychain.
func (r *secretRow) settle() {
	for _, b := range []*widgets.Button{r.toggle, r.copy} {
		if r.off || r.waiting[b] {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}

// toClipboard copies the secret, and clears the clipboard later if it still holds it.
func (r *secretRow) toClipboard() {
	r.withSecret(r.copy, r.toClipboard, func(s secret.Secret) {
		page := r.page
		r.w.clipboard.Put(s, func(marked bool) {
			key := map[bool]string{true: "status.copied", false: "status.copied_unmarked"}[marked]
			if page == r.page {
				r.tell(words.Text(key, r.w.settings.facts()))
			}
		}, func() { r.tell(words.Text("status.cleared")) })
	})
}

// withSecret reads the secret beside the window and calls use with it, unless the row shows another secret by then. The pressed button is
// off meanwhile: a second press would ask the keychain twice.
func (r *secretRow) withSecret(pressed *widgets.Button, retry func(), use func(secret.Secret)) {
	if pressed.Disabled() {
		return
	}
	r.waiting[pressed] = true
	r.settle()
	read, page := r.reader(), r.page
	r.w.work.startOnKeychain(func(ctx context.Context) {
		s, err := read(ctx)
		r.w.work.do(func() {
			if page != r.page {
				return
			}
			delete(r.waiting, pressed)
			r.settle()
			if err != nil {
				r.w.trouble(ownerDetails, err, retry, nil)
				return
			}
			use(s)
		})
	})
}
