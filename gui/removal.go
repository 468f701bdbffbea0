package gui

import (
	"context"
	"time"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// confirmRemove asks whether to remove a connection.
func (w *writer) confirmRemove(c connector.Connection) {
	if w.occupied[c.ID] {
		return
	}
	question := "remove"
	switch {
	case c.Several:
		question = "remove_several"
	case c.Unread():
		question = "remove_unread"
	}
	w.ask(question, words.Facts{"Name": w.connections.nameOf(c)}, func() { w.remove(c.ID) })
}

// undoTime is how long a removal can be undone.
const undoTime = 10 * time.Second

// remove takes a connection out of the list. It is deleted when the time to undo that is over, or when the window closes. If the program
// is killed before, the connection is still there.
func (w *writer) remove(id string) {
	w.deleteRemoved()
	c, known := w.connections.find(id)
	if !known {
		c = connector.Connection{ID: id}
	}
	stop := w.work.after(undoTime, w.deleteRemoved)
	w.connections.hide(id)
	hide := w.toast.Show(words.Text("removed.text"), undoTime, widgets.Action{Label: words.Text("removed.undo"), Icon: theme.ContentUndoIcon(), Do: w.undo})
	w.removed = &removal{c, func() { stop(); hide() }}
}

// removal is the removal of a connection that can still be undone.
type removal struct {
	connector.Connection
	stop func() // keeps the connection from being deleted, and hides the button that undoes
}

// undo puts back the connection that was removed.
func (w *writer) undo() {
	if r := w.removed; r != nil {
		w.removed = nil
		r.stop()
		w.connections.unhide(r.Connection)
		w.tell(opened{Connection: r.Connection})
	}
}

// deleteRemoved deletes the connection that was removed, if there is one: at once, or when the saves under way have ended.
func (w *writer) deleteRemoved() {
	if r := w.removed; r != nil {
		w.removed = nil
		r.stop()
		w.due = append(w.due, r.Connection)
	}
	w.deleteDue()
}

// deleteDue deletes what is due, unless a save is under way.
func (w *writer) deleteDue() {
	if w.saves == 0 {
		for _, c := range w.due {
			w.delete(c)
		}
		w.due = nil
	}
}

// finish makes the changes under way while the window closes, and deletes the connection that was removed. If that fails, the connection is
// still there. It also is if a save that may have gone into it was under way.
func (w *writer) finish() {
	for _, change := range w.updating {
		w.work.finish(func(ctx context.Context) { _, _ = (*change)(ctx) })
	}
	if r := w.removed; r != nil && w.saves == 0 {
		w.removed = nil
		r.stop()
		w.work.finish(func(ctx context.Context) { _ = w.c.Remove(ctx, r.ID) })
	}
}

// delete deletes a connection that is hidden, and shows it again if that fails.
func (w *writer) delete(c connector.Connection) {
	w.removing++
	w.setOccupied(c.ID, true)
	before, done := w.deleted, make(chan struct{})
	w.deleted = done
	w.work.startOnKeychain(func(ctx context.Context) {
		defer func() { <-before; close(done) }()
		err := w.c.Remove(ctx, c.ID)
		w.work.do(func() {
			w.removing--
			w.setOccupied(c.ID, false)
			if err != nil {
				w.connections.unhide(c)
				w.failed(c, err, func() { w.removeAgain(c) })
				w.loader.load() // it may have been removed already
				return
			}
			w.connections.deleted(c.ID)
		})
	})
}

// removeAgain tries again to remove a connection. It reads it anew, and asks first if it was saved or checked since: it may have another
// key.
func (w *writer) removeAgain(c connector.Connection) {
	if w.occupied[c.ID] {
		return
	}
	w.removing++
	w.setOccupied(c.ID, true)
	w.work.startOnKeychain(func(ctx context.Context) {
		all, err := w.c.Connections(ctx, nil)
		w.work.do(func() {
			w.removing--
			w.setOccupied(c.ID, false)
			i := rowOf(all, c.ID)
			switch {
			case i < 0 && err != nil:
				w.failed(c, err, func() { w.removeAgain(c) })
			case i >= 0 && (all[i].KeyID != c.KeyID || all[i].Report.At.After(c.Report.At.Add(time.Second))): // kept times are rounded
				w.confirmRemove(all[i])
			default:
				w.remove(c.ID)
				w.deleteRemoved()
			}
		})
	})
}

// wipe removes everything, if the user is sure.
func (w *writer) wipe() {
	if !w.wiping {
		w.ask("wipe", nil, w.removeEverything)
	}
}

// removeEverything removes all that is kept, also what was removed and can still be undone.
func (w *writer) removeEverything() {
	if w.wiping {
		return
	}
	w.deleteRemoved()
	w.wiping = true
	w.banner.Hide(ownerWipe)
	w.tell(wiping{})
	w.removing++
	w.work.startOnKeychain(func(ctx context.Context) {
		err := w.c.RemoveEverything(ctx)
		w.work.do(func() {
			w.removing--
			w.wiping = false
			if err != nil {
				w.trouble(ownerWipe, err, w.wipe) // asks again: there may be more by then
				w.loader.load()                   // a part may be gone
				return
			}
			w.loader.set(nil)
			w.tell(wiped{})
			w.loader.load() // something may have been saved since
			w.inform("wiped", nil)
		})
	})
}
