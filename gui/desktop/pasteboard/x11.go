//go:build (linux || freebsd || netbsd || openbsd) && !wayland

package pasteboard

import (
	"fmt"
	"io"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// display is a connection to the X display, with a window that is never shown: requests and answers about the clipboard go to and
// from a window.
type display struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom
}

// openDisplay connects, and looks up the numbers of names.
func openDisplay(names ...string) (*display, error) {
	if os.Getenv("FYNE_PLATFORM") == "wayland" {
		return nil, ErrUnsupported // the window is Wayland's, and Xwayland's clipboard another one
	}
	xgb.Logger.SetOutput(io.Discard) // it writes to the terminal else
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

// now is the display's time: it tells it with the change of a property.
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

// owner is the window that owns the clipboard; 0 where there is none.
func (d *display) owner() (xproto.Window, error) {
	reply, err := xproto.GetSelectionOwner(d.conn, d.atoms["CLIPBOARD"]).Reply()
	if err != nil {
		return 0, fmt.Errorf("ask who owns the clipboard: %w", err)
	}
	return reply.Owner, nil
}
