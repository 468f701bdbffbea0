package wire

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// Kinds of an [Error], for errors.Is. These are about the answer.
var (
	// ErrRateLimited: too many requests; the service asked to wait for too long (429). See Error.RetryAfter.
	ErrRateLimited = errors.New("too many requests")
	// ErrServer: the server failed at each try (5xx, 408, 425). See Error.Tries, Error.RetryAfter.
	ErrServer = errors.New("the server failed")
	// ErrStatus: any other status than success.
	ErrStatus = errors.New("unexpected status")
	// ErrContract: the answer does not keep to the service's contract. See Error.Field.
	ErrContract = errors.New("the answer is not as agreed")
	// ErrIncomplete: a list has ended, but it may have more rows.
	ErrIncomplete = errors.New("the list may not be complete")
	// ErrTooLarge: the answer is larger than 4 MiB.
	ErrTooLarge = errors.New("the answer is too large")
	// ErrUnreadable: the answer is empty, cut off or damaged, or is not HTTP.
	ErrUnreadable = errors.New("the answer cannot be read")
	// ErrSignIn: the network wants its user to sign in before it lets requests pass: a guest network, or 511.
	ErrSignIn = errors.New("the network asks to sign in")
	// ErrFiltered: a filter of this network does not allow the service. See Error.Owner.
	ErrFiltered = errors.New("a filter does not allow it")
	// ErrProtected: a product that protects the service refuses requests from this network. See Error.Owner.
	ErrProtected = errors.New("the protection in front of the service refuses")
	// ErrRedirected: the answer leads to another host. It is never followed. See Error.Target.
	ErrRedirected = errors.New("redirected elsewhere")
	// ErrMoved: the answer leads to another page of the same host. It is never followed.
	ErrMoved = errors.New("redirected on the same host")
)

// Kinds of an [Error] that got no answer.
var (
	// ErrNameNotFound: the host's name cannot be resolved.
	ErrNameNotFound = errors.New("the server's name was not found")
	// ErrNoRoute: this computer is offline, or its network has no route to the server.
	ErrNoRoute = errors.New("there is no route to the server")
	// ErrUnreachable: the server's computer refuses connections.
	ErrUnreachable = errors.New("the connection was refused")
	// ErrBroken: the connection broke before there was an answer, at each try. See Error.Tries.
	ErrBroken = errors.New("the connection broke")
	// ErrNotPermitted: this computer does not let the program connect.
	ErrNotPermitted = errors.New("the connection is not permitted on this computer")
	// ErrExhausted: this computer has run out of something. See Error.Resource.
	ErrExhausted = errors.New("this computer has run out of a resource")
	// ErrTimeout: no answer came within the time limit.
	ErrTimeout = errors.New("no answer in time")
	// ErrInsecure: the address is not valid, or the key would travel unencrypted. Nothing was sent.
	ErrInsecure = errors.New("the address is not safe for a key")
	// ErrUnknown: something else. Error.Err says what.
	ErrUnknown = errors.New("the request failed for an unknown reason")

	// ErrNotTLS: what answers does not speak TLS.
	ErrNotTLS = errors.New("the server does not encrypt")
	// ErrTLS: the server and this program do not agree on an encrypted connection. Error.Err has the alert.
	ErrTLS = errors.New("no encrypted connection was agreed on")
	// ErrCertificate: the server's certificate is not trusted here. See Error.Certificate.
	ErrCertificate = errors.New("the server's certificate is not trusted")
	// ErrCertificateName: the server's certificate is for other names. See Error.Certificate.
	ErrCertificateName = errors.New("the server's certificate is for another name")
	// ErrCertificateForm: the server's certificate names no host where clients look. See Error.Certificate.
	ErrCertificateForm = errors.New("the server's certificate names no host")
	// ErrCertificateTime: by this computer's clock, the server's certificate is not valid now. See Error.Certificate.
	ErrCertificateTime = errors.New("the server's certificate is not valid now")
	// ErrCertificateUnreadable: the server's certificate is malformed.
	ErrCertificateUnreadable = errors.New("the server's certificate cannot be read")

	// ErrProxyUnreadable: the proxy setting is malformed. Nothing was sent. See Error.Setting.
	ErrProxyUnreadable = errors.New("the setting for the proxy cannot be read")
	// ErrProxyUnreachable: the proxy is not at its address, or its name is misspelt.
	ErrProxyUnreachable = errors.New("the proxy cannot be reached")
	// ErrProxyCertificate: the proxy's own certificate was not accepted. See Error.Certificate and Error.Flaw.
	ErrProxyCertificate = errors.New("the proxy's certificate is not accepted")
	// ErrProxyLogin: the proxy wants a user name and a password, or other ones (407).
	ErrProxyLogin = errors.New("the proxy asks for a login")
	// ErrProxyRefused: the proxy refuses to connect to the service.
	ErrProxyRefused = errors.New("the proxy refuses")
	// ErrProxyFailed: the proxy could not connect to the service.
	ErrProxyFailed = errors.New("the proxy cannot reach the server")
	// ErrProxyBroke: the proxy broke the connection, or does not answer as a proxy does.
	ErrProxyBroke = errors.New("the proxy does not answer as a proxy does")
)

// Error is a failed call. It never holds what was sent, nor the body of the answer, which may repeat what was sent.
type Error struct {
	// Path is the call's path, like /api/systemusers.
	Path string
	// Kind is one of the Err… values of this package or of the service's.
	Kind error
	// Status is the HTTP status, 0 without an answer.
	Status int
	// Tries is how often the program tried to send the request.
	Tries int
	// RequestID is the service's id for the request, empty if it gave none.
	RequestID string
	// RetryAfter is how long the server asked to wait, 0 if it did not.
	RetryAfter time.Duration
	// Field is the field with the wrong type (ErrContract), like results.totalCount.
	Field string
	// Owner names the product whose page came (ErrFiltered, ErrProtected). It is empty if the page does not say.
	Owner string
	// Target is the host that the answer leads to (ErrRedirected), empty if it names none.
	Target string
	// Resource is what this computer has run out of (ErrExhausted): files, ports or memory.
	Resource string
	// Setting names the malformed variable (ErrProxyUnreadable). It is empty for the system's settings.
	Setting string
	// Proxy is the host of the request's proxy, empty without one.
	Proxy string
	// Unread is how many rows of a list could not be read (ErrIncomplete).
	Unread int
	// Certificate is the certificate that was not accepted, or nil.
	Certificate *x509.Certificate
	// Flaw is what is wrong with the proxy's certificate (ErrProxyCertificate): one of ErrCertificate….
	Flaw error
	// Issuing is true if Certificate is not the host's own, but the authority's that issued it.
	Issuing bool
	// Err is the underlying error, or nil. Its text is printable and short, and names no host.
	Err error
}

// Error returns the path, the kind and the details in one line.
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

// Unwrap returns the kind and the underlying error.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}
