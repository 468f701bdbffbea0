package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// sampleRow offers the keys of the demo's simulator.
func (f *form) sampleRow() fyne.CanvasObject {
	var names []string
	for _, s := range f.w.opts.Samples {
		names = append(names, words.Text("sample."+s.Name))
	}
	f.samples = widget.NewSelect(names, func(string) {
		if i := f.samples.SelectedIndex(); i >= 0 && !f.quiet {
			f.enter(f.w.opts.Samples[i])
		}
	})
	f.samples.PlaceHolder = words.Text("form.demo.sample")
	return container.NewBorder(nil, nil, widget.NewLabelWithStyle(words.Text("form.demo.text"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true}), nil, f.samples)
}

// enter fills the form with a sample.
func (f *form) enter(s Sample) {
	f.quiet = true
	f.organization.SetText(s.Organization)
	f.key.SetText(s.Key)
	f.quiet = false
	f.changed()
}

// clearSample clears the choice of a sample when another key is entered.
func (f *form) clearSample() {
	if f.samples == nil {
		return
	}
	if i := f.samples.SelectedIndex(); i >= 0 && f.w.opts.Samples[i].Key != f.key.Text {
		f.samples.ClearSelected()
	}
}

func (f *form) demoLink() fyne.CanvasObject {
	if f.w.opts.OpenDemo == nil {
		return layout.NewSpacer()
	}
	link := widgets.NewButton(words.Text("form.demo.try"), nil, f.openDemo)
	link.Importance = widget.LowImportance
	return link
}

// openDemo opens the demo's window beside this one.
func (f *form) openDemo() {
	f.w.work.start(func(context.Context) {
		if err := f.w.opts.OpenDemo(); err != nil {
			f.w.work.do(func() { f.w.inform("demo", nil) })
		}
	})
}

// useSample enters the first of the demo's keys.
func (f *form) useSample() {
	if f.saving.running {
		return
	}
	if !f.shown {
		f.open()
	}
	f.samples.SetSelectedIndex(0)
}
