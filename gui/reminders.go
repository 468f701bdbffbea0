package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// reminders shows that a key will end: one key at a time, in a notification and above the screen. It belongs to the window's thread.
type reminders struct {
	w     *window
	shown *connector.Reminder
	title string          // of the shown one
	told  map[string]bool // the reminders that were shown, by their ids; the keychain has them too, unless it failed
}

func newReminders(w *window) *reminders { return &reminders{w: w, told: make(map[string]bool)} }

// hear takes over what happened in the window.
func (r *reminders) hear(e event) {
	switch e.(type) {
	case connectionsRead, minutePassed:
		r.look()
	case connectionsChanged:
		if r.shown != nil && !r.concerns(*r.shown) {
			r.hide()
		}
	case firstFrameShown:
		if r.shown != nil { // the window was made anew, in another language
			r.show()
		}
	}
}

// concerns reports whether a connection still has the key of a reminder.
func (r *reminders) concerns(one connector.Reminder) bool {
	return slices.ContainsFunc(r.w.connections.all, func(c connector.Connection) bool {
		return c.Region == one.Connections[0].Region && c.KeyID == one.Connections[0].KeyID
	})
}

// look shows the first reminder that is due, unless one is on the screen.
func (r *reminders) look() {
	if r.shown != nil {
		if title, _ := r.words(); title != r.title {
			r.show() // a day has passed
		}
		return
	}
	if !r.w.loader.loaded || r.w.loader.reading.running {
		return
	}
	for _, due := range connector.Reminders(r.w.connections.all, r.w.work.now()) {
		if !r.told[due.ID()] {
			r.shown = &due
			r.show()
			r.w.watcher.notify(r.words())
			r.answer(due, connector.ReminderTold)
			return
		}
	}
}

// words returns what the reminder says.
func (r *reminders) words() (title, text string) {
	all := r.shown.Connections
	return words.Reminder(r.w.connections.nameOf(all[0]), len(all), r.shown.Years, r.shown.Report, r.w.work.now())
}

// show shows the reminder above the screen.
func (r *reminders) show() {
	shown := *r.shown
	title, text := r.words()
	r.title = title
	act := func(label string, icon fyne.Resource, do func()) widgets.Action {
		return widgets.Action{Label: label, Icon: icon, Do: func() { r.shown = nil; do() }}
	}
	r.w.banner.Show(ownerReminder, title+". "+text,
		act(words.Text("reminder.show"), theme.VisibilityIcon(), func() { r.w.tell(opened{Connection: shown.Connections[0]}) }),
		act(words.Text("reminder.later"), theme.HistoryIcon(), func() { r.answer(shown, connector.ReminderLater) }),
		act(words.Text("reminder.mute"), theme.VolumeMuteIcon(), func() { r.answer(shown, connector.ReminderMuted) }))
}

func (r *reminders) hide() {
	r.shown = nil
	r.w.banner.Hide(ownerReminder)
}

// answer keeps beside the window that a reminder was shown, or what the user wants.
func (r *reminders) answer(one connector.Reminder, answer connector.ReminderAnswer) {
	r.told[one.ID()] = true
	r.w.work.watch(func(ctx context.Context) {
		id, kept, err := r.w.c.AnswerReminder(ctx, one, answer)
		if err != nil {
			return // it is not shown again until the next start
		}
		r.w.work.do(func() {
			if answer == connector.ReminderLater {
				delete(r.told, one.ID())
			}
			r.w.connections.change(id, func(c *connector.Connection) { c.Reminded = kept })
		})
	})
}
