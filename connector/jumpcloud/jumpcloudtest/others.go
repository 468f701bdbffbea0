package jumpcloudtest

import "net/http"

// Waiting answers with a status, and with this header Retry-After.
func Waiting(status int, after string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		refuse(w, status, http.StatusText(status))
	})
}

// Page answers with a status and a page or text of anybody's.
func Page(status int, contentType, body string) *Fault { return page(status, contentType, body) }

// Empty answers 200 with nothing.
func Empty() *Fault { return page(http.StatusOK, "application/json", "") }

// Unasked answers 200 with plain text, and says that it is packed.
func Unasked(packing string) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", packing)
		s.serve(w, r)
	})
}

// Protected answers 403 as a service does that keeps off whom it suspects.
func Protected() *Fault {
	return page(http.StatusForbidden, "text/plain; charset=UTF-8", "error code: 1020")
}

// ForeignPage answers 200 with a page that does not say whose it is, and not that it is one.
func ForeignPage() *Fault {
	return page(http.StatusOK, "application/json", "\ufeff \r\n<!DOCTYPE html><title>It works!</title>")
}
