package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Heading makes the title of a screen or a card.
func Heading(s string, size fyne.ThemeSizeName) *widget.Label {
	l := widget.NewLabelWithStyle(s, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = size
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Wrapped makes text in as many lines as it needs.
func Wrapped(s string, importance widget.Importance) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	l.Importance = importance
	return l
}

// Ellipsis makes one line of text that is cut if it does not fit.
func Ellipsis(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Small makes small, quiet text in as many lines as it needs.
func Small(s string) *widget.Label {
	l := Wrapped(s, widget.LowImportance)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// Caption makes small, quiet text in one line that is cut if it does not fit.
func Caption(s string) *widget.Label {
	l := Ellipsis(s)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// Notice makes a quiet line with an icon, for what is true all the time.
func Notice(icon fyne.Resource, s string) fyne.CanvasObject {
	small := container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(theme.IconInlineSize())), widget.NewIcon(theme.NewDisabledResource(icon)))
	return container.NewBorder(nil, nil, container.NewCenter(small), nil, Small(s))
}
