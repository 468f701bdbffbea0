//go:build linux || freebsd || netbsd || openbsd

package pasteboard

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jezek/xgb/xproto"

	"controlmap-jumpcloud/connector/secret"
)

// readTargets lists the forms of text, the best one first.
var readTargets = []string{"UTF8_STRING", "text/plain;charset=utf-8", "STRING"}

// read asks the clipboard's owner for text.
func read(ctx context.Context, limit int) (secret.Secret, error) {
	if onWayland() {
		return readWayland(ctx, limit)
	}
	d, err := openDisplay(append([]string{"INCR", "PASTED", "TARGETS"}, readTargets...)...)
	if err != nil {
		return secret.Secret{}, err
	}
	defer d.conn.Close()
	defer context.AfterFunc(ctx, d.conn.Close)() // ends waiting for events
	r := &reader{display: d, limit: limit}
	if r.from, err = d.owner(); err != nil {
		return secret.Secret{}, err
	}
	if r.from == 0 {
		return secret.Secret{}, ErrNoText
	}
	// Ask for an event when the owner's window ends. If it has ended already, no answer comes until the time limit.
	xproto.ChangeWindowAttributes(d.conn, r.from, xproto.CwEventMask, []uint32{xproto.EventMaskStructureNotify})
	targets, err := r.offered()
	if err != nil {
		return secret.Secret{}, err
	}
	for _, target := range targets {
		if data, err := r.as(target); err != nil || len(data) > 0 {
			return text(data, target, limit), err
		}
	}
	return secret.Secret{}, ErrNoText
}

// reader reads the clipboard of one owner.
type reader struct {
	*display
	from  xproto.Window
	limit int
}

// offered returns the readTargets that the owner offers, or all of them if the owner does not tell. Only offered
// forms are asked for: some owners send other data for a form that they do not have.
func (r *reader) offered() (targets []string, err error) {
	given, err := r.ask("TARGETS")
	if err != nil || given.Type != xproto.AtomAtom || given.Format != 32 {
		return readTargets, err
	}
	there := make(map[xproto.Atom]bool)
	for atoms := given.Value; len(atoms) >= 4; atoms = atoms[4:] {
		there[xproto.Atom(binary.LittleEndian.Uint32(atoms))] = true
	}
	for _, target := range readTargets {
		if there[r.atoms[target]] {
			targets = append(targets, target)
		}
	}
	return targets, nil
}

// as reads the content in one form. It returns nothing if the owner does not have it as text.
func (r *reader) as(target string) ([]byte, error) {
	given, err := r.ask(target)
	switch {
	case err != nil:
		return nil, err
	case given.Type == r.atoms["INCR"]:
		return r.inParts()
	case given.Format != 8:
		return nil, nil // not text
	}
	return given.Value, nil
}

// ask asks for one form, and returns the owner's answer, which is empty if the owner refuses.
func (r *reader) ask(target string) (*xproto.GetPropertyReply, error) {
	since, err := r.now()
	if err != nil {
		return nil, err
	}
	property := r.atoms["PASTED"]
	xproto.ConvertSelection(r.conn, r.window, r.atoms["CLIPBOARD"], r.atoms[target], property, since)
	var given xproto.Atom
	err = r.await(func(event any) bool {
		e, ok := event.(xproto.SelectionNotifyEvent)
		given = e.Property
		return ok && e.Target == r.atoms[target]
	})
	if err != nil || given == xproto.AtomNone {
		return &xproto.GetPropertyReply{}, err
	}
	return r.take()
}

// inParts reads content that the owner sends in pieces. The next piece comes when the former is deleted; an empty piece is the end.
func (r *reader) inParts() ([]byte, error) {
	var all []byte
	for len(all) < r.limit {
		err := r.await(func(event any) bool {
			e, ok := event.(xproto.PropertyNotifyEvent)
			return ok && e.Atom == r.atoms["PASTED"] && e.State == xproto.PropertyNewValue
		})
		if err != nil {
			return nil, err
		}
		part, err := r.take()
		if err != nil || len(part.Value) == 0 || part.Format != 8 {
			return all, err
		}
		all = append(all, part.Value...)
	}
	return all, nil
}

// take reads and deletes the window's property, up to the limit.
func (r *reader) take() (*xproto.GetPropertyReply, error) {
	got, err := xproto.GetProperty(r.conn, true, r.window, r.atoms["PASTED"], xproto.GetPropertyTypeAny, 0, uint32(r.limit/4+1)).Reply()
	if err != nil {
		return nil, fmt.Errorf("read the clipboard: %w", err)
	}
	return got, nil
}

// await waits for an event.
func (r *reader) await(is func(any) bool) error {
	for {
		event, err := r.conn.WaitForEvent()
		if event == nil && err == nil {
			return ErrUnanswered // the connection is closed
		}
		if e, ok := event.(xproto.DestroyNotifyEvent); ok && e.Window == r.from {
			return ErrUnanswered
		}
		if event != nil && is(event) {
			return nil
		}
	}
}

// text returns data in UTF-8, up to the limit.
func text(data []byte, target string, limit int) secret.Secret {
	if target == "STRING" { // Latin-1
		var wide []byte
		for _, c := range data {
			wide = utf8.AppendRune(wide, rune(c))
		}
		data = wide
	}
	return secret.New(strings.ToValidUTF8(string(data[:min(len(data), limit)]), ""))
}
