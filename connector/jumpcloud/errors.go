package jumpcloud

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// What can go wrong, told apart with errors.Is. The meanings are JumpCloud's documented ones and those reported
// from the live service.
var (
	// ErrUnauthorized: the key is unknown in this region: mistyped, revoked, expired, its administrator gone, or
	// of another region (401).
	ErrUnauthorized = errors.New("the key is not known here")
	// ErrNoOrganizationSelected: the key is good and belongs to a multi-tenant administrator; x-org-id is missing (401).
	ErrNoOrganizationSelected = errors.New("no organization is selected")
	// ErrForbidden: the administrator's role may not do this, or API access is off (403).
	ErrForbidden = errors.New("the role does not allow this")
	// ErrSelectionNotAllowed: x-org-id was sent where it must not be, or names an organization that the key does
	// not open (403).
	ErrSelectionNotAllowed = errors.New("this organization cannot be selected")
	// ErrBlocked: JumpCloud blocks this network address (403).
	ErrBlocked = errors.New("this network address is blocked")
	// ErrNotLicensed: the organization's plan does not include the feature (402).
	ErrNotLicensed = errors.New("not included in the plan")
	// ErrBadRequest: JumpCloud could not make sense of the request (400), most often of an Organization ID.
	ErrBadRequest = errors.New("the request was not understood")
	// ErrNotFound: there is nothing at this path (404).
	ErrNotFound = errors.New("not found")
	// ErrRateLimited: too many requests, and the wait that was asked for was too long (429). See Error.RetryAfter.
	ErrRateLimited = errors.New("too many requests")
	// ErrServer: a 5xx answer that did not pass after three tries.
	ErrServer = errors.New("the server failed")
	// ErrStatus: any other status than success.
	ErrStatus = errors.New("unexpected status")
	// ErrRedirected: the server wanted to send the request elsewhere, which is never followed.
	ErrRedirected = errors.New("redirected elsewhere")
	// ErrNotJumpCloud: a web page came in place of data: a captive portal or a proxy answered.
	ErrNotJumpCloud = errors.New("the answer is not from JumpCloud")
	// ErrContract: the answer is not what JumpCloud's contract says. See Error.Field.
	ErrContract = errors.New("the answer is not as agreed")
	// ErrTooLarge: the answer is larger than any real one.
	ErrTooLarge = errors.New("the answer is too large")

	// ErrNameNotFound: the host's name cannot be resolved.
	ErrNameNotFound = errors.New("the server's name was not found")
	// ErrUnreachable: no connection could be made, or it broke.
	ErrUnreachable = errors.New("the server cannot be reached")
	// ErrCertificate: the server's certificate is not trusted here.
	ErrCertificate = errors.New("the server's certificate is not trusted")
	// ErrProxy: the system's proxy cannot be reached or refuses.
	ErrProxy = errors.New("the proxy refuses")
	// ErrTimeout: no answer within the time limit.
	ErrTimeout = errors.New("no answer in time")
	// ErrInsecure: the address would have sent the key unprotected; nothing was sent.
	ErrInsecure = errors.New("the address is not safe for a key")
)

var errTrailing = errors.New("more data after the answer")

// Error is a failed call. It never holds what was sent, nor the body of the answer, which may repeat it.
type Error struct {
	// Path is the call's path, like /api/systemusers.
	Path string
	// Kind is one of this package's Err… values.
	Kind error
	// Status is the HTTP status, 0 where there was no answer.
	Status int
	// RequestID is JumpCloud's own name for the request, where it gave one.
	RequestID string
	// RetryAfter is how long JumpCloud asked to wait (429), 0 where it did not say.
	RetryAfter time.Duration
	// Field is the field that had another type than agreed (ErrContract), like results.totalCount.
	Field string
	// Err is the cause below, where there was one.
	Err error
}

// Error says what happened in one line, without what was sent.
func (e *Error) Error() string {
	text := "GET " + e.Path + ": " + e.Kind.Error()
	if e.Status != 0 {
		text += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Field != "" {
		text += fmt.Sprintf(": field %q", e.Field)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap lets errors.Is see both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// transportError names why no answer came. The caller's own cancelling is passed on as it is.
func transportError(ctx context.Context, path string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("GET %s: %w", path, ctx.Err())
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the outer one repeats the whole URL
	}
	return &Error{Path: path, Kind: networkKind(err), Err: err}
}

func networkKind(err error) error {
	var (
		name    *net.DNSError
		op      *net.OpError
		unknown x509.UnknownAuthorityError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		timeout net.Error
	)
	switch {
	case errors.Is(err, errProxyRefused), errors.As(err, &op) && op.Op == "proxyconnect":
		return ErrProxy
	case errors.As(err, &cert), errors.As(err, &unknown), errors.As(err, &record):
		return ErrCertificate
	case errors.As(err, &name) && !name.IsTimeout:
		return ErrNameNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	}
	return ErrUnreachable
}

// statusError returns nil for success with data, and else what the status and the body mean.
func statusError(path string, resp *http.Response) error {
	e := &Error{Path: path, Status: resp.StatusCode, RequestID: requestID(resp.Header)}
	switch status := resp.StatusCode; {
	case status == http.StatusOK && !isHTML(resp.Header):
		return nil
	case status == http.StatusOK:
		e.Kind = ErrNotJumpCloud
	case status/100 == 3:
		e.Kind = ErrRedirected
	default:
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		e.Kind = statusKind(status, strings.ToLower(string(body)))
		e.RetryAfter, _ = retryAfter(resp)
	}
	return e
}

func statusKind(status int, body string) error {
	switch status {
	case http.StatusBadRequest:
		return ErrBadRequest
	case http.StatusUnauthorized:
		if strings.Contains(body, "no organization selected") {
			return ErrNoOrganizationSelected
		}
		return ErrUnauthorized
	case http.StatusPaymentRequired:
		return ErrNotLicensed
	case http.StatusForbidden:
		return forbiddenKind(body)
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusProxyAuthRequired:
		return ErrProxy
	case http.StatusTooManyRequests:
		return ErrRateLimited
	}
	if status/100 == 5 {
		return ErrServer
	}
	return ErrStatus
}

func forbiddenKind(body string) error {
	switch {
	case strings.Contains(body, "organization selection not allowed"):
		return ErrSelectionNotAllowed
	case strings.Contains(body, "has been blocked"):
		return ErrBlocked
	}
	return ErrForbidden
}

// answerError names why a successful answer could not be read.
func answerError(ctx context.Context, path string, resp *http.Response, err error) error {
	e := &Error{Path: path, Status: resp.StatusCode, RequestID: requestID(resp.Header), Kind: ErrContract}
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
		tooLarge *http.MaxBytesError
	)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("GET %s: %w", path, ctx.Err())
	case errors.As(err, &tooLarge):
		e.Kind = ErrTooLarge
	case errors.As(err, &mismatch):
		e.Field = mismatch.Field
		e.Err = fmt.Errorf("is a JSON %s", mismatch.Value)
	case errors.As(err, &syntax):
		e.Err = errors.New("not JSON")
	case errors.Is(err, errTrailing), errors.Is(err, errMissing):
		e.Err = err
	default:
		e.Kind, e.Err = networkKind(err), err
	}
	return e
}

// requestID returns JumpCloud's name for a request, bounded, so that a hostile header cannot fill a report.
func requestID(h http.Header) string {
	id := h.Get("X-Request-Id")
	return id[:min(len(id), 64)]
}
