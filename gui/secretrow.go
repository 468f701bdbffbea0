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

// secretRow shows a kept secret. The secret is masked, and only read when the user wants to see or copy it.
type secretRow struct {
	w          *window
	reader     secretReader // of the secret that the row is about now
	tell       func(string) // says what became of a copy
	value      *widget.Label
	toggle     *widgets.Button
	copy       *widgets.Button
	box        *fyne.Container
	off        bool // nothing may be done with the secret now
	showing    task // reads the secret to show it
	copying    task // reads the secret to copy it
	generation int  // increases whenever the row shows another secret
}

func newSecretRow(w *window, tell func(string)) *secretRow {
	r := &secretRow{w: w, tell: tell, value: widgets.Ellipsis(secret.Redacted)}
	r.showing = task{work: w.work, begin: w.work.startOnKeychain}
	r.copying = r.showing
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
	r.read(&r.showing, r.toggle, r.flip, func(s secret.Secret) {
		r.value.SetText(s.Reveal())
		r.toggle.SetText(words.Text("secret.hide"))
		r.toggle.SetIcon(theme.VisibilityOffIcon())
		r.w.conceal.Later(r, r.hide)
	})
}

func (r *secretRow) hide() {
	r.showing.drop()
	r.settle()
	r.w.conceal.Forget(r)
	r.value.SetText(secret.Redacted)
	r.toggle.SetText(words.Text("secret.show"))
	r.toggle.SetIcon(theme.VisibilityIcon())
}

// turn says that the row is about another secret now. Answers about the former one are dropped.
func (r *secretRow) turn(reader secretReader) {
	r.reader = reader
	r.generation++
	r.copying.drop()
	r.hide()
}

// setOff says whether nothing may be done with the secret now.
func (r *secretRow) setOff(off bool) {
	r.off = off
	r.settle()
}

// settle enables the buttons that can be pressed now. A button that waits for the keychain cannot.
func (r *secretRow) settle() {
	setEnabled(!r.off && !r.showing.running, r.toggle)
	setEnabled(!r.off && !r.copying.running, r.copy)
}

// toClipboard copies the secret, and clears the clipboard later if it still holds it.
func (r *secretRow) toClipboard() {
	r.read(&r.copying, r.copy, r.toClipboard, func(s secret.Secret) {
		of := r.generation
		r.w.clipboard.Put(s, func(marked bool) {
			key := map[bool]string{true: "status.copied", false: "status.copied_unmarked"}[marked]
			if of == r.generation {
				r.tell(words.Text(key, r.w.settings.facts()))
			}
		}, func() { r.tell(words.Text("status.cleared")) })
	})
}

// read reads the secret with a task and calls use with it, unless the task is dropped. Its button is off meanwhile: a second press would
// ask the keychain twice. A failure is shown with a button that calls retry.
func (r *secretRow) read(with *task, button *widgets.Button, retry func(), use func(secret.Secret)) {
	if button.Disabled() {
		return
	}
	read := r.reader
	with.start(func(ctx context.Context, _ func(func())) func() {
		s, err := read(ctx)
		return func() {
			r.settle()
			if err != nil {
				r.w.trouble(ownerDetails, err, retry, nil)
				return
			}
			use(s)
		}
	})
	r.settle()
}
