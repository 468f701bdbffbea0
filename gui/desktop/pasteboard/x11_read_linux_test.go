package pasteboard

import (
	"context"
	"encoding/binary"
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"controlmap-jumpcloud/connector/secret"
)

const limit = 64 << 10

// patience is how long a clipboard that answers may take, however busy the computer is.
const patience = time.Minute

// TestRead reads what a program that shares no code with ours has copied, and what programs give that do it badly.
func TestRead(t *testing.T) {
	onDisplay(t, func(t *testing.T) {
		reads(t, "nobody holds it", "", ErrNoText)
		for _, text := range []string{"a", made, "jca_TEST\nnext line\n", "Schlüssel 🗝 ключ", strings.Repeat("ü", limit/2)} {
			xclip(t, "UTF8_STRING", text)
			reads(t, "from xclip", text, nil)
		}
		xclip(t, "UTF8_STRING", strings.Repeat("0123456789", 10_000_000)) // it gives that in parts
		reads(t, "100 MB", strings.Repeat("0123456789", limit/10+1)[:limit], nil)
		xclip(t, "image/png", "\x89PNG")
		reads(t, "a picture", "", ErrNoText)
		copied(t, made)
		reads(t, "its own", made, nil)

		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.give(e, "STRING", 8, []byte("caf\xe9")) })
		reads(t, "Latin 1", "café", nil)
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.give(e, "UTF8_STRING", 8, []byte("a\xff\xfeb")) })
		reads(t, "what is no UTF-8", "ab", nil)
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.give(e, "UTF8_STRING", 8, nil) })
		reads(t, "an empty text", "", ErrNoText)
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.give(e, "UTF8_STRING", 32, make([]byte, 64)) })
		reads(t, "numbers for a text", "", ErrNoText)
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.give(e, "", 8, nil) })
		reads(t, "refused", "", ErrNoText)
	})
}

// TestNoAnswer tries programs that hold the clipboard and do not answer, or break off.
func TestNoAnswer(t *testing.T) {
	onDisplay(t, func(t *testing.T) {
		stopped := exec.Command("xclip", "-quiet", "-selection", "clipboard")
		stopped.Stdin = strings.NewReader("TEST")
		if err := stopped.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = stopped.Process.Kill(); _ = stopped.Wait() })
		reads(t, "before it is stopped", "TEST", nil)
		if err := stopped.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		isUnanswered(t, "stopped")
		copied(t, made) // takes it from a program that hangs
		reads(t, "after a copy", made, nil)

		holder(t, func(*display, xproto.SelectionRequestEvent) {})
		isUnanswered(t, "mute")
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.conn.Close() })
		reads(t, "ended when asked", "", ErrUnanswered)
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.parts(e) })
		isUnanswered(t, "silent after the first part")
		holder(t, func(h *display, e xproto.SelectionRequestEvent) { h.parts(e); h.conn.Close() })
		reads(t, "ended after the first part", "", ErrUnanswered)
	})
}

// reads waits until the clipboard reads so. A program that was just started may not hold the clipboard yet.
func reads(t *testing.T, what, want string, fails error) {
	t.Helper()
	until := time.Now().Add(patience)
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		got, err := System{}.Read(ctx, limit)
		timedOut := ctx.Err() != nil
		cancel()
		if errors.Is(err, fails) && got.Equal(secret.New(want)) && !timedOut {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%s: %d bytes, %v", what, len(got.Reveal()), err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// isUnanswered looks whether reading ends with the context.
func isUnanswered(t *testing.T, what string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if got, err := (System{}).Read(ctx, limit); !errors.Is(err, ErrUnanswered) || ctx.Err() == nil {
		t.Errorf("%s: %d bytes, %v", what, len(got.Reveal()), err)
	}
}

// xclip has another program copy a text in a form, and waits until that program holds the clipboard: xclip goes to the background
// before it does.
func xclip(t *testing.T, form, text string) {
	t.Helper()
	other := exec.Command("xclip", "-selection", "clipboard", "-t", form)
	other.Stdin = strings.NewReader(text)
	if err := other.Run(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		held, err := exec.Command("xclip", "-o", "-selection", "clipboard", "-t", form).Output()
		if err == nil && string(held) == text {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("what another program copies does not count: %d bytes, %v", len(held), err)
		}
	}
}

// holder makes a program's end of the display that owns the clipboard, and answers each request so.
func holder(t *testing.T, answer func(*display, xproto.SelectionRequestEvent)) {
	t.Helper()
	h, err := openDisplay("INCR", "UTF8_STRING", "STRING")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.conn.Close)
	if err := xproto.SetSelectionOwnerChecked(h.conn, h.window, h.atoms["CLIPBOARD"], xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			event, err := h.conn.WaitForEvent()
			if event == nil && err == nil {
				return
			}
			if e, ok := event.(xproto.SelectionRequestEvent); ok {
				answer(h, e)
			}
		}
	}()
}

// give answers a request with data if it is for this form, and else with a refusal.
func (d *display) give(e xproto.SelectionRequestEvent, form string, bits byte, data []byte) {
	property := e.Property
	if d.atoms[form] != e.Target || form == "" {
		property = xproto.AtomNone
	} else {
		xproto.ChangeProperty(d.conn, xproto.PropModeReplace, e.Requestor, property, e.Target, bits, uint32(len(data)*8/int(bits)), data)
	}
	told := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(d.conn, false, e.Requestor, 0, string(told.Bytes()))
}

// parts promises to answer in parts, and gives the first one.
func (d *display) parts(e xproto.SelectionRequestEvent) {
	xproto.ChangeProperty(d.conn, xproto.PropModeReplace, e.Requestor, e.Property, d.atoms["INCR"], 32, 1, binary.LittleEndian.AppendUint32(nil, 1000))
	told := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: e.Property}
	xproto.SendEvent(d.conn, false, e.Requestor, 0, string(told.Bytes()))
	for { // until the promise is taken
		left, err := xproto.GetProperty(d.conn, false, e.Requestor, e.Property, xproto.GetPropertyTypeAny, 0, 0).Reply()
		if err != nil || left.Type == xproto.AtomNone {
			break
		}
	}
	_ = xproto.ChangePropertyChecked(d.conn, xproto.PropModeReplace, e.Requestor, e.Property, d.atoms["UTF8_STRING"], 8, 3, []byte("abc")).Check()
}
