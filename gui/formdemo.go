package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// newSamples makes the choice of the keys of the demo's simulator.
func (e *entries) newSamples() *widget.Select {
	var names []string
	for _, s := range e.w.opts.Samples {
		names = append(names, words.Text("sample."+s.Name))
	}
	samples := widget.NewSelect(names, func(string) {
		i := e.samples.SelectedIndex()
		if i < 0 || e.quiet {
			return
		}
		e.quietly(func() {
			e.organization.SetText(e.w.opts.Samples[i].Organization)
			e.key.SetText(e.w.opts.Samples[i].Key)
		})
		e.changed()
	})
	samples.PlaceHolder = words.Text("form.demo.sample")
	return samples
}

// clearSample clears the choice of a sample when another key is entered.
func (e *entries) clearSample() {
	if e.samples == nil {
		return
	}
	if i := e.samples.SelectedIndex(); i >= 0 && e.w.opts.Samples[i].Key != e.key.Text {
		e.samples.ClearSelected()
	}
}

// useSample enters the first of the demo's keys.
func (f *form) useSample() {
	if f.saver.running {
		return
	}
	if !f.shown {
		f.open()
	}
	f.samples.SetSelectedIndex(0)
}

// demoLink opens the demo's window beside this one. In the demo there is none.
func (f *form) demoLink() fyne.CanvasObject {
	if f.w.opts.OpenDemo == nil {
		return widgets.NewFlow()
	}
	link := widgets.NewButton(words.Text("form.demo.try"), nil, func() {
		f.w.work.start(func(context.Context) {
			if err := f.w.opts.OpenDemo(); err != nil {
				f.w.work.do(func() { f.w.inform("demo", nil) })
			}
		})
	})
	link.Importance = widget.LowImportance
	return widgets.NewFlow(link)
}
