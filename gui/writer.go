package gui

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// writer saves and removes kept connections. It belongs to the window's thread.
type writer struct {
	*window
	occupied map[string]bool        // the ids of connections that are being saved or removed
	removed  *removal               // the removal that can still be undone
	due      []connector.Connection // removed, and to be deleted when no save is under way
	saves    int                    // the saves under way
	removing int                    // the removals under way
	deleted  chan struct{}          // closed when the deletions that have begun are done
	updating []*change              // the changes of a name or a hand-over under way
	wiping   bool                   // everything is being removed
}

func newWriter(w *window) *writer {
	none := make(chan struct{})
	close(none)
	return &writer{window: w, occupied: make(map[string]bool), deleted: none}
}

// busy reports whether connections are being saved or removed.
func (w *writer) busy() bool {
	return len(w.occupied) > 0 || w.removed != nil || w.saves > 0 || w.removing > 0 || len(w.updating) > 0
}

// atClose implements [keeper].
func (w *writer) atClose() closeQuestion {
	switch {
	case w.removing > 0:
		return stillRemoving
	case !w.opts.demo() && slices.ContainsFunc(w.connections.all, w.connections.forSession):
		return sessionEnds
	case len(w.updating) > 0:
		return stillChanging
	}
	return noQuestion
}

// setOccupied says whether a connection is being saved or removed.
func (w *writer) setOccupied(id string, is bool) {
	if is {
		w.occupied[id] = true
	} else {
		delete(w.occupied, id)
	}
	w.tell(occupied{id})
}

// saveFromSession moves a connection of the session into the system keychain.
func (w *writer) saveFromSession(c connector.Connection, options ...connector.SaveOption) {
	if w.occupied[c.ID] {
		return
	}
	w.setOccupied(c.ID, true)
	save := func(options ...connector.SaveOption) { w.saveFromSession(c, options...) }
	run := w.beginSave(func(ctx context.Context) (connector.Connection, error) {
		return w.c.SaveFromSession(ctx, c.ID, options...)
	})
	w.work.startOnKeychain(func(ctx context.Context) {
		saved, err := run(ctx)
		w.work.do(func() {
			w.setOccupied(c.ID, false)
			connected, ok := errors.AsType[*connector.ConnectedError](err)
			switch {
			case ok:
				keyQuestion{kept: connected.Kept, fresh: c, save: save, leave: func() {}}.ask(w.window)
			case err != nil:
				w.failed(c, err, func() { save(options...) })
			default:
				w.connections.moved(c, saved)
			}
		})
	})
}

// rename asks for another name of a connection, and keeps it.
func (w *writer) rename(c connector.Connection) {
	field := widgets.NewField(w.clipboard, c.Organization.Name)
	field.SetText(c.Name)
	save := widgets.NewButton(words.Text("rename.save"), theme.ConfirmIcon(), func() { w.keepName(c, field.Text) })
	save.Importance = widget.HighImportance
	cancel := widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), func() {})
	w.open(words.Text("rename.title"), container.New(widgets.Width(w.dialogWidth(420)), field), cancel, save)
	field.OnSubmitted, field.OnEscape = func(string) { save.OnTapped() }, func() { cancel.OnTapped() }
	w.win.Canvas().Focus(field)
	field.TypedShortcut(&fyne.ShortcutSelectAll{})
}

func (w *writer) keepName(c connector.Connection, name string) {
	w.update(c, func(ctx context.Context) (func(*connector.Connection), error) {
		kept, err := w.c.Rename(ctx, c, name)
		return func(c *connector.Connection) { c.Name = kept }, err
	}, func() {})
}

// keepTenant keeps the address of ControlMap with a connection.
func (w *writer) keepTenant(c connector.Connection, tenant string) {
	w.update(c, func(ctx context.Context) (func(*connector.Connection), error) {
		return func(c *connector.Connection) { c.HandOver.Tenant = tenant }, w.c.KeepTenant(ctx, c.ID, tenant)
	}, func() {})
}

// markHandedOver keeps that a connection was handed over, and calls done, also if that fails.
func (w *writer) markHandedOver(c connector.Connection, done func()) {
	w.update(c, func(ctx context.Context) (func(*connector.Connection), error) {
		marked, err := w.c.MarkHandedOver(ctx, c)
		return func(c *connector.Connection) { c.HandOver = marked }, err
	}, done)
}

// change changes what is kept of a connection, and returns what then has to be changed in what the window knows. It can be repeated.
type change func(context.Context) (func(*connector.Connection), error)

// update makes a change beside the window.
func (w *writer) update(c connector.Connection, do change, done func()) {
	this := &do
	w.updating = append(w.updating, this)
	w.work.startOnKeychain(func(ctx context.Context) {
		apply, err := do(ctx)
		w.work.do(func() {
			w.updating = slices.DeleteFunc(w.updating, func(other *change) bool { return other == this })
			switch {
			case errors.Is(err, connector.ErrReplaced):
				w.loader.load() // to show what is kept now
			case err != nil:
				w.failed(c, err, func() { w.update(c, do, done) })
			default:
				w.connections.change(c.ID, apply)
				if r := w.removed; r != nil && r.ID == c.ID {
					apply(&r.Connection) // for undo
				}
			}
			done()
		})
	})
}

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

// beginSave deletes the connection that was removed, if there is one. The returned function runs save beside the window, once nothing is
// being deleted any more. Both keep what is saved from being deleted with a removed connection whose place it takes.
func (w *writer) beginSave(save func(context.Context) (connector.Connection, error)) func(context.Context) (connector.Connection, error) {
	w.deleteRemoved()
	w.saves++
	deleted := w.deleted
	return func(ctx context.Context) (connector.Connection, error) {
		select {
		case <-deleted:
		case <-ctx.Done():
		}
		saved, err := save(ctx)
		w.work.do(func() { w.endSave(saved, err) })
		return saved, err
	}
}

// endSave takes over that a save has ended, and lets what was removed meanwhile be deleted, but for what was saved.
func (w *writer) endSave(saved connector.Connection, err error) {
	w.saves--
	if r := w.removed; r != nil && err == nil && w.took(saved, r.Connection) {
		w.removed = nil
		r.stop()
	}
	w.due = slices.DeleteFunc(w.due, func(c connector.Connection) bool { return err == nil && w.took(saved, c) })
	w.deleteDue()
}

// took reports whether a save may have taken the place of a removed connection. If so, that is not hidden any more: it is what was saved, or
// a connection of the session, which the Connector would go on to call by its former ID.
func (w *writer) took(saved, removed connector.Connection) bool {
	switch {
	case saved.ID == removed.ID:
		w.connections.unhide(saved)
	case removed.SessionOnly && !saved.SessionOnly && organizationOf(removed) == organizationOf(saved):
		w.connections.deleted(removed.ID)
		w.loader.load() // it may be there yet
	default:
		return false
	}
	return true
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

// failed says why the keychain failed for a connection, with a button to try again. It names the connection, unless that is on the screen.
func (w *writer) failed(c connector.Connection, err error, retry func()) {
	name := ""
	if w.connections.current != c.ID {
		name = cmp.Or(w.connections.nameOf(c), c.ID)
	}
	w.troubleWith(ownerDetails, name, err, retry)
}

// wipe removes everything, if the user is sure.
func (w *writer) wipe() {
	if !w.wiping {
		w.ask("wipe", nil, w.removeEverything)
	}
}

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
