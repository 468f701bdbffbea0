package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// heading is the title of a screen or a card.
func heading(s string, size fyne.ThemeSizeName) *widget.Label {
	l := widget.NewLabelWithStyle(s, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = size
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// wrapped is text that takes as many lines as it needs.
func wrapped(s string, importance widget.Importance) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	l.Importance = importance
	return l
}

// ellipsis is one line of text that is cut where there is no room.
func ellipsis(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// small is small, quiet text that takes as many lines as it needs.
func small(s string) *widget.Label {
	l := wrapped(s, widget.LowImportance)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// caption is small, quiet text in one line.
func caption(s string) *widget.Label {
	l := ellipsis(s)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}
