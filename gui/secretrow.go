package gui

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// secretReader reads a secret from where it is kept. It may block.
type secretReader func(context.Context) (secret.Secret, error)

// secretRow shows a kept secret in one line. The secret is masked, and only read when the user wants to see or copy it. What became of a
// copy is said in the row itself, so that nothing below it moves.
type secretRow struct {
	w          *window
	reader     secretReader // of the secret that the row is about now
	copied     func()       // called when the secret is on the clipboard; nil for nothing
	value      *widget.Label
	toggle     *widgets.Button
	copy       *widgets.Button
	box        *fyne.Container
	off        bool   // nothing may be done with the secret now
	isShown    bool   // the secret can be read
	mask       string // stands in the place of the secret; its last characters, once it has been read
	showing    task   // reads the secret to show it
	copying    task   // reads the secret to copy it
	generation int    // increases whenever the row shows another secret
	tick       func() // stops the timer that changes the words of the button
}

func newSecretRow(w *window) *secretRow {
	r := &secretRow{w: w, value: widget.NewLabel(""), mask: secret.Redacted, tick: func() {}}
	r.value.TextStyle.Monospace = true
	r.showing = task{work: w.work, begin: w.work.startOnKeychain}
	r.copying = r.showing
	r.toggle = widgets.NewButton(words.Text("secret.show"), theme.VisibilityIcon(), r.flip)
	r.copy = widgets.NewButton(words.Text("secret.copy"), theme.ContentCopyIcon(), r.toClipboard)
	buttons := container.NewHBox(widgets.Steady(r.toggle, words.Text("secret.hide")),
		widgets.Steady(r.copy, words.Text("secret.copied", words.Facts{"Seconds": "000"}), words.Text("secret.cleared")))
	r.box = container.NewBorder(nil, nil, nil, buttons, container.NewHScroll(r.value))
	r.hide()
	return r
}

func (r *secretRow) flip() {
	if r.isShown {
		r.hide()
		return
	}
	r.read(&r.showing, r.toggle, r.flip, func(s secret.Secret) {
		r.isShown = true
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
	r.isShown = false
	r.value.SetText(r.mask)
	r.toggle.SetText(words.Text("secret.show"))
	r.toggle.SetIcon(theme.VisibilityIcon())
}

// turn says that the row is about another secret now. Answers about the former one are dropped.
func (r *secretRow) turn(reader secretReader) {
	r.reader, r.mask = reader, secret.Redacted
	r.generation++
	r.copying.drop()
	r.rest()
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
		current := func(f func()) func() {
			return func() {
				if of == r.generation {
					f()
				}
			}
		}
		r.w.clipboard.Put(s, func(marked bool) { current(func() { r.onClipboard(marked) })() }, current(r.cleared))
	})
}

// turnTo has two rows read the key and the Organization ID of a connection.
func (w *window) turnTo(c connector.Connection, key, organization *secretRow) {
	id := secret.New(c.Organization.ID)
	key.turn(func(ctx context.Context) (secret.Secret, error) { return w.c.APIKey(ctx, c.ID) })
	organization.turn(func(context.Context) (secret.Secret, error) { return id, nil })
}

// onClipboard shows that the secret is on the clipboard, and for how long, until something else is copied here.
func (r *secretRow) onClipboard(marked bool) {
	r.w.clipboard.replaced = r.rest
	if !marked {
		r.w.tell(noted{words.Text("secret.unmarked")})
	}
	r.countDown(r.w.work.now().Add(r.w.settings.clipboardAfter()))
	if r.copied != nil {
		r.copied()
	}
}

// countDown shows how long the secret stays on the clipboard.
func (r *secretRow) countDown(until time.Time) {
	left := until.Sub(r.w.work.now()).Round(time.Second)
	if left <= 0 {
		r.rest() // the user has copied something else elsewhere
		return
	}
	r.copy.Say(words.Text("secret.copied", words.Facts{"Seconds": strconv.Itoa(int(left.Seconds()))}), theme.ConfirmIcon())
	r.tick()
	r.tick = r.w.work.after(time.Second, func() { r.countDown(until) })
}

// cleared shows for a while that the clipboard was cleared.
func (r *secretRow) cleared() {
	r.tick()
	r.w.confirm(r.copy, words.Text("secret.cleared"))
}

// rest shows that the secret can be copied.
func (r *secretRow) rest() {
	r.tick()
	r.copy.Rest()
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
				r.w.trouble(ownerDetails, err, retry)
				return
			}
			r.mask = check.KeyHint(s)
			if !r.isShown {
				r.value.SetText(r.mask)
			}
			use(s)
		}
	})
	r.settle()
}
