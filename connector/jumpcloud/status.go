package jumpcloud

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

	"controlmap-jumpcloud/connector/wire"
)

// byteOrderMark may stand before a text in UTF-8.
var byteOrderMark = []byte("\ufeff")

// longestBlank is how many blanks may stand before an answer's first letter. The first letter shows whether the answer is a page.
const longestBlank = 512

// statusError returns nil for a success with data. Else it returns an error that says what the status and the body mean.
func statusError(path, proxy string, req *http.Request, resp *http.Response) error {
	e := &wire.Error{Path: path, Status: resp.StatusCode, RequestID: wire.RequestID(req, resp.Header),
		RetryAfter: wire.RetryAfter(resp), Proxy: proxy}
	switch status := resp.StatusCode; {
	case status == http.StatusOK:
		start := bufio.NewReaderSize(resp.Body, longestBlank)
		resp.Body = struct {
			io.Reader
			io.Closer
		}{start, resp.Body}
		head, _ := start.Peek(longestBlank) // its error comes again when the body is read
		if bytes.HasPrefix(head, byteOrderMark) {
			_, _ = start.Discard(len(byteOrderMark))
		}
		if e.Kind = packedKind(resp.Header); e.Kind == nil && !isPage(head, resp.Header) {
			return nil
		}
	case status/100 == 2:
		e.Kind = wire.ErrUnreadable // empty, or a part
	case status/100 == 3 && resp.Header.Get("Location") != "":
		e.Kind, e.Target = redirectKind(req, resp.Header.Get("Location"))
	case status/100 == 3:
		e.Kind = wire.ErrStatus
	}
	if e.Kind == nil {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		e.Kind, e.Owner = bodyKind(resp.StatusCode, resp.Header, body)
	}
	return e
}

// packedKind is the failure of an answer that is packed although nobody asked for it. Net/http has unpacked what it asked for.
func packedKind(h http.Header) error {
	if packed := h.Get("Content-Encoding"); packed != "" && !strings.EqualFold(packed, "identity") {
		return wire.ErrUnreadable
	}
	return nil
}

// trimmed is a body without the blanks and the mark that may stand before its first letter.
func trimmed(body []byte) []byte { return bytes.TrimLeft(body, "\ufeff \t\r\n") }

// isMarkup reports whether a body is a page, whatever its type says.
func isMarkup(body []byte) bool { return bytes.HasPrefix(trimmed(body), []byte("<")) }

// isJSON reports whether a body begins as JumpCloud's data does.
func isJSON(body []byte) bool {
	body = trimmed(body)
	return bytes.HasPrefix(body, []byte("{")) || bytes.HasPrefix(body, []byte("["))
}

// isPage reports whether a successful answer is somebody else's page or text.
func isPage(head []byte, h http.Header) bool {
	kind := strings.ToLower(h.Get("Content-Type"))
	isText := strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/xhtml")
	return isMarkup(head) || isText && len(trimmed(head)) > 0 && !isJSON(head)
}

// redirectKind says what a redirect means, and to which other host it leads. JumpCloud redirects a request without a key to its sign-in
// page.
func redirectKind(req *http.Request, location string) (kind error, target string) {
	to, err := req.URL.Parse(location)
	if err != nil {
		return wire.ErrRedirected, ""
	}
	if origin(to) != origin(req.URL) {
		return wire.ErrRedirected, wire.Redact(to.Hostname(), req)
	}
	first, _, _ := strings.Cut(strings.Trim(strings.ToLower(to.Path+to.Fragment), "/"), "/")
	if first == "login" || first == "signin" || first == "sign-in" {
		return ErrKeyRemoved, ""
	}
	return wire.ErrMoved, ""
}

// origin is a host with its port, in one spelling for each.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")) + ":" + port
}

// statusKind says what a status means if JumpCloud itself answered, with this message.
func statusKind(status int, message string) error {
	switch status {
	case http.StatusBadRequest:
		return ErrBadRequest
	case http.StatusUnauthorized:
		if strings.Contains(message, "no organization selected") {
			return ErrNoOrganizationSelected
		}
		return ErrUnauthorized
	case http.StatusPaymentRequired:
		return ErrNotLicensed
	case http.StatusForbidden:
		if strings.Contains(message, "organization selection not allowed") {
			return ErrSelectionNotAllowed
		}
		return ErrForbidden
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusProxyAuthRequired:
		return wire.ErrProxyLogin
	case http.StatusTooManyRequests:
		return wire.ErrRateLimited
	case http.StatusNetworkAuthenticationRequired:
		return wire.ErrSignIn
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return wire.ErrServer
	}
	if status/100 == 5 {
		return wire.ErrServer
	}
	return wire.ErrStatus
}

// answerError says why a successful answer could not be read.
func answerError(ctx context.Context, path string, req *http.Request, resp *http.Response, err error) error {
	e := &wire.Error{Path: path, Status: resp.StatusCode, RequestID: wire.RequestID(req, resp.Header), Kind: wire.ErrContract}
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
		tooLarge *http.MaxBytesError
	)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("GET %s: %w", path, ctx.Err())
	case errors.As(err, &tooLarge):
		e.Kind = wire.ErrTooLarge
	case errors.As(err, &mismatch):
		e.Field = mismatch.Field
		e.Err = fmt.Errorf("is a JSON %s", mismatch.Value)
	case errors.As(err, &syntax):
		e.Err = errors.New("not JSON")
	case errors.Is(err, errTrailing):
		e.Err = err
	default:
		e.Kind, e.Err = wire.NetworkKind(ctx, err), wire.Describe(err, req)
		if e.Kind == wire.ErrBroken {
			e.Kind = wire.ErrUnreadable // the answer had begun
		}
	}
	return e
}
