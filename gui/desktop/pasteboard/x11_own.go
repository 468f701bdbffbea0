//go:build linux || freebsd || netbsd || openbsd

package pasteboard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/jezek/xgb/xproto"

	"controlmap-jumpcloud/connector/secret"
)

// The mark. KeePassXC introduced it; KDE's Klipper, CopyQ and others do not keep what has it.
const (
	hint       = "x-kde-passwordManagerHint"
	hintSecret = "secret"
)

// textTargets are the names by which programs ask for text.
var textTargets = []string{"UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING", "TEXT"}

// put makes this program the owner of the clipboard.
func put(_ context.Context, s secret.Secret, marked bool) (Claim, error) {
	d, err := openDisplay(append([]string{"TARGETS", "MULTIPLE", hint}, textTargets...)...)
	if err != nil {
		return nil, err
	}
	c := &selection{display: d, held: s, marked: marked, over: make(chan struct{})}
	if err := c.own(); err != nil {
		d.conn.Close()
		return nil, fmt.Errorf("take the clipboard: %w", err)
	}
	go c.serve()
	return c, nil
}

// selection owns the X selection CLIPBOARD. Other programs ask the owner for its content, in one of the forms (targets) that the
// owner offers. The owner's duties are in chapter 2 of X's Inter-Client Communication Conventions.
type selection struct {
	*display
	since  xproto.Timestamp // since then it is the owner
	held   secret.Secret
	marked bool
	over   chan struct{} // closed when another program owns the clipboard, or the display is gone
}

// own makes the window the owner of the clipboard.
func (c *selection) own() error {
	var err error
	if c.since, err = c.now(); err != nil {
		return err
	}
	if err := xproto.SetSelectionOwnerChecked(c.conn, c.window, c.atoms["CLIPBOARD"], c.since).Check(); err != nil {
		return err
	}
	owner, err := c.owner()
	if err == nil && owner != c.window {
		err = errors.New("another program took it")
	}
	return err
}

// Release implements [Claim]. When the connection closes, the display itself removes the selection.
func (c *selection) Release() bool {
	select {
	case <-c.over:
		return false
	default:
	}
	owner, err := c.owner()
	c.conn.Close()
	<-c.over
	return err == nil && owner == c.window
}

// serve answers requests until another program owns the clipboard.
func (c *selection) serve() {
	defer close(c.over)
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

// answer answers a request, and sends the event that says so.
func (c *selection) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone { // from an old program
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

// give writes the content for a target into a property of a window. It returns false if the target is not offered.
func (c *selection) give(to xproto.Window, property, target xproto.Atom) bool {
	kind, format, data := c.content(target)
	if data == nil {
		return false
	}
	count := uint32(len(data) * 8 / int(format))
	xproto.ChangeProperty(c.conn, xproto.PropModeReplace, to, property, kind, format, count, data)
	return true
}

// giveAll gives each pair of target and property in the property list, and removes the pairs from it that are not offered.
func (c *selection) giveAll(to xproto.Window, list xproto.Atom) {
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

// content returns the data for a target, its type, and the size of its elements in bits. The data is nil if the target is not
// offered. Numbers are little-endian, as xgb has told the display.
func (c *selection) content(target xproto.Atom) (kind xproto.Atom, format byte, data []byte) {
	isText := func(name string) bool { return c.atoms[name] == target }
	switch {
	case target == c.atoms["TARGETS"]:
		for name, atom := range c.atoms {
			if name != "CLIPBOARD" && (name != hint || c.marked) {
				data = binary.LittleEndian.AppendUint32(data, uint32(atom))
			}
		}
		return xproto.AtomAtom, 32, data
	case target == c.atoms["TIMESTAMP"]:
		return xproto.AtomInteger, 32, binary.LittleEndian.AppendUint32(nil, uint32(c.since))
	case target == c.atoms[hint] && c.marked:
		return target, 8, []byte(hintSecret)
	case target == c.atoms["TEXT"]:
		return c.atoms["UTF8_STRING"], 8, []byte(c.held.Reveal())
	case slices.ContainsFunc(textTargets, isText):
		return target, 8, []byte(c.held.Reveal())
	}
	return 0, 0, nil
}
