package wire

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strings"
)

// NoAnswer returns an [Error] that says why a call got no answer. If the caller has cancelled, the error wraps context.Canceled.
// Req is the request and err the failure of [http.Client.Do].
func NoAnswer(req *http.Request, err error) error {
	ctx := req.Context()
	c := callOf(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("GET %s: %w", c.path, ctx.Err())
	}
	if held := (*Error)(nil); errors.As(err, &held) { // the gate did not let it through
		held.Path, held.Tries = c.path, c.tries()
		return held
	}
	e := &Error{Path: c.path, Kind: networkKind(ctx, err), Tries: c.tries(), Proxy: c.proxyHost(), Err: detail(err, req)}
	e.Certificate, e.Issuing = refusedCertificate(err)
	var unread *unreadableProxy
	switch {
	case errors.As(err, &unread):
		e.Setting = unread.setting
	case e.Kind == ErrProxyCertificate:
		e.Flaw = certificateKind(err)
	case e.Kind == ErrExhausted:
		e.Resource = exhausted(err)
	}
	return e
}

// networkKind says why there was no answer, or only a part of it. It returns one of the Err… values. Ctx is the context of the
// request, see [Begin].
func networkKind(ctx context.Context, err error) error {
	if kind := proxyKind(ctx, err); kind != nil {
		return kind
	}
	if exhausted(err) != "" {
		return ErrExhausted
	}
	if kind := encryptionKind(err); kind != nil {
		return kind
	}
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && !name.IsTimeout:
		return ErrNameNotFound
	case isTimeout(err):
		return ErrTimeout
	case isAny(err, noRoute...), isAny(err, noPorts...): // noPorts here means that the computer has no IPv6 address
		return ErrNoRoute
	case isAny(err, notPermitted...):
		return ErrNotPermitted
	case isAny(err, refused...):
		return ErrUnreachable
	case isBroken(err):
		return ErrBroken
	case isUnreadable(err):
		return ErrUnreadable
	}
	return ErrUnknown
}

func isAny(err error, kinds ...error) bool {
	return slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
}

// innermost returns the error at the bottom of err. Some errors of the standard library have no type, so only their text tells
// them apart.
func innermost(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

func isTimeout(err error) bool {
	var timeout net.Error
	return isAny(err, context.DeadlineExceeded, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// exhausted names what this computer has run out of, or returns "" if err is about something else. A failed look-up of a name
// holds the system's error only as text. If it could not open its own files, it says that there is no such name.
func exhausted(err error) string {
	var name *net.DNSError
	isLookUp := errors.As(err, &name)
	for _, resource := range []struct {
		name string
		is   []error
	}{{"files", noFiles}, {"memory", noMemory}} {
		if isAny(err, resource.is...) || isLookUp && slices.ContainsFunc(resource.is, func(e error) bool { return strings.Contains(name.Err, e.Error()) }) {
			return resource.name
		}
	}
	if isLookUp && !canOpenFiles() {
		return "files"
	}
	if isAny(err, noPorts...) && !toIPv6(err) {
		return "ports"
	}
	return ""
}

func canOpenFiles() bool {
	f, err := os.Open(os.DevNull)
	if err == nil {
		_ = f.Close()
	}
	return !isAny(err, noFiles...)
}

// toIPv6 reports whether err is about a connection to an IPv6 address. If the computer has no IPv6 address, the system's error
// is the same as when it has run out of ports.
func toIPv6(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) {
		return false
	}
	to, ok := op.Addr.(*net.TCPAddr)
	return ok && to.IP.To4() == nil
}

// encryptionKind says why the TLS handshake failed. It returns nil if err is about something else.
func encryptionKind(err error) error {
	var (
		op     *net.OpError
		record tls.RecordHeaderError
	)
	switch kind := certificateKind(err); {
	case kind != nil:
		return kind
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return ErrNotTLS
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"), // an alert
		strings.HasPrefix(innermost(err).Error(), "tls: "):
		return ErrTLS
	}
	return nil
}

// streamError matches net/http's error for a broken HTTP/2 stream, whose type is not exported. That error has a method As, which
// converts it to any type with these fields.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (streamError) Error() string { return "broken stream" }

// isBroken reports whether the connection or the HTTP/2 stream ended early.
func isBroken(err error) bool {
	var (
		op     *net.OpError
		stream streamError
	)
	if isAny(err, broken...) || isAny(err, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, errRepeated) || errors.As(err, &stream) {
		return true
	}
	if errors.As(err, &op) && (op.Op == "read" || op.Op == "write") {
		return true
	}
	text := innermost(err).Error() // HTTP/2's other errors have no type
	return strings.HasPrefix(text, "http2: ") || strings.HasPrefix(text, "connection error: ") ||
		strings.HasPrefix(text, "http: server closed idle connection")
}

// isUnreadable reports whether the answer breaks the rules of HTTP or of its compression.
func isUnreadable(err error) bool {
	var (
		header  textproto.ProtocolError
		corrupt flate.CorruptInputError
	)
	if isAny(err, gzip.ErrHeader, gzip.ErrChecksum) || errors.As(err, &header) || errors.As(err, &corrupt) {
		return true
	}
	return containsAny(err.Error(), // the rest has no type
		"malformed ", "headers exceeded", "informational response", "transport connection broken: ",
		"gzip: ", "parse Location header", "invalid byte in chunk length", "chunked ")
}
