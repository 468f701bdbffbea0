package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Heading is the title of a screen or a card.
func Heading(s string, size fyne.ThemeSizeName) *widget.Label {
	l := widget.NewLabelWithStyle(s, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = size
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Wrapped is text that takes as many lines as it needs.
func Wrapped(s string, importance widget.Importance) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	l.Importance = importance
	return l
}

// Ellipsis is one line of text that is cut where there is no room.
func Ellipsis(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Small is small, quiet text that takes as many lines as it needs.
func Small(s string) *widget.Label {
	l := Wrapped(s, widget.LowImportance)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// Caption is small, quiet text in one line.
func Caption(s string) *widget.Label {
	l := Ellipsis(s)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}
