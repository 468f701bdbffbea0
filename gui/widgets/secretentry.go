package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector/check"
)

// SecretEntry is a field with masked text, and buttons to show or hide it, to paste, and to clear. A [Concealer] hides the text
// again.
type SecretEntry struct {
	*Field
	Toggle, Paste, Clear *Button
	Row                  *fyne.Container
	words                SecretWords
	conceal              *Concealer
}

// SecretWords are the names of the buttons of a SecretEntry.
type SecretWords struct{ Show, Hide, Paste, Clear string }

// NewSecretEntry makes an entry for a secret.
func NewSecretEntry(board Clipboard, placeholder string, words SecretWords, conceal *Concealer) *SecretEntry {
	e := &SecretEntry{Field: NewField(board, placeholder), words: words, conceal: conceal}
	e.Password, e.secret = true, true
	e.Longest = check.LongestEntry
	// Without this empty object, Fyne would show its own eye, which the keyboard does not reach.
	e.ActionItem = container.NewWithoutLayout()
	e.Toggle = NewButton(words.Show, nil, e.Flip)
	e.Paste = NewButton(words.Paste, nil, func() {
		board.Read(func(text string) { e.receive(text, func(text string, _ bool) { e.SetText(text) }) })
	})
	e.Clear = NewButton(words.Clear, nil, func() { e.SetText("") })
	e.Row = container.NewBorder(nil, nil, nil, container.NewHBox(Steady(e.Toggle, words.Hide), e.Paste, e.Clear), e.Field)
	return e
}

// Flip shows the text if it is hidden, and hides it if it is shown.
func (e *SecretEntry) Flip() {
	if !e.Password {
		e.hide()
		return
	}
	e.Password = false
	e.Toggle.SetText(e.words.Hide)
	e.Refresh()
	e.conceal.Later(e, e.hide)
}

func (e *SecretEntry) hide() {
	e.conceal.Forget(e)
	e.Password = true
	e.Toggle.SetText(e.words.Show)
	e.Refresh()
}
