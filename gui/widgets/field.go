package widgets

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
)

// longestField is how many characters a new field may hold. No name is so long.
const longestField = 200

// Clipboard is the clipboard of a field. Its methods return at once, and call their functions later on the window's thread.
type Clipboard interface {
	// Read calls use with the text on the clipboard.
	Read(use func(string))
	// Put copies a secret. It calls done, which gets whether the secret is marked as one, and cleared when the clipboard is cleared.
	Put(s secret.Secret, done func(marked bool), cleared func())
	// PutText copies text that is not secret.
	PutText(text string, done func())
}

// Field is an entry with a limited length, because Fyne lays out the whole text again at each change. It pastes and copies without
// waiting for the clipboard.
type Field struct {
	widget.Entry
	Longest  int                             // how many characters it may hold
	OnPaste  func(pasted string, put Putter) // handles pasted text in place of the field; may be nil
	board    Clipboard
	secret   bool               // copies are marked as secret and cleared later
	onFocus  func(focused bool) // nil for nothing
	onUpDown func(fyne.KeyName) // takes the keys that move between rows; nil for nothing
	onAll    func() bool        // takes Ctrl+A, and reports whether it did something; nil for nothing
	OnEscape func()
}

// NewField makes a field.
func NewField(board Clipboard, placeholder string) *Field {
	f := &Field{board: board, Longest: longestField}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = placeholder
	f.Scroll = fyne.ScrollHorizontalOnly
	return f
}

// NewLines makes a field of several lines that holds this many characters. Tab leaves it, as any other field.
func NewLines(board Clipboard, placeholder string, longest int) *Field {
	f := NewField(board, placeholder)
	f.MultiLine, f.Longest, f.Scroll = true, longest, fyne.ScrollBoth
	return f
}

// AcceptsTab implements [fyne.Tabbable].
func (f *Field) AcceptsTab() bool { return false }

// FocusGained implements [fyne.Focusable].
func (f *Field) FocusGained() {
	f.Entry.FocusGained()
	if f.onFocus != nil {
		f.onFocus(true)
	}
}

// FocusLost implements [fyne.Focusable].
func (f *Field) FocusLost() {
	f.Entry.FocusLost()
	if f.onFocus != nil {
		f.onFocus(false)
	}
}

// TypedKey implements [fyne.Focusable].
func (f *Field) TypedKey(key *fyne.KeyEvent) {
	switch {
	case f.onUpDown != nil && slices.Contains([]fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown}, key.Name):
		f.onUpDown(key.Name)
	case key.Name != fyne.KeyEscape:
		f.Entry.TypedKey(key)
	case f.OnEscape != nil:
		f.OnEscape()
	default:
		escape(f)
	}
}

// TypedShortcut implements [fyne.Shortcutable]. The field's menu calls it, too.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutPaste:
		f.board.Read(func(text string) { f.receive(text, f.insert) })
	case *fyne.ShortcutCopy:
		f.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: relay{copied: func(text string) { f.keep(text, func() {}) }}})
	case *fyne.ShortcutCut:
		f.cut()
	case *fyne.ShortcutSelectAll:
		if f.onAll == nil || !f.onAll() {
			f.Entry.TypedShortcut(s)
		}
	default:
		f.Entry.TypedShortcut(s)
	}
}

// cut copies the selected text, and erases it once it is on the clipboard.
func (f *Field) cut() {
	erase := func(text string) {
		if f.SelectedText() == text {
			f.Entry.TypedShortcut(&fyne.ShortcutCut{Clipboard: relay{copied: func(string) {}}})
		}
	}
	copied := func(text string) { f.keep(text, func() { erase(text) }) }
	f.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: relay{copied: copied}})
}

// keep copies a part of the field's text, and calls done when it is on the clipboard.
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
func (f *Field) SetText(text string) { f.Entry.SetText(f.fit(text, f.Longest)) }

// Putter puts a text into a field. If whole is true, it puts blanks between the text and what is already there.
type Putter func(text string, whole bool)

// receive pastes a text, through OnPaste if it is set. If the field has been disabled, it pastes nothing.
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

// insert puts a text at the caret, in place of the selected text.
func (f *Field) insert(text string, whole bool) {
	if whole && f.SelectedText() != f.Text {
		text = " " + text + " "
	}
	f.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: relay{text: f.fit(text, f.room())}})
}

// room returns how many characters fit in at the caret.
func (f *Field) room() int {
	return f.Longest - utf8.RuneCountInString(f.Text) + utf8.RuneCountInString(f.SelectedText())
}

// fit returns the first n characters of a text. In a field of one line it has no line breaks; in one of several, it keeps these and tabs.
func (f *Field) fit(text string, n int) string {
	for at := range text {
		if n--; n < 0 {
			text = text[:at]
			break
		}
	}
	if !f.MultiLine {
		return printable.Typed(text)
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		for j, cell := range cells {
			cells[j] = printable.Typed(cell)
		}
		lines[i] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}

// relay replaces the clipboard when Fyne's entry copies or pastes, because the entry would wait on the window's thread.
type relay struct {
	text   string
	copied func(string)
}

// Content implements [fyne.Clipboard].
func (r relay) Content() string { return r.text }

// SetContent implements [fyne.Clipboard].
func (r relay) SetContent(text string) { r.copied(text) }
