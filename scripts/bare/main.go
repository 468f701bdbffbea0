// Bare is a Fyne window with a small form and nothing behind it: what scripts/measure compares the app with.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("com.controlmap.connect.jumpcloud.bare")
	w := a.NewWindow("Bare")
	key := widget.NewPasswordEntry()
	w.SetContent(container.NewVBox(
		widget.NewForm(
			widget.NewFormItem("Region", widget.NewSelect([]string{"US", "EU"}, nil)),
			widget.NewFormItem("API key", key),
			widget.NewFormItem("Organization ID", widget.NewPasswordEntry()),
			widget.NewFormItem("Name", widget.NewEntry()),
		),
		widget.NewButton("Check", nil),
	))
	w.Resize(fyne.NewSize(1180, 800))
	w.Show()
	w.Canvas().Focus(key) // as in the app, but Fyne's caret blinks
	a.Run()
}
