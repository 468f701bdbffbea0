package wire

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Failed returns the error of a call that was answered. The kind is one of the Err… values of this package or of the service's.
func Failed(req *http.Request, resp *http.Response, kind error) *Error {
	c := callOf(req.Context())
	return &Error{Path: c.path, Kind: kind, Status: resp.StatusCode, Tries: c.tries(), RequestID: requestID(req, resp.Header),
		RetryAfter: retryAfter(resp), Proxy: c.proxyHost()}
}

// StatusKind returns the kind of a status that every service uses in the same way, or else [ErrStatus].
func StatusKind(status int) error {
	switch {
	case status == http.StatusProxyAuthRequired:
		return ErrProxyLogin
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusNetworkAuthenticationRequired:
		return ErrSignIn
	case status/100 == 5, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return ErrServer
	case status/100 == 2 && status != http.StatusOK:
		return ErrUnreadable // empty, or a part
	}
	return ErrStatus
}

// RedirectKind returns [ErrRedirected] with the host that a redirect leads to, or [ErrMoved] with the path on the same host.
func RedirectKind(req *http.Request, location string) (kind error, host, path string) {
	to, err := req.URL.Parse(location)
	if err != nil {
		return ErrRedirected, "", ""
	}
	if origin(to) != origin(req.URL) {
		return ErrRedirected, redact(to.Hostname(), req), ""
	}
	return ErrMoved, "", to.Path + to.Fragment
}

// origin returns the host and the port of an address, always in the same spelling.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")) + ":" + port
}

// maxText is how many bytes of an answer without data are read.
const maxText = 64 << 10

// ReadText returns the body of an answer without data, in lower case and without blanks before it.
func ReadText(resp *http.Response) string {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxText))
	return strings.ToLower(string(trimmed(body)))
}

// trimmed returns a body without the blanks and the byte order mark that may stand before it.
func trimmed(body []byte) []byte { return bytes.TrimLeft(body, byteOrderMark+" \t\r\n") }

const byteOrderMark = "\ufeff"

// IsMarkup reports whether a text is HTML or XML.
func IsMarkup(text string) bool { return strings.HasPrefix(text, "<") }

// IsJSON reports whether a text begins like a JSON object or list.
func IsJSON(text string) bool { return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") }

// maxBlank is how many blanks may stand before an answer's first letter. The first letter shows whether the answer is a page.
const maxBlank = 512

// IsPage reports whether a successful answer is a page or a text, and not JSON. The answer's body can be read afterwards, without
// its byte order mark.
func IsPage(resp *http.Response) bool {
	start := bufio.NewReaderSize(resp.Body, maxBlank)
	resp.Body = struct {
		io.Reader
		io.Closer
	}{start, resp.Body}
	head, _ := start.Peek(maxBlank) // reading the body returns its error again
	if bytes.HasPrefix(head, []byte(byteOrderMark)) {
		_, _ = start.Discard(len(byteOrderMark))
	}
	text, kind := string(trimmed(head)), strings.ToLower(resp.Header.Get("Content-Type"))
	isText := strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/xhtml")
	return IsMarkup(text) || isText && text != "" && !IsJSON(text)
}

// IsPacked reports whether an answer is compressed although the request did not ask for it. Net/http has decompressed the others.
func IsPacked(resp *http.Response) bool {
	packed := resp.Header.Get("Content-Encoding")
	return packed != "" && !strings.EqualFold(packed, "identity")
}

var errTrailing = errors.New("more data after the answer")

// Decode reads a successful answer, one JSON value of up to maxAnswer, into v. The error is an [Error], or wraps context.Canceled
// if the caller has cancelled.
func Decode(req *http.Request, resp *http.Response, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, maxAnswer))
	err := d.Decode(v)
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			return nil
		}
		if err == nil {
			err = errTrailing
		}
	}
	ctx, e := req.Context(), Failed(req, resp, ErrContract)
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
		tooLarge *http.MaxBytesError
	)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("GET %s: %w", e.Path, ctx.Err())
	case errors.As(err, &tooLarge):
		e.Kind = ErrTooLarge
	case errors.As(err, &mismatch):
		e.Field, e.Err = mismatch.Field, fmt.Errorf("is a JSON %s", mismatch.Value)
	case errors.As(err, &syntax):
		e.Err = errors.New("not JSON")
	case errors.Is(err, errTrailing):
		e.Err = err
	default:
		e.Kind, e.Err = networkKind(ctx, err), detail(err, req)
		if e.Kind == ErrBroken {
			e.Kind = ErrUnreadable // the answer had begun
		}
	}
	return e
}
