package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/check"
)

// SecretEntry is a field with masked text, and buttons to show or hide it, to paste, and to clear. A [Concealer] hides the text
// again.
type SecretEntry struct {
	*Field
	Toggle, Paste, Clear *Button
	Row                  *fyne.Container
	conceal              *Concealer
}

// NewSecretEntry makes an entry for a secret.
func NewSecretEntry(board Clipboard, placeholder string, conceal *Concealer) *SecretEntry {
	e := &SecretEntry{Field: NewField(board, placeholder), conceal: conceal}
	e.Password, e.secret = true, true
	e.Longest = check.LongestEntry
	// Without this empty object, Fyne would show its own eye, which the keyboard does not reach.
	e.ActionItem = container.NewWithoutLayout()
	e.Toggle = NewButton("", theme.VisibilityIcon(), e.Flip)
	e.Paste = NewButton("", theme.ContentPasteIcon(), func() {
		board.Read(func(text string) { e.receive(text, func(text string, _ bool) { e.SetText(text) }) })
	})
	e.Clear = NewButton("", theme.ContentClearIcon(), func() { e.SetText("") })
	e.Row = container.NewBorder(nil, nil, nil, container.NewHBox(e.Toggle, e.Paste, e.Clear), e.Field)
	return e
}

// Flip shows the text if it is hidden, and hides it if it is shown.
func (e *SecretEntry) Flip() {
	if !e.Password {
		e.hide()
		return
	}
	e.Password = false
	e.Toggle.SetIcon(theme.VisibilityOffIcon())
	e.Refresh()
	e.conceal.Later(e, e.hide)
}

func (e *SecretEntry) hide() {
	e.conceal.Forget(e)
	e.Password = true
	e.Toggle.SetIcon(theme.VisibilityIcon())
	e.Refresh()
}
