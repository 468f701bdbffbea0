package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// reminders tells in notifications that keys will end, and shows above the screen the one whose key ends first, until it is answered. It
// belongs to the window's thread.
type reminders struct {
	w    *window
	told map[string]bool            // the reminders that were told, by their ids; the keychain has them too, unless it failed
	open []check.KeyInRegion        // the keys whose reminders nobody has answered
	mute map[check.KeyInRegion]bool // the keys that were muted, also by connections that are removed since
	text string                     // what is shown; "" for nothing
	now  []connector.Reminder       // all, as of the last look
}

func newReminders(w *window) *reminders {
	return &reminders{w: w, told: make(map[string]bool), mute: make(map[check.KeyInRegion]bool)}
}

// hear takes over what happened in the window.
func (r *reminders) hear(e event) {
	switch e.(type) {
	case connectionsRead, minutePassed:
		r.look()
	case connectionsChanged:
		if len(r.open) > 0 {
			r.settle()
		}
	case firstFrameShown:
		r.text = "" // the window may have been made anew, in another language
		r.settle()
	}
}

// look tells of the reminders that are due, all in one notification.
func (r *reminders) look() {
	r.settle()
	if !r.w.loader.loaded || r.w.loader.reading.running {
		return
	}
	var due []connector.Reminder
	var titles []string
	for _, c := range r.w.connections.all {
		if c.Reminded.Muted {
			r.mute[connector.Reminder{Connections: []connector.Connection{c}}.Key()] = true
		}
	}
	for _, one := range r.now {
		if one.Due(r.w.work.now()) && !r.told[one.ID()] && !r.mute[one.Key()] {
			title, _ := r.says(one)
			due, titles = append(due, one), append(titles, title)
		}
	}
	switch len(due) {
	case 0:
		return
	case 1:
		r.w.watcher.tell(r.says(due[0]))
	default:
		r.w.watcher.tell(words.Reminders(titles))
	}
	for _, one := range due {
		if !slices.Contains(r.open, one.Key()) {
			r.open = append(r.open, one.Key())
		}
		r.answer(one, connector.ReminderTold)
	}
	r.settle()
}

// says returns what a reminder says.
func (r *reminders) says(one connector.Reminder) (title, text string) {
	return words.Reminder(r.w.connections.nameOf(one.Connections[0]), len(one.Connections), one.Years, one.Report, r.w.work.now())
}

// settle shows the first of the reminders that nobody has answered, as it reads now, or none.
func (r *reminders) settle() {
	r.now = connector.Reminders(r.w.connections.all, r.w.work.now())
	for _, one := range r.now {
		if slices.Contains(r.open, one.Key()) {
			r.show(one)
			return
		}
	}
	if r.text != "" { // else it would be drawn each minute
		r.text = ""
		r.w.banner.Hide(ownerReminder)
	}
}

func (r *reminders) show(one connector.Reminder) {
	title, text := r.says(one)
	if text = title + ". " + text; text == r.text {
		return
	}
	r.text = text
	act := func(label string, icon fyne.Resource, do func()) widgets.Action {
		return widgets.Action{Label: label, Icon: icon, Do: func() {
			r.open = slices.DeleteFunc(r.open, func(key check.KeyInRegion) bool { return key == one.Key() })
			r.text = ""
			do()
			r.settle()
		}}
	}
	first := act(words.Text("reminder.show"), theme.VisibilityIcon(), func() { r.reveal(one.Connections[0].ID, false) })
	if len(one.Connections) > 1 { // no single one says what is to be done for all
		first = act(words.Text("details.replace"), theme.LoginIcon(), func() { r.reveal(one.Connections[0].ID, true) })
	}
	r.w.banner.Show(ownerReminder, text, first,
		act(words.Text("reminder.later"), theme.HistoryIcon(), func() { r.answer(one, connector.ReminderLater) }),
		act(words.Text("reminder.mute"), theme.VolumeMuteIcon(), func() { r.answer(one, connector.ReminderMuted) }))
}

// reveal shows a connection as it is now, or where its key is replaced.
func (r *reminders) reveal(id string, replace bool) {
	switch c, there := r.w.connections.find(id); {
	case there && replace:
		r.w.tell(keyWanted{c})
	case there:
		r.w.tell(opened{Connection: c})
	}
}

// answer keeps beside the window that a reminder was told, or what the user wants.
func (r *reminders) answer(one connector.Reminder, answer connector.ReminderAnswer) {
	r.told[one.ID()] = true
	if answer == connector.ReminderMuted {
		r.mute[one.Key()] = true
	}
	r.w.work.watch(func(ctx context.Context) {
		id, kept, err := r.w.c.AnswerReminder(ctx, one, answer)
		if err != nil {
			return // it is not told again until the next start
		}
		r.w.work.do(func() {
			if answer == connector.ReminderLater {
				delete(r.told, one.ID())
			}
			r.w.connections.change(id, func(c *connector.Connection) { c.Reminded = kept })
		})
	})
}
