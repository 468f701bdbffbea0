package gui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

const (
	daysShown    = 90 // at most; fewer where there is no room for them
	changesShown = 5
)

// past shows how the checks of a connection ended: what has changed when, and a line of days.
type past struct {
	w       *window
	reading task
	all     []check.Past
	days    []check.Day
	err     error // why there is not more

	fold    *widgets.Fold
	trouble *widget.Label
	changes *fyne.Container
	line    *widgets.Days
	day     *widget.Label // says what was on the chosen day
}

func newPast(w *window) *past {
	p := &past{w: w, reading: task{work: w.work, begin: w.work.watch}, trouble: widgets.Small(""), day: widgets.Small(""),
		changes: container.New(layout.NewCustomPaddedVBoxLayout(-8))}
	p.line = widgets.NewDays(func(i int) { p.day.SetText(words.Day(p.days[i])) })
	content := container.NewVBox(p.trouble, p.changes, container.New(layout.NewCustomPaddedVBoxLayout(-4), p.line, p.day))
	p.fold = widgets.NewFold(words.Text("history.title"), nil, content)
	return p
}

// read reads and shows the history of a connection. Meanwhile it shows the former one, or nothing if that is of another connection.
func (p *past) read(id string, another bool) {
	p.reading.start(func(ctx context.Context, _ func(func())) func() {
		all, err := p.w.c.History(ctx, id)
		return func() { p.show(all, err) }
	})
	if another {
		p.show(nil, nil)
	}
}

// show shows a history, and why it is not whole.
func (p *past) show(all []check.Past, err error) {
	p.all, p.err = all, err
	p.changes.RemoveAll()
	changes := check.Changes(all)
	for _, c := range changes[:min(changesShown, len(changes))] {
		text := widgets.Small(words.Date(c.At) + " " + c.At.Local().Format("15:04") + " · " + words.Past(c.State, c.Cause))
		p.changes.Add(container.NewBorder(nil, nil, container.NewCenter(widget.NewIcon(widgets.StateIcon(c.State))), nil, text))
	}
	note := ""
	if len(changes) > 0 {
		note = words.Since(changes[0])
	}
	p.fold.SetTitle(theme.HistoryIcon(), words.Text("history.title"), note)
	setText(p.trouble, p.why())
	p.days = check.Days(all, p.w.work.now().Local(), daysShown)
	states := make([]check.State, len(p.days))
	for i, day := range p.days {
		states[i] = day.State
	}
	p.line.Set(states)
	p.day.SetText(words.Day(p.days[len(p.days)-1]))
}

// why says why there is not more; "" if all is there.
func (p *past) why() string {
	switch {
	case errors.Is(p.err, history.ErrUnreadable):
		return words.Text("history.lost")
	case errors.Is(p.err, history.ErrNewer):
		return words.Text("history.newer")
	case p.err != nil:
		return words.Text("history.unread")
	case len(p.all) == 0 && !p.reading.running:
		return words.Text("history.none")
	}
	return ""
}
