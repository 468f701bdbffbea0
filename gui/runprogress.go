package gui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// runProgress says how far a run over many organizations or connections is: how many are done, how fast that goes, how long the others take.
// With it comes Cancel.
type runProgress struct {
	w      *window
	text   *widget.Label
	bar    *widgets.Bar
	cancel *widgets.Button
	tick   func() // stops the timer that shows it anew
}

func newRunProgress(w *window, cancel func()) *runProgress {
	r := &runProgress{w: w, text: widgets.Wrapped("", widget.MediumImportance), bar: widgets.NewBar(), tick: func() {}}
	r.cancel = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), cancel)
	return r
}

// beside lays it out with Cancel beside the line, and stacked with Cancel below it.
func (r *runProgress) beside() *fyne.Container {
	return container.NewBorder(nil, nil, nil, container.NewCenter(r.cancel), container.New(layout.NewCustomPaddedVBoxLayout(0), r.text, r.bar))
}

func (r *runProgress) stacked() *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(0), r.text, r.bar, r.cancel)
}

// wait says what is waited for before the run can begin.
func (r *runProgress) wait(text string) {
	r.text.SetText(text)
	r.bar.Hide()
}

// show says how far the run is.
func (r *runProgress) show(p pace) {
	r.text.SetText(paceInWords(p, r.w.work.now()))
	r.bar.Set(float32(p.done)/float32(max(1, p.count)), theme.ColorNamePrimary)
	r.bar.Show()
}

// follow calls show now, and then each second while the run goes on, for the time that is left.
func (r *runProgress) follow(run *task, show func()) {
	r.tick()
	if run.running {
		show()
		r.tick = r.w.work.after(time.Second, func() { r.follow(run, show) })
	}
}

// paceInWords says how far a run is.
func paceInWords(p pace, now time.Time) string {
	parts := []string{words.Text("run.progress", words.Counted(p.done, p.count))}
	if waited := p.stalled(now); waited > 0 {
		parts = append(parts, words.Text("run.waiting", words.Facts{"Wait": words.TimeLeft(waited)}))
	} else if p.done > 0 && p.perSecond(now) > 0 {
		parts = append(parts, rateInWords(p.perSecond(now)), words.Text("run.left", words.Facts{"Wait": words.TimeLeft(p.left(now))}))
	}
	return strings.Join(parts, " · ")
}

// rateInWords says how many are done in a second, or in a minute if these are few.
func rateInWords(perSecond float64) string {
	if perSecond < 1 {
		return words.Text("run.per_minute", words.Facts{"Rate": strconv.Itoa(max(1, int(perSecond*60+0.5)))})
	}
	return words.Text("run.per_second", words.Facts{"Rate": strings.Replace(fmt.Sprintf("%.1f", perSecond), ".", words.Text("format.decimal"), 1)})
}
