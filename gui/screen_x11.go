//go:build (linux || freebsd || netbsd || openbsd) && !wayland

package gui

import (
	"fmt"
	"io"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// middle is where the middle of a window is on the display.
func middle(window uintptr) (x, y int, err error) {
	xgb.Logger.SetOutput(io.Discard) // it writes to the terminal else
	conn, err := xgb.NewConn()
	if err != nil {
		return 0, 0, fmt.Errorf("reach the X display: %w", err)
	}
	defer conn.Close()
	id := xproto.Window(window)
	size, err := xproto.GetGeometry(conn, xproto.Drawable(id)).Reply()
	if err != nil {
		return 0, 0, fmt.Errorf("ask for the window's size: %w", err)
	}
	at, err := xproto.TranslateCoordinates(conn, id, size.Root, int16(size.Width/2), int16(size.Height/2)).Reply()
	if err != nil {
		return 0, 0, fmt.Errorf("ask where the window is: %w", err)
	}
	return int(at.DstX), int(at.DstY), nil
}
