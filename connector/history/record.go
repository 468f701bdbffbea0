package history

import (
	"encoding/json"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// version is that of the records and of the key. What has a higher version is left alone.
const version = 1

// record is what is sealed in a file.
type record struct {
	Version    int       `json:"version"`
	Connection string    `json:"connection"` // its id, so that a file that was copied to another name is not taken for that one's
	Lost       bool      `json:"lost,omitempty"`
	Outcomes   []Outcome `json:"outcomes"`
}

// word matches states and causes.
var word = regexp.MustCompile(`^[a-z0-9_]{1,60}$`)

func (o Outcome) isValid() bool {
	return !o.At.IsZero() && !o.Until.Before(o.At) && o.Times > 0 && word.MatchString(o.State) && (o.Cause == "" || word.MatchString(o.Cause))
}

// normal returns the outcome in UTC, with Until and Times. The error says that it is none that can be kept.
func (o Outcome) normal() (Outcome, error) {
	if o.Until.IsZero() {
		o.Until = o.At
	}
	o.Times = max(o.Times, 1)
	o.At, o.Until = o.At.Round(0).UTC(), o.Until.Round(0).UTC()
	if !o.isValid() {
		return o, fmt.Errorf("not an outcome: %q, %q", o.State, o.Cause)
	}
	return o, nil
}

// goesOn reports whether next is one more outcome of the same kind on the same day. It is not if the clock was set back: then its time is
// as good as the last one's.
func (o Outcome) goesOn(next Outcome) bool {
	return o.State == next.State && o.Cause == next.Cause && !next.At.Before(o.Until) &&
		o.At.Format("2006-01-02") == next.At.Format("2006-01-02")
}

// add adds an outcome, and drops the oldest ones if there are too many. It reports false if the outcome is there already.
func (r *record) add(o Outcome) bool {
	if n := len(r.Outcomes) - 1; n >= 0 && r.Outcomes[n].goesOn(o) {
		last := &r.Outcomes[n]
		if last.Until.Equal(o.Until) {
			return false
		}
		last.Times, last.Until = last.Times+o.Times, o.Until
		return true
	}
	r.Outcomes = append(r.Outcomes, o)
	r.Outcomes = slices.Clone(r.Outcomes[max(0, len(r.Outcomes)-Most):])
	return true
}

// sealRecord returns the file of a connection.
func (s *sealer) sealRecord(id string, r record) ([]byte, error) {
	r.Version, r.Connection = version, id
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return s.seal(plain)
}

// openRecord reads the file of a connection. The error is [ErrUnreadable] or [ErrNewer].
func (s *sealer) openRecord(id string, sealed []byte) (record, error) {
	plain, err := s.open(sealed)
	if err != nil {
		return record{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return parseRecord(id, plain)
}

// openEach reads the files of several connections, on all processors: each takes a tenth of a millisecond or two. The record of a file that
// cannot be read is empty.
func (s *sealer) openEach(ids []string, sealed [][]byte) []record {
	records := make([]record, len(ids))
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(len(ids), runtime.GOMAXPROCS(0)) {
		working.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(ids)); i = next.Add(1) - 1 {
				records[i], _ = s.openRecord(ids[i], sealed[i])
			}
		})
	}
	working.Wait()
	return records
}

func parseRecord(id string, plain []byte) (record, error) {
	var written struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(plain, &written); err != nil || written.Version < 1 {
		return record{}, fmt.Errorf("%w: it has no version", ErrUnreadable)
	}
	if written.Version > version {
		return record{}, ErrNewer
	}
	var r record
	if err := json.Unmarshal(plain, &r); err != nil {
		return record{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if r.Connection != id {
		return record{}, fmt.Errorf("%w: it is another connection's", ErrUnreadable)
	}
	if len(r.Outcomes) > Most || slices.ContainsFunc(r.Outcomes, func(o Outcome) bool { return !o.isValid() }) {
		return record{}, fmt.Errorf("%w: it holds what is no outcome", ErrUnreadable)
	}
	for i, o := range r.Outcomes {
		r.Outcomes[i].At, r.Outcomes[i].Until = o.At.UTC(), o.Until.UTC()
	}
	return r, nil
}
