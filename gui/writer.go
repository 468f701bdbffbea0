package gui

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
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
	undos    map[offered]func()     // takes back an offer to undo a change
}

func newWriter(w *window) *writer {
	none := make(chan struct{})
	close(none)
	return &writer{window: w, occupied: make(map[string]bool), deleted: none, undos: make(map[offered]func())}
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
				w.hideUndo(c.ID, nameText, noteText) // it has another id now
				w.connections.moved(c, saved)
			}
		})
	})
}

// rename asks for another name of a connection, and keeps it.
func (w *writer) rename(c connector.Connection) {
	field := widgets.NewField(w.clipboard, c.Organization.Name)
	field.SetText(c.Name)
	w.askText(words.Text("rename.title"), words.Text("rename.save"), field, field, func(name string) { w.changeName(c, name) })
}

// annotate asks for the note of a connection, and keeps it.
func (w *writer) annotate(c connector.Connection) {
	field := widgets.NewField(w.clipboard, words.Text("note.hint"))
	field.Longest = printable.Longest
	field.SetText(c.Note)
	hint := widgets.Small(words.Text("note.no_key"))
	save := w.askText(words.Text("note.title"), words.Text("note.save"), field, container.NewVBox(field, hint), func(note string) { w.changeNote(c, note) })
	field.OnChanged = func(note string) {
		holdsKey := check.HoldsKey(note)
		hint.Importance = widget.LowImportance
		if holdsKey {
			hint.Importance = widget.DangerImportance
		}
		hint.Refresh()
		setEnabled(!holdsKey, save)
	}
}

// askText has the user change the text of a field, and calls keep with it. Content holds the field. It returns the button that keeps the
// text.
func (w *writer) askText(title, action string, field *widgets.Field, content fyne.CanvasObject, keep func(string)) *widgets.Button {
	save := widgets.NewButton(action, theme.ConfirmIcon(), func() { keep(field.Text) })
	save.Importance = widget.HighImportance
	cancel := widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), func() {})
	w.open(title, container.New(widgets.Width(w.dialogWidth(420)), content), cancel, save)
	field.OnSubmitted = func(string) {
		if !save.Disabled() {
			save.OnTapped()
		}
	}
	field.OnEscape = func() { cancel.OnTapped() }
	w.win.Canvas().Focus(field)
	field.TypedShortcut(&fyne.ShortcutSelectAll{})
	return save
}

// changeName and changeNote keep what the user has typed, and offer to undo that.
func (w *writer) changeName(c connector.Connection, name string) { w.changeText(c, nameText, name) }
func (w *writer) changeNote(c connector.Connection, note string) { w.changeText(c, noteText, note) }

// ownText is a text of a connection that the user can change.
type ownText struct {
	done string // the key of the words for that it is changed
	in   func(*connector.Connection) *string
	keep func(context.Context, *connector.Connector, connector.Connection, string) (string, error)
}

var (
	nameText = &ownText{done: "rename.done", in: func(c *connector.Connection) *string { return &c.Name },
		keep: func(ctx context.Context, k *connector.Connector, c connector.Connection, name string) (string, error) {
			return k.Rename(ctx, c, name)
		}}
	noteText = &ownText{done: "note.done", in: func(c *connector.Connection) *string { return &c.Note },
		keep: func(ctx context.Context, k *connector.Connector, c connector.Connection, note string) (string, error) {
			return k.KeepNote(ctx, c.ID, note)
		}}
)

// changeText keeps a text of a connection, and offers to undo that.
func (w *writer) changeText(c connector.Connection, which *ownText, typed string) {
	w.update(c, w.keepText(c, which, typed), func() {
		if now, known := w.connections.find(c.ID); known && *which.in(&now) != *which.in(&c) {
			w.offerUndo(c, which, *which.in(&now))
		}
	})
}

// keepText is the change that keeps a text of a connection.
func (w *writer) keepText(c connector.Connection, which *ownText, text string) change {
	return func(ctx context.Context) (func(*connector.Connection), error) {
		kept, err := which.keep(ctx, w.c, c, text)
		return func(c *connector.Connection) { *which.in(c) = kept }, err
	}
}

// offered is what an offer to undo is about.
type offered struct {
	id    string
	which *ownText
}

// offerUndo says what was changed, and offers to put back what c has. The offer about an earlier change of the same text goes: it would undo
// this one, too.
func (w *writer) offerUndo(c connector.Connection, which *ownText, written string) {
	w.hideUndo(c.ID, which)
	undo := widgets.Action{Label: words.Text("removed.undo"), Icon: theme.ContentUndoIcon(), Do: func() { w.putBack(c, which, written) }}
	w.undos[offered{c.ID, which}] = w.toast.Show(words.Text(which.done), undoTime, undo)
}

// hideUndo takes back the offers to undo a change of these texts of a connection.
func (w *writer) hideUndo(id string, texts ...*ownText) {
	for _, which := range texts {
		if hide, is := w.undos[offered{id, which}]; is {
			hide()
			delete(w.undos, offered{id, which})
		}
	}
}

// putBack puts back a text of a connection, if what was written is still kept. What somebody else has written since stays.
func (w *writer) putBack(c connector.Connection, which *ownText, written string) {
	put := w.keepText(c, which, *which.in(&c))
	w.update(c, func(ctx context.Context) (func(*connector.Connection), error) {
		now, err := w.c.Kept(ctx, c.ID)
		if err == nil && *which.in(&now) != written {
			err = connector.ErrReplaced
		}
		if err != nil {
			return nil, err
		}
		return put(ctx)
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
				w.loader.load()
				w.tell(noted{words.Text("status.replaced")})
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

// beginSave deletes the connection that was removed, if there is one. The returned function runs save beside the window, once nothing is
// being deleted any more. Both keep what is saved from being deleted with a removed connection whose place it takes.
func (w *writer) beginSave(save func(context.Context) (connector.Connection, error)) func(context.Context) (connector.Connection, error) {
	wait, end := w.beginSaves()
	return func(ctx context.Context) (connector.Connection, error) {
		wait(ctx)
		saved, err := save(ctx)
		w.work.do(func() {
			if err == nil {
				w.keepSaved(saved)
			}
			end()
		})
		return saved, err
	}
}

// beginSaves does the same for several saves. Wait returns when nothing is being deleted any more; it is called beside the window. Until
// end, nothing else is deleted. What is saved has to be told to keepSaved.
func (w *writer) beginSaves() (wait func(context.Context), end func()) {
	w.deleteRemoved()
	w.saves++
	deleted := w.deleted
	wait = func(ctx context.Context) {
		select {
		case <-deleted:
		case <-ctx.Done():
		}
	}
	return wait, func() {
		w.saves--
		w.deleteDue()
	}
}

// keepSaved keeps what was saved from being deleted with a removed connection whose place it takes.
func (w *writer) keepSaved(saved connector.Connection) {
	if r := w.removed; r != nil && w.inPlaceOf(saved, r.Connection) {
		w.removed = nil
		r.stop()
	}
	w.due = slices.DeleteFunc(w.due, func(c connector.Connection) bool { return w.inPlaceOf(saved, c) })
}

// inPlaceOf reports whether a save may have taken the place of a removed connection, which must not be deleted then. It shows again what is
// in that place.
func (w *writer) inPlaceOf(saved, removed connector.Connection) bool {
	switch {
	case saved.ID == removed.ID:
		w.connections.unhide(saved)
	case removed.SessionOnly && !saved.SessionOnly && organizationOf(removed) == organizationOf(saved):
		w.connections.deleted(removed.ID) // the Connector goes on to call it by this ID, so that it must not be hidden
		w.loader.load()                   // it may be there yet
	default:
		return false
	}
	return true
}

// failed says why the keychain failed for a connection, with a button to try again. It names the connection, unless that is on the screen.
func (w *writer) failed(c connector.Connection, err error, retry func()) {
	name := ""
	if w.connections.current != c.ID {
		name = cmp.Or(w.connections.nameOf(c), c.ID)
	}
	w.troubleWith(ownerDetails, name, err, retry)
}
