package gui

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"controlmap-jumpcloud/connector"
)

// writer saves and removes kept connections. It belongs to the window's thread.
type writer struct {
	*window
	occupied map[string]bool // the ids of connections that are being saved or removed
	removing int             // the removals under way
	wiping   bool            // everything is being removed
}

func newWriter(w *window) *writer { return &writer{window: w, occupied: make(map[string]bool)} }

// busy reports whether connections are being saved or removed.
func (w *writer) busy() bool { return len(w.occupied) > 0 || w.removing > 0 }

// atClose implements [keeper].
func (w *writer) atClose() closeQuestion {
	switch {
	case w.removing > 0:
		return stillRemoving
	case !w.opts.InMemory && slices.ContainsFunc(w.connections.all, func(c connector.Connection) bool { return c.SessionOnly }):
		return sessionEnds
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
	w.work.startOnKeychain(func(ctx context.Context) {
		saved, err := w.c.SaveFromSession(ctx, c.ID, options...)
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

// remove removes the connection with this id.
func (w *writer) remove(id string) {
	c, known := w.connections.find(id)
	if !known {
		c = connector.Connection{ID: id}
	}
	w.removing++
	w.setOccupied(id, true)
	w.work.startOnKeychain(func(ctx context.Context) {
		err := w.c.Remove(ctx, id)
		w.work.do(func() {
			w.removing--
			w.setOccupied(id, false)
			if err != nil {
				w.failed(c, err, func() { w.remove(id) })
				w.loader.load() // it may have been removed already
				return
			}
			w.connections.removed(id)
		})
	})
}

// failed says why the keychain failed for a connection, with a button to try again. It names the connection, unless that is on the screen.
func (w *writer) failed(c connector.Connection, err error, retry func()) {
	name := ""
	if w.connections.current != c.ID {
		name = cmp.Or(w.connections.nameOf(c), c.ID)
	}
	w.troubleWith(ownerDetails, name, err, retry, nil)
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
				w.trouble(ownerWipe, err, w.wipe, nil) // asks again: there may be more by then
				w.loader.load()                        // a part may be gone
				return
			}
			w.loader.set(nil)
			w.tell(wiped{})
			w.loader.load() // something may have been saved since
			w.inform("wiped", nil)
		})
	})
}
