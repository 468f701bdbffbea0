package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// newSamples offers the keys of the demo's simulator.
func (e *entries) newSamples() *widgets.Chips {
	var names []string
	for _, s := range e.w.opts.Samples {
		names = append(names, words.Text("sample."+s.Name))
	}
	return widgets.NewChips(names, e.enterSample)
}

// enterSample enters one of the demo's keys.
func (e *entries) enterSample(i int) {
	e.more.SetOpen(false)
	e.quietly(func() {
		e.organization.SetText(e.w.opts.Samples[i].Organization)
		e.key.SetText(e.w.opts.Samples[i].Key)
	})
	e.changed()
}

// clearSample marks no sample when another key is entered.
func (e *entries) clearSample() {
	if e.samples == nil {
		return
	}
	if i := e.samples.Chosen(); i >= 0 && e.w.opts.Samples[i].Key != e.key.Text {
		e.samples.Choose(-1)
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
	f.samples.Choose(0)
	f.enterSample(0)
}

// demoLink opens the demo's window beside this one.
func (f *form) demoLink() fyne.CanvasObject {
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
