package widgets

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
)

// longestField is how many characters a field holds at first: more than any name has.
const longestField = 200

// Clipboard is where a field copies to and pastes from. Nothing waits for it: it answers later, on the window's thread.
type Clipboard interface {
	// Read calls use with the text on the clipboard.
	Read(use func(string))
	// Put copies a secret. It calls done with whether the secret is marked as one, and cleared once it has been cleared.
	Put(s secret.Secret, done func(marked bool), cleared func())
	// PutText copies what is no secret.
	PutText(text string, done func())
}

// Field is an entry that bounds its text, since Fyne lays out the whole text again for each change. It pastes and copies without waiting
// for the clipboard.
type Field struct {
	widget.Entry
	Longest  int                             // the length of the longest text, in characters
	OnPaste  func(pasted string, put Putter) // takes what is pasted, in place of the field; may be nil
	board    Clipboard
	secret   bool // what is copied from it is marked, and cleared later
	onFocus  func()
	OnEscape func()
}

// NewField makes a field. OnFocus is called when it gets the focus; it may be nil.
func NewField(board Clipboard, placeholder string, onFocus func()) *Field {
	f := &Field{board: board, onFocus: onFocus, Longest: longestField}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = placeholder
	f.Scroll = fyne.ScrollHorizontalOnly
	return f
}

// FocusGained implements [fyne.Focusable].
func (f *Field) FocusGained() {
	f.Entry.FocusGained()
	if f.onFocus != nil {
		f.onFocus()
	}
}

// TypedKey implements [fyne.Focusable].
func (f *Field) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && f.OnEscape != nil {
		f.OnEscape()
		return
	}
	f.Entry.TypedKey(key)
}

// TypedShortcut implements [fyne.Shortcutable]. The field's menu comes here, too.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutPaste:
		f.board.Read(func(text string) { f.receive(text, f.insert) })
	case *fyne.ShortcutCopy:
		f.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: relay{copied: func(text string) { f.keep(text, func() {}) }}})
	case *fyne.ShortcutCut:
		f.cut()
	default:
		f.Entry.TypedShortcut(s)
	}
}

// cut copies what is selected, and erases it once it is on the clipboard.
func (f *Field) cut() {
	erase := func(text string) {
		if f.SelectedText() == text {
			f.Entry.TypedShortcut(&fyne.ShortcutCut{Clipboard: relay{copied: func(string) {}}})
		}
	}
	copied := func(text string) { f.keep(text, func() { erase(text) }) }
	f.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: relay{copied: copied}})
}

// keep puts a part of the field's text on the clipboard, and calls done when it is there.
func (f *Field) keep(text string, done func()) {
	if f.secret {
		f.board.Put(secret.New(text), func(bool) { done() }, func() {})
		return
	}
	f.board.PutText(text, done)
}

// TypedRune implements [fyne.Focusable].
func (f *Field) TypedRune(r rune) {
	if f.room() > 0 {
		f.Entry.TypedRune(r)
	}
}

// SetText replaces the text.
func (f *Field) SetText(text string) { f.Entry.SetText(fit(text, f.Longest)) }

// Putter puts a text into a field. Where whole is true, the text is kept apart from what is there already by blanks.
type Putter func(text string, whole bool)

// receive takes a text from the clipboard. OnPaste may decide what of it is put in. A field that was disabled meanwhile takes nothing.
func (f *Field) receive(pasted string, put Putter) {
	if f.Disabled() {
		return
	}
	if f.OnPaste != nil {
		f.OnPaste(pasted, put)
		return
	}
	put(pasted, false)
}

// insert puts a text where the caret is, in place of what is selected.
func (f *Field) insert(text string, whole bool) {
	if whole && f.SelectedText() != f.Text {
		text = " " + text + " "
	}
	f.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: relay{text: fit(text, f.room())}})
}

// room is how many characters can be put where the caret is.
func (f *Field) room() int {
	return f.Longest - utf8.RuneCountInString(f.Text) + utf8.RuneCountInString(f.SelectedText())
}

// fit is the beginning of a text, of at most n characters, without line breaks.
func fit(text string, n int) string {
	for at := range text {
		if n--; n < 0 {
			text = text[:at]
			break
		}
	}
	return printable.Typed(text)
}

// relay stands in for the clipboard where Fyne's entry copies or pastes: it would ask on the window's thread.
type relay struct {
	text   string
	copied func(string)
}

// Content implements [fyne.Clipboard].
func (r relay) Content() string { return r.text }

// SetContent implements [fyne.Clipboard].
func (r relay) SetContent(text string) { r.copied(text) }

// SecretEntry is a field whose text is masked, with buttons to show or hide it, to paste, and to clear. What is
// shown is hidden again by a [Concealer].
type SecretEntry struct {
	*Field
	Toggle, Paste, Clear *Button
	Row                  *fyne.Container
	conceal              *Concealer
}

// NewSecretEntry makes an entry for a secret. OnFocus is called when it gets the focus.
func NewSecretEntry(board Clipboard, placeholder string, onFocus func(), conceal *Concealer) *SecretEntry {
	e := &SecretEntry{Field: NewField(board, placeholder, onFocus), conceal: conceal}
	e.Password, e.secret = true, true
	e.Longest = check.LongestEntry
	// An empty object in the place where Fyne would put its own eye: ours is a button, which the keyboard reaches.
	e.ActionItem = container.NewWithoutLayout()
	e.Toggle = NewButton("", theme.VisibilityIcon(), e.Flip)
	e.Paste = NewButton("", theme.ContentPasteIcon(), func() {
		board.Read(func(text string) { e.receive(text, func(text string, _ bool) { e.SetText(text) }) })
	})
	e.Clear = NewButton("", theme.ContentClearIcon(), func() { e.SetText("") })
	e.Row = container.NewBorder(nil, nil, nil, container.NewHBox(e.Toggle, e.Paste, e.Clear), e.Field)
	return e
}

// Flip shows what is hidden, or hides what is shown.
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
