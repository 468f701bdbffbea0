package gui

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/secret"
)

// clipboardTime is how long a copied secret stays on the clipboard.
const clipboardTime = 45 * time.Second

// secretRow shows a kept secret: masked until asked, and then read from where it is kept.
type secretRow struct {
	u      *UI
	read   func(context.Context) (secret.Secret, error)
	value  *widget.Label
	toggle *widget.Button
	copy   *widget.Button
	box    *fyne.Container
	asked  int // counts requests to show: the answer to an older one is not shown
}

func newSecretRow(u *UI, read func(context.Context) (secret.Secret, error)) *secretRow {
	r := &secretRow{u: u, read: read, value: ellipsis(secret.Redacted)}
	r.value.TextStyle.Monospace = true
	r.value.Truncation, r.value.Wrapping = fyne.TextTruncateOff, fyne.TextWrapBreak // what is shown is shown whole
	r.toggle = widget.NewButtonWithIcon(text("secret.show"), theme.VisibilityIcon(), r.flip)
	r.copy = widget.NewButtonWithIcon(text("secret.copy"), theme.ContentCopyIcon(), r.toClipboard)
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
	r.withSecret(r.flip, func(s secret.Secret) {
		if asked != r.asked {
			return
		}
		r.value.SetText(s.Reveal())
		r.toggle.SetText(text("secret.hide"))
		r.toggle.SetIcon(theme.VisibilityOffIcon())
		r.u.conceal.later(r, r.hide)
	})
}

func (r *secretRow) hide() {
	r.asked++
	r.u.conceal.forget(r)
	r.value.SetText(secret.Redacted)
	r.toggle.SetText(text("secret.show"))
	r.toggle.SetIcon(theme.VisibilityIcon())
}

// toClipboard copies the secret, and clears the clipboard later if it still holds it.
func (r *secretRow) toClipboard() {
	r.withSecret(r.toClipboard, func(s secret.Secret) {
		clipboard := fyne.CurrentApp().Clipboard()
		clipboard.SetContent(s.Reveal())
		r.u.details().status.label.SetText(text("status.copied", facts{"Seconds": strconv.Itoa(int(clipboardTime.Seconds()))}))
		r.u.work.after(clipboardTime, func() {
			if s.Equal(secret.New(clipboard.Content())) {
				clipboard.SetContent("")
				r.u.details().status.label.SetText(text("status.cleared"))
			}
		})
	})
}

// withSecret reads the secret beside the window and hands it to use.
func (r *secretRow) withSecret(retry func(), use func(secret.Secret)) {
	r.u.work.start(func(ctx context.Context) {
		s, err := r.read(ctx)
		r.u.work.do(func() {
			if err != nil {
				r.u.trouble(err, retry, nil)
				return
			}
			use(s)
		})
	})
}
