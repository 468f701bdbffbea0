package jumpcloudtest

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// Hang does not answer until the client gives up or the server closes. [Server.Release] makes it give the right answer.
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

// Release makes every [Hang] that is waiting give the right answer.
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
func SlowBody(pause time.Duration) *Fault { return inPieces(10, pause) }

// Trickle gives the right answer one byte at a time, with a pause before each.
func Trickle(pause time.Duration) *Fault { return inPieces(1<<30, pause) }

// inPieces gives the right answer in up to n pieces, with a pause before each.
func inPieces(n int, pause time.Duration) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		body := s.right(w, r)
		for piece := range slices.Chunk(body, 1+len(body)/n) {
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

// Undated gives the right answer without the header Date.
func Undated() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		s.serve(w, r)
	})
}

// Echo sends back what was sent, as an error and as the id of the request.
func Echo() *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", r.Header.Get("x-api-key"))
		refuse(w, &refusal{http.StatusTeapot, r.Header.Get("x-api-key") + " " + r.Header.Get("x-org-id")})
	})
}

// Empty answers 200 with nothing.
func Empty() *Fault { return Page(http.StatusOK, "application/json", "") }

// Garbage answers 200 with something that claims to be JSON.
func Garbage() *Fault { return Page(http.StatusOK, "application/json", "\x00\xff{]not json") }

// WrongType answers 200 with a list whose total and rows are texts.
func WrongType() *Fault {
	return Page(http.StatusOK, "application/json", `{"totalCount":"many","results":"none"}`)
}

// WrongCharset answers 200 with a list in UTF-16.
func WrongCharset() *Fault {
	var body strings.Builder
	for _, r := range `{"totalCount":0,"results":[]}` {
		body.WriteString(string(r) + "\x00")
	}
	return Page(http.StatusOK, "application/json; charset=utf-16", body.String())
}

// Unasked gives the right answer, but claims that it is compressed.
func Unasked(packing string) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", packing)
		s.serve(w, r)
	})
}

// The beginning of a list, and rows of it.
const (
	openList = `{"totalCount":1,"results":[`
	emptyRow = `{"_id":"000000000000000000000000"},`
)

// Endless answers with a list that never ends.
func Endless() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		s.pour(w, r, openList, strings.Repeat(emptyRow, 1000))
	})
}

// EndlessError answers 500 with a body that never ends.
func EndlessError() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		s.pour(w, r, "", strings.Repeat("error ", 10_000))
	})
}

// Bomb answers with a compressed list that never ends.
func Bomb() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		s.pour(gzip.NewWriter(w), r, openList, strings.Repeat(emptyRow, 30_000))
	})
}

// pour writes a text, and then another one again and again, until the client or the server ends.
func (s *Server) pour(w io.Writer, r *http.Request, first, again string) {
	_, err := io.WriteString(w, first)
	for err == nil && r.Context().Err() == nil && s.pause(r, time.Nanosecond) {
		_, err = io.WriteString(w, again)
	}
}

// Deep answers with a million arrays, each in the one before.
func Deep() *Fault {
	return Page(http.StatusOK, "application/json", `{"totalCount":1,"results":`+strings.Repeat("[", 1_000_000))
}

// OversizeHeader answers with a header of 1 MiB.
func OversizeHeader() *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 1<<20))
		write(w, row{})
	})
}
