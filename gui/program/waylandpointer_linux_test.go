package program

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// virtualPointer is a mouse for a Wayland session, by the protocol wlr-virtual-pointer-unstable-v1, which sway knows. Sway's own commands move
// a pointer that windows are not told of.
type virtualPointer struct {
	t      *testing.T
	conn   net.Conn
	screen image.Point // the size of the whole screen
	time   uint32      // of the last event, in ms
}

// The objects of the connection. The first one is there from the beginning.
const (
	wlDisplay = 1 + iota
	wlRegistry
	wlSynced
	wlPointers // zwlr_virtual_pointer_manager_v1
	wlPointer  // zwlr_virtual_pointer_v1
)

func newVirtualPointer(t *testing.T, screen image.Point) *virtualPointer {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), os.Getenv("WAYLAND_DISPLAY")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	p := &virtualPointer{t: t, conn: conn, screen: screen}
	p.send(wlDisplay, 1, uint32(wlRegistry))
	const manager = "zwlr_virtual_pointer_manager_v1"
	p.send(wlRegistry, 0, p.find(manager), manager, uint32(1), uint32(wlPointers))
	p.send(wlPointers, 0, uint32(0), uint32(wlPointer)) // for any seat
	p.moveTo(image.Point{})
	return p
}

// find returns the number of a global object.
func (p *virtualPointer) find(name string) uint32 {
	p.t.Helper()
	p.send(wlDisplay, 0, uint32(wlSynced))
	for head := make([]byte, 8); ; {
		if _, err := io.ReadFull(p.conn, head); err != nil {
			p.t.Fatal(err)
		}
		body := make([]byte, binary.NativeEndian.Uint16(head[6:])-8)
		if _, err := io.ReadFull(p.conn, body); err != nil {
			p.t.Fatal(err)
		}
		switch from := binary.NativeEndian.Uint32(head); {
		case from == wlRegistry && strings.Contains(string(body), name+"\x00"):
			return binary.NativeEndian.Uint32(body)
		case from == wlSynced:
			p.t.Fatalf("the session has no %s", name)
		}
	}
}

// send sends a request with these numbers and strings.
func (p *virtualPointer) send(object, opcode uint32, args ...any) {
	p.t.Helper()
	var body []byte
	for _, arg := range args {
		switch arg := arg.(type) {
		case uint32:
			body = binary.NativeEndian.AppendUint32(body, arg)
		case string:
			body = binary.NativeEndian.AppendUint32(body, uint32(len(arg)+1))
			body = append(body, arg...)
			body = append(body, make([]byte, 4-len(arg)%4)...) // the zero at the end, and the rest of the word
		default:
			panic(fmt.Sprintf("%T", arg))
		}
	}
	message := binary.NativeEndian.AppendUint32(nil, object)
	message = binary.NativeEndian.AppendUint32(message, uint32(len(body)+8)<<16|opcode)
	if _, err := p.conn.Write(append(message, body...)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *virtualPointer) moveTo(at image.Point) {
	p.t.Helper()
	p.time += 50
	p.send(wlPointer, 1, p.time, uint32(at.X), uint32(at.Y), uint32(p.screen.X), uint32(p.screen.Y))
	p.send(wlPointer, 4)
}

// click clicks a place on the screen with the left button.
func (p *virtualPointer) click(at image.Point) {
	p.t.Helper()
	p.moveTo(at)
	const left = 0x110
	for _, pressed := range []uint32{1, 0} {
		p.time += 50
		p.send(wlPointer, 2, p.time, uint32(left), pressed)
		p.send(wlPointer, 4)
	}
}
