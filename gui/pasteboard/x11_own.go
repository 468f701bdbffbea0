//go:build (linux || freebsd || netbsd || openbsd) && !wayland

package pasteboard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"controlmap-jumpcloud/connector/secret"
)

// The mark, with which KeePassXC began: KDE's Klipper, CopyQ and others keep nothing that is offered with it.
const (
	hint       = "x-kde-passwordManagerHint"
	hintSecret = "secret"
)

// textTargets are the names by which programs ask for text.
var textTargets = []string{"UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING", "TEXT"}

// Copy puts the secret on the clipboard. It stays there until something else is copied or the program ends.
func Copy(s secret.Secret) error {
	xgb.Logger.SetOutput(io.Discard) // it writes to the terminal else
	conn, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("reach the X display: %w", err)
	}
	c := &clipboard{conn: conn, held: s, atoms: make(map[string]xproto.Atom)}
	if err := c.own(); err != nil {
		conn.Close()
		return fmt.Errorf("take the clipboard: %w", err)
	}
	go c.serve()
	return nil
}

// clipboard owns the X selection of that name: who wants its content asks the owner for it, in one of the forms (targets)
// that the owner offers. What an owner has to do is in X's Inter-Client Communication Conventions, chapter 2.
type clipboard struct {
	conn   *xgb.Conn
	window xproto.Window
	since  xproto.Timestamp // when it became the owner
	held   secret.Secret
	atoms  map[string]xproto.Atom
}

// own makes a window, which is never shown, the owner of the clipboard.
func (c *clipboard) own() error {
	for _, name := range append([]string{"CLIPBOARD", "TARGETS", "TIMESTAMP", "MULTIPLE", hint}, textTargets...) {
		reply, err := xproto.InternAtom(c.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		c.atoms[name] = reply.Atom
	}
	var err error
	if c.window, err = xproto.NewWindowId(c.conn); err != nil {
		return err
	}
	root := xproto.Setup(c.conn).DefaultScreen(c.conn).Root
	err = xproto.CreateWindowChecked(c.conn, 0, c.window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		return err
	}
	if c.since, err = c.now(); err != nil {
		return err
	}
	if err := xproto.SetSelectionOwnerChecked(c.conn, c.window, c.atoms["CLIPBOARD"], c.since).Check(); err != nil {
		return err
	}
	owner, err := xproto.GetSelectionOwner(c.conn, c.atoms["CLIPBOARD"]).Reply()
	if err == nil && owner.Owner != c.window {
		err = errors.New("another program took it")
	}
	return err
}

// now is the display's time: it tells it with the change of a property.
func (c *clipboard) now() (xproto.Timestamp, error) {
	xproto.ChangeProperty(c.conn, xproto.PropModeAppend, c.window, c.atoms["TIMESTAMP"], xproto.AtomInteger, 32, 0, nil)
	for {
		event, err := c.conn.WaitForEvent()
		if e, ok := event.(xproto.PropertyNotifyEvent); ok {
			return e.Time, nil
		}
		if event == nil {
			return 0, fmt.Errorf("the display does not tell the time: %v", err)
		}
	}
}

// serve answers who asks, until another program owns the clipboard.
func (c *clipboard) serve() {
	defer c.conn.Close()
	for {
		event, err := c.conn.WaitForEvent()
		switch e := event.(type) {
		case xproto.SelectionRequestEvent:
			c.answer(e)
		case xproto.SelectionClearEvent:
			return
		case nil:
			if err == nil { // the display is gone
				return
			}
		}
	}
}

// answer gives what is asked for, and tells so.
func (c *clipboard) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone { // as old programs ask
		property = e.Target
	}
	if e.Target == c.atoms["MULTIPLE"] {
		c.giveAll(e.Requestor, property)
	} else if !c.give(e.Requestor, property, e.Target) {
		property = xproto.AtomNone
	}
	told := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(c.conn, false, e.Requestor, 0, string(told.Bytes()))
}

// give writes what a target is into a property of a window, and reports whether there is such a target.
func (c *clipboard) give(to xproto.Window, property, target xproto.Atom) bool {
	kind, format, data := c.content(target)
	if data == nil {
		return false
	}
	count := uint32(len(data) * 8 / int(format))
	xproto.ChangeProperty(c.conn, xproto.PropModeReplace, to, property, kind, format, count, data)
	return true
}

// giveAll does so for the pairs of target and property that are in the property list. Those that are not given are struck out
// there.
func (c *clipboard) giveAll(to xproto.Window, list xproto.Atom) {
	reply, err := xproto.GetProperty(c.conn, false, to, list, xproto.GetPropertyTypeAny, 0, 64).Reply()
	if err != nil || reply.Format != 32 {
		return
	}
	pairs := reply.Value
	for i := 0; i+8 <= len(pairs); i += 8 {
		target := xproto.Atom(binary.LittleEndian.Uint32(pairs[i:]))
		property := xproto.Atom(binary.LittleEndian.Uint32(pairs[i+4:]))
		if !c.give(to, property, target) {
			binary.LittleEndian.PutUint32(pairs[i+4:], xproto.AtomNone)
		}
	}
	xproto.ChangeProperty(c.conn, xproto.PropModeReplace, to, list, reply.Type, 32, uint32(len(pairs)/4), pairs)
}

// content is what is given for a target (numbers little end first, as xgb speaks with every display), its type, and the size of its elements in bits; no data for what is not offered.
func (c *clipboard) content(target xproto.Atom) (kind xproto.Atom, format byte, data []byte) {
	isText := func(name string) bool { return c.atoms[name] == target }
	switch {
	case target == c.atoms["TARGETS"]:
		for _, atom := range c.atoms {
			if atom != c.atoms["CLIPBOARD"] {
				data = binary.LittleEndian.AppendUint32(data, uint32(atom))
			}
		}
		return xproto.AtomAtom, 32, data
	case target == c.atoms["TIMESTAMP"]:
		return xproto.AtomInteger, 32, binary.LittleEndian.AppendUint32(nil, uint32(c.since))
	case target == c.atoms[hint]:
		return target, 8, []byte(hintSecret)
	case target == c.atoms["TEXT"]:
		return c.atoms["UTF8_STRING"], 8, []byte(c.held.Reveal())
	case slices.ContainsFunc(textTargets, isText):
		return target, 8, []byte(c.held.Reveal())
	}
	return 0, 0, nil
}
