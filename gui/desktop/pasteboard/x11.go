//go:build linux || freebsd || netbsd || openbsd

package pasteboard

import (
	"fmt"
	"io"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// display is a connection to the X display, with an invisible window: X sends requests and answers about the clipboard to a window.
type display struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom
}

// openDisplay connects to the display, and looks up the atoms with these names.
func openDisplay(names ...string) (*display, error) {
	if onWayland() {
		return nil, ErrUnsupported
	}
	xgb.Logger.SetOutput(io.Discard) // otherwise it writes to the terminal
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("reach the X display: %w", err)
	}
	d := &display{conn: conn, atoms: make(map[string]xproto.Atom)}
	if err := d.prepare(append([]string{"CLIPBOARD", "TIMESTAMP"}, names...)); err != nil {
		conn.Close()
		return nil, fmt.Errorf("prepare a window for the clipboard: %w", err)
	}
	return d, nil
}

func (d *display) prepare(names []string) error {
	for _, name := range names {
		reply, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		d.atoms[name] = reply.Atom
	}
	var err error
	if d.window, err = xproto.NewWindowId(d.conn); err != nil {
		return err
	}
	root := xproto.Setup(d.conn).DefaultScreen(d.conn).Root
	return xproto.CreateWindowChecked(d.conn, 0, d.window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
}

// now returns the display's time, which comes with the event for a changed property.
func (d *display) now() (xproto.Timestamp, error) {
	xproto.ChangeProperty(d.conn, xproto.PropModeAppend, d.window, d.atoms["TIMESTAMP"], xproto.AtomInteger, 32, 0, nil)
	for {
		event, err := d.conn.WaitForEvent()
		if e, ok := event.(xproto.PropertyNotifyEvent); ok {
			return e.Time, nil
		}
		if event == nil {
			return 0, fmt.Errorf("the display does not tell the time: %v", err)
		}
	}
}

// owner returns the window that owns the clipboard, or 0.
func (d *display) owner() (xproto.Window, error) {
	reply, err := xproto.GetSelectionOwner(d.conn, d.atoms["CLIPBOARD"]).Reply()
	if err != nil {
		return 0, fmt.Errorf("ask who owns the clipboard: %w", err)
	}
	return reply.Owner, nil
}
