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
	// ErrNoRoute: this computer knows no way to the server: it is offline, or its network leads nowhere.
	ErrNoRoute = errors.New("there is no route to the server")
	// ErrUnreachable: no connection could be made, or it broke.
	ErrUnreachable = errors.New("the server cannot be reached")
	// ErrCertificate: the server's certificate is not trusted here. See Error.Certificate.
	ErrCertificate = errors.New("the server's certificate is not trusted")
	// ErrCertificateName: the server's certificate is for other names. See Error.Certificate.
	ErrCertificateName = errors.New("the server's certificate is for another name")
	// ErrCertificateTime: the server's certificate is not valid at the time that this computer's clock shows. See
	// Error.Certificate.
	ErrCertificateTime = errors.New("the server's certificate is not valid now")
	// ErrNotTLS: what answers does not speak TLS.
	ErrNotTLS = errors.New("the server does not encrypt")
	// ErrProxyLogin: the system's proxy wants a user name and a password (407).
	ErrProxyLogin = errors.New("the proxy asks for a login")
	// ErrProxyRefused: the system's proxy refuses to connect to JumpCloud.
	ErrProxyRefused = errors.New("the proxy refuses")
	// ErrProxyUnreachable: the system's proxy is not at its address, or its name is misspelt.
	ErrProxyUnreachable = errors.New("the proxy cannot be reached")
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
	// Certificate is the one that the server showed and that was not accepted, if that was what failed.
	Certificate *x509.Certificate
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
	return &Error{Path: path, Kind: networkKind(err), Certificate: refusedCertificate(err), Err: err}
}

// networkKind tells why there was no answer, or no whole one.
func networkKind(err error) error {
	var (
		name    *net.DNSError
		op      *net.OpError
		record  tls.RecordHeaderError
		timeout net.Error
	)
	if kind := certificateKind(err); kind != nil {
		return kind
	}
	switch {
	case errors.Is(err, ErrProxyLogin):
		return ErrProxyLogin
	case errors.Is(err, ErrProxyRefused):
		return ErrProxyRefused
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return ErrProxyUnreachable
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return ErrNotTLS
	case errors.As(err, &name) && !name.IsTimeout:
		return ErrNameNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	case errors.Is(err, netUnreachable), errors.Is(err, hostUnreachable):
		return ErrNoRoute
	}
	return ErrUnreachable
}

// certificateKind tells what is wrong with a certificate that was not accepted; nil if it is not about one.
func certificateKind(err error) error {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		invalid      x509.CertificateInvalidError
		host         x509.HostnameError
	)
	switch {
	case errors.As(err, &host):
		return ErrCertificateName
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired: // not yet valid is this reason too
		return ErrCertificateTime
	case errors.As(err, &invalid), errors.As(err, &authority), errors.As(err, &verification):
		return ErrCertificate
	}
	return nil
}

// refusedCertificate is the certificate that an error of the TLS handshake is about, nil if none.
func refusedCertificate(err error) *x509.Certificate {
	var invalid x509.CertificateInvalidError // may be about an issuer's certificate
	if errors.As(err, &invalid) && invalid.Cert != nil {
		return invalid.Cert
	}
	var verification *tls.CertificateVerificationError
	if errors.As(err, &verification) && len(verification.UnverifiedCertificates) > 0 {
		return verification.UnverifiedCertificates[0]
	}
	return nil
}

// statusError returns nil for success with data, and else what the status and the body mean.
func statusError(path string, resp *http.Response) error {
	e := &Error{Path: path, Status: resp.StatusCode, RequestID: requestID(resp.Request, resp.Header)}
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
		page := isHTML(resp.Header) && strings.HasPrefix(strings.TrimLeft(string(body), "\ufeff \t\r\n"), "<")
		if status/100 == 4 && page && e.Kind != ErrBlocked && e.Kind != ErrProxyLogin && e.Kind != ErrRateLimited {
			e.Kind = ErrNotJumpCloud // JumpCloud refuses in JSON or in a word: this is the page of a filter
		}
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
		return ErrProxyLogin
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
	e := &Error{Path: path, Status: resp.StatusCode, RequestID: requestID(resp.Request, resp.Header), Kind: ErrContract}
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
