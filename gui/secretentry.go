package gui

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

// longestField is how many characters a field holds unless it is told otherwise: more than any name has.
const longestField = 200

// field is an entry that says when it is entered, passes Esc on, and holds so much text and no more:
// Fyne lays out a whole text again for every change.
type field struct {
	widget.Entry
	longest  int // in characters
	onPaste  func(pasted string, put putter)
	board    *clipboard
	secret   bool // what is copied from it is marked, and cleared later
	onFocus  func()
	onEscape func()
}

func newField(board *clipboard, placeholder string, onFocus func()) *field {
	f := &field{board: board, onFocus: onFocus, longest: longestField}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = placeholder
	f.Scroll = fyne.ScrollHorizontalOnly
	return f
}

// FocusGained implements [fyne.Focusable].
func (f *field) FocusGained() {
	f.Entry.FocusGained()
	if f.onFocus != nil {
		f.onFocus()
	}
}

// TypedKey implements [fyne.Focusable].
func (f *field) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && f.onEscape != nil {
		f.onEscape()
		return
	}
	f.Entry.TypedKey(key)
}

// TypedShortcut implements [fyne.Shortcutable]. The field's menu comes here, too.
func (f *field) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutPaste:
		f.board.read(func(text string) { f.receive(text, f.insert) })
	case *fyne.ShortcutCopy:
		f.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: relay{copied: func(text string) { f.keep(text, func() {}) }}})
	case *fyne.ShortcutCut:
		f.cut()
	default:
		f.Entry.TypedShortcut(s)
	}
}

// cut copies what is selected, and erases it once it is on the clipboard.
func (f *field) cut() {
	erase := func(text string) {
		if f.SelectedText() == text {
			f.Entry.TypedShortcut(&fyne.ShortcutCut{Clipboard: relay{copied: func(string) {}}})
		}
	}
	copied := func(text string) { f.keep(text, func() { erase(text) }) }
	f.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: relay{copied: copied}})
}

// keep puts a part of the field's text on the clipboard, and calls done when it is there.
func (f *field) keep(text string, done func()) {
	if f.secret {
		f.board.put(secret.New(text), func(bool) { done() }, func() {})
		return
	}
	f.board.putText(text, done)
}

// TypedRune implements [fyne.Focusable].
func (f *field) TypedRune(r rune) {
	if f.room() > 0 {
		f.Entry.TypedRune(r)
	}
}

// SetText replaces the text.
func (f *field) SetText(text string) { f.Entry.SetText(fit(text, f.longest)) }

// putter puts a text into a field. A whole word does not touch what is there already.
type putter func(text string, whole bool)

// receive takes in a text from the clipboard. What of it is put in can be up to the screen. A field that was disabled meanwhile
// takes nothing.
func (f *field) receive(pasted string, put putter) {
	if f.Disabled() {
		return
	}
	if f.onPaste != nil {
		f.onPaste(pasted, put)
		return
	}
	put(pasted, false)
}

// insert puts a text where the caret is, in place of what is selected.
func (f *field) insert(text string, whole bool) {
	if whole && f.SelectedText() != f.Text {
		text = " " + text + " "
	}
	f.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: relay{text: fit(text, f.room())}})
}

// room is how many characters can be put where the caret is.
func (f *field) room() int {
	return f.longest - utf8.RuneCountInString(f.Text) + utf8.RuneCountInString(f.SelectedText())
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

// secretEntry is a field whose text is masked, with buttons to show or hide it, to paste, and to clear. What is
// shown hides again by itself, see [concealer].
type secretEntry struct {
	*field
	toggle, paste, clear *button
	row                  *fyne.Container
	conceal              *concealer
}

func newSecretEntry(board *clipboard, placeholder string, onFocus func(), conceal *concealer) *secretEntry {
	e := &secretEntry{field: newField(board, placeholder, onFocus), conceal: conceal}
	e.Password, e.secret = true, true
	e.longest = check.LongestEntry
	// An empty object in the place where Fyne would put its own eye: ours is a button, which the keyboard reaches.
	e.ActionItem = container.NewWithoutLayout()
	e.toggle = newButton("", theme.VisibilityIcon(), e.flip)
	e.paste = newButton("", theme.ContentPasteIcon(), func() {
		board.read(func(text string) { e.receive(text, func(text string, _ bool) { e.SetText(text) }) })
	})
	e.clear = newButton("", theme.ContentClearIcon(), func() { e.SetText("") })
	e.row = container.NewBorder(nil, nil, nil, container.NewHBox(e.toggle, e.paste, e.clear), e.field)
	return e
}

// flip shows what is hidden, or hides what is shown.
func (e *secretEntry) flip() {
	if !e.Password {
		e.hide()
		return
	}
	e.Password = false
	e.toggle.SetIcon(theme.VisibilityOffIcon())
	e.Refresh()
	e.conceal.later(e, e.hide)
}

func (e *secretEntry) hide() {
	e.conceal.forget(e)
	e.Password = true
	e.toggle.SetIcon(theme.VisibilityIcon())
	e.Refresh()
}
