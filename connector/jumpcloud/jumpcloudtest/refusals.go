package jumpcloudtest

import (
	"net/http"
	"time"
)

// Status answers with a status and the contract's form of an error.
func Status(code int) *Fault { return refused(&refusal{code, http.StatusText(code)}) }

func refused(no *refusal) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) { refuse(w, no) })
}

// Unauthorized answers as to an unknown key.
func Unauthorized() *Fault { return refused(unauthorized) }

// UnauthorizedText is Unauthorized as plain text. JumpCloud has been seen to answer so.
func UnauthorizedText() *Fault { return Page(http.StatusUnauthorized, "text/plain", "Unauthorized") }

// NoOrganizationSelected answers as to a multi-tenant key without the header x-org-id.
func NoOrganizationSelected() *Fault { return refused(noSelection) }

// Forbidden answers as to a role that may not use the API.
func Forbidden() *Fault { return refused(forbidden) }

// SelectionNotAllowed answers as to a header x-org-id that is not allowed.
func SelectionNotAllowed() *Fault { return refused(selectionNotAllowed) }

// NotLicensed answers as for a feature that the plan does not include.
func NotLicensed() *Fault { return refused(notLicensed) }

// Blocked answers as to a network address that JumpCloud has blocked.
func Blocked() *Fault {
	return Page(http.StatusForbidden, "text/html", "<html><body>Your IP has been blocked due to suspected abuse.</body></html>")
}

// RateLimited answers 429, with Retry-After unless wait is 0.
func RateLimited(wait time.Duration) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) { tooManyRequests(w, wait) })
}

// Waiting answers with a status and this header Retry-After.
func Waiting(status int, after string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		refuse(w, &refusal{status, http.StatusText(status)})
	})
}

// Redirect redirects to another address.
func Redirect(to string) *Fault { return RedirectAs(http.StatusFound, to) }

// RedirectAs redirects to another address with this status.
func RedirectAs(status int, to string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, status) })
}

// CaptivePortal answers 200 with the sign-in page of a guest network.
func CaptivePortal() *Fault {
	return Page(http.StatusOK, "text/html; charset=utf-8", "<!doctype html><title>Guest network</title><form>Accept the terms</form>")
}

// FilterPage answers 403 with the page of a company's web filter.
func FilterPage() *Fault {
	return Page(http.StatusForbidden, "text/html; charset=utf-8", "\ufeff\r\n<!doctype html><title>Blocked by policy</title><p>This site is not allowed here.</p>")
}

// Protected answers 403 like a product in front of a service that suspects the client.
func Protected() *Fault {
	return Page(http.StatusForbidden, "text/plain; charset=UTF-8", "error code: 1020")
}

// ForeignPage answers 200 with a page that does not say what it is from, and claims to be JSON.
func ForeignPage() *Fault {
	return Page(http.StatusOK, "application/json", "\ufeff \r\n<!DOCTYPE html><title>It works!</title>")
}

// NoSuchCall returns the ways in which servers say that they do not have a call, each with a name.
func NoSuchCall() map[string]*Fault {
	const page = "<!DOCTYPE html><pre>Cannot GET /api/users</pre>"
	return map[string]*Fault{
		"404":              Status(http.StatusNotFound),
		"405":              Status(http.StatusMethodNotAllowed),
		"410":              Status(http.StatusGone),
		"501":              Status(http.StatusNotImplemented),
		"404, a page":      Page(http.StatusNotFound, "text/html", page),
		"404, in a word":   Page(http.StatusNotFound, "text/plain", "404 page not found"),
		"404, empty":       Page(http.StatusNotFound, "", ""),
		"405, a page":      Page(http.StatusMethodNotAllowed, "text/html", page),
		"the console":      Page(http.StatusOK, "text/html", page),
		"the login":        Redirect("/login"),
		"the login, moved": RedirectAs(http.StatusTemporaryRedirect, "/login"),
	}
}
