package jumpcloudtest

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// Fault is something that goes wrong in place of an answer. One made by a function of this package happens on every
// request; On and Times narrow it down.
type Fault struct {
	path   string // below which it happens; empty means everywhere
	left   int    // how often still; negative means always
	answer func(*Server, http.ResponseWriter, *http.Request)
}

func fault(answer func(*Server, http.ResponseWriter, *http.Request)) *Fault {
	return &Fault{left: -1, answer: answer}
}

// On has the fault happen only to requests at or below a path, like /api/systems.
func (f *Fault) On(path string) *Fault { f.path = path; return f }

// Times has the fault happen only so often, and then no more.
func (f *Fault) Times(n int) *Fault { f.left = n; return f }

// Fail has a fault happen from now on. Where several apply to a request, the one that was added first does.
func (s *Server) Fail(f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Heal ends all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// nextFault takes the fault for a request at this path, if there is one: the key's own, or one of the server's.
func (s *Server) nextFault(path string, ofKey *Fault) *Fault {
	for _, f := range append([]*Fault{ofKey}, s.faults...) {
		if f == nil || f.left == 0 || f.path != "" && path != f.path && !strings.HasPrefix(path, f.path+"/") {
			continue
		}
		if f.left > 0 {
			f.left--
		}
		return f
	}
	return nil
}

// Status answers with a status and the contract's form of an error.
func Status(code int) *Fault { return says(code, http.StatusText(code)) }

func says(status int, message string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) { refuse(w, status, message) })
}

// Unauthorized answers as for a key that is not known.
func Unauthorized() *Fault { return says(http.StatusUnauthorized, unauthorized.message) }

// UnauthorizedText is the same as bare text, which JumpCloud has also been seen to answer.
func UnauthorizedText() *Fault { return page(http.StatusUnauthorized, "text/plain", "Unauthorized") }

// NoOrganizationSelected answers as to a multi-tenant key that selects no organization.
func NoOrganizationSelected() *Fault { return says(noSelection.status, noSelection.message) }

// Forbidden answers as to a role that may not use the API.
func Forbidden() *Fault { return says(forbidden.status, forbidden.message) }

// SelectionNotAllowed answers as to the header x-org-id where it may not be.
func SelectionNotAllowed() *Fault {
	return says(selectionNotAllowed.status, selectionNotAllowed.message)
}

// Blocked answers as to a network address that JumpCloud has blocked.
func Blocked() *Fault {
	return page(http.StatusForbidden, "text/html", "<html><body>Your IP has been blocked due to suspected abuse.</body></html>")
}

// NotLicensed answers as for a feature that the plan does not include.
func NotLicensed() *Fault { return says(notLicensed.status, notLicensed.message) }

// RateLimited answers 429, and asks to wait; not for a wait of 0.
func RateLimited(wait time.Duration) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) { tooManyRequests(w, wait) })
}

// CaptivePortal answers 200 with the sign-in page of a guest network.
func CaptivePortal() *Fault {
	return page(http.StatusOK, "text/html; charset=utf-8", "<!doctype html><title>Guest network</title><form>Accept the terms</form>")
}

// BeyondTheFirst happens in place of every page of a list but the first.
func BeyondTheFirst(f *Fault) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		if skip := r.URL.Query().Get("skip"); skip != "" && skip != "0" {
			f.answer(s, w, r)
			return
		}
		s.serve(w, r)
	})
}

// UnauthorizedWord is UnauthorizedText with the type that some servers give to every text.
func UnauthorizedWord() *Fault {
	return page(http.StatusUnauthorized, "text/html; charset=utf-8", "Unauthorized")
}

// FilterPage answers 403 with the page of a company's web filter.
func FilterPage() *Fault {
	return page(http.StatusForbidden, "text/html; charset=utf-8", "\ufeff\r\n<!doctype html><title>Blocked by policy</title><p>This site is not allowed here.</p>")
}

// Garbage answers 200 with what is no JSON, although it says so.
func Garbage() *Fault { return page(http.StatusOK, "application/json", "\x00\xff{]not json") }

// Body answers 200 with any text in place of the data.
func Body(text string) *Fault { return page(http.StatusOK, "application/json", text) }

// WrongType answers 200 with a list whose total is text, and whose rows are too.
func WrongType() *Fault {
	return page(http.StatusOK, "application/json", `{"totalCount":"many","results":"none"}`)
}

func page(status int, contentType, body string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	})
}

// Redirect sends the request to another address.
func Redirect(to string) *Fault { return RedirectAs(http.StatusFound, to) }

// RedirectAs does the same with another status.
func RedirectAs(status int, to string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, status) })
}

// NextPageAt gives the right answer, and says that the next page is at another address.
func NextPageAt(address string) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", fmt.Sprintf(`<%s/api/v2/policies?skip=100>; rel="next"`, address))
		s.serve(w, r)
	})
}

// Echo sends back what was sent, as an error and as the name of the request.
func Echo() *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", r.Header.Get("x-api-key"))
		refuse(w, http.StatusTeapot, r.Header.Get("x-api-key")+" "+r.Header.Get("x-org-id"))
	})
}

// Right is no fault: it gives the right answer, where others come after it.
func Right() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) { s.serve(w, r) })
}

// Hang does not answer, until whoever asked gives up or the server is closed. [Server.Release] has it give the right answer.
func Hang() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		released := s.released
		s.mu.Unlock()
		select {
		case <-released:
			s.serve(w, r)
		case <-r.Context().Done():
		case <-s.closed:
		}
	})
}

// Release gives those that a [Hang] keeps waiting the right answer.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.released)
	s.released = make(chan struct{})
}

// Drop breaks the connection before an answer.
func Drop() *Fault {
	return fault(func(*Server, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// DropBody breaks the connection in the middle of the right answer.
func DropBody() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		body := s.right(w, r)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
}

// SlowBody gives the right answer in ten pieces, with a pause before each.
func SlowBody(pause time.Duration) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		body := s.right(w, r)
		for piece := range slices.Chunk(body, 1+len(body)/10) {
			if !s.pause(r, pause) {
				return
			}
			_, _ = w.Write(piece)
			_ = http.NewResponseController(w).Flush()
		}
	})
}

// right sets the header of the right answer, and returns its body.
func (s *Server) right(w http.ResponseWriter, r *http.Request) []byte {
	answer := httptest.NewRecorder()
	s.serve(answer, r)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	return answer.Body.Bytes()
}

// Undated gives the right answer without the header that tells the time.
func Undated() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		s.serve(w, r)
	})
}

// Endless answers with a list that never ends.
func Endless() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := fmt.Fprint(w, `{"totalCount":1,"results":[`)
		filling := strings.Repeat(`{"_id":"000000000000000000000000"},`, 1000)
		for err == nil && r.Context().Err() == nil && s.pause(r, time.Nanosecond) {
			_, err = fmt.Fprint(w, filling)
		}
	})
}

// EndlessError reports a failure of the server in a body that never ends.
func EndlessError() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		filling := []byte(strings.Repeat("error ", 10_000))
		var err error
		for err == nil && r.Context().Err() == nil && s.pause(r, time.Nanosecond) {
			_, err = w.Write(filling)
		}
	})
}

// Bomb answers with a list that is small on the wire and without end when it is unpacked.
func Bomb() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, err := fmt.Fprint(packed, `{"totalCount":1,"results":[`)
		filling := strings.Repeat(`{"_id":"000000000000000000000000"},`, 30000)
		for err == nil && r.Context().Err() == nil && s.pause(r, time.Nanosecond) {
			_, err = fmt.Fprint(packed, filling)
		}
	})
}

// Deep answers with arrays within arrays, a million of them.
func Deep() *Fault {
	return page(http.StatusOK, "application/json", `{"totalCount":1,"results":`+strings.Repeat("[", 1_000_000))
}

// WrongCharset answers with the right kind of data, in UTF-16.
func WrongCharset() *Fault {
	var body strings.Builder
	for _, r := range `{"totalCount":0,"results":[]}` {
		body.WriteString(string(r) + "\x00")
	}
	return page(http.StatusOK, "application/json; charset=utf-16", body.String())
}

// Trickle gives the right answer one byte at a time, with a pause before each.
func Trickle(pause time.Duration) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		for _, b := range s.right(w, r) {
			if !s.pause(r, pause) {
				return
			}
			_, _ = w.Write([]byte{b})
			_ = http.NewResponseController(w).Flush()
		}
	})
}

// OversizeHeader answers with a header larger than any client reads.
func OversizeHeader() *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 1<<20))
		write(w, row{})
	})
}
