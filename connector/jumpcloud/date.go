package jumpcloud

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Date is a time in an answer. It is zero if there is none, or an impossible one: a wrong date never makes a call fail.
type Date struct {
	time.Time
	// Never is true if the field is null: the event does not happen.
	Never bool
}

// UnmarshalJSON reads a time as text or as a number.
func (d *Date) UnmarshalJSON(data []byte) error {
	*d = Date{}
	text := string(data)
	if text == "null" {
		d.Never = true
		return nil
	}
	if data[0] == '"' && json.Unmarshal(data, &text) != nil {
		return nil
	}
	if t, ok := dateOf(strings.ToUpper(strings.TrimSpace(text))); ok {
		d.Time = t
	}
	return nil
}

// layouts lists the formats of a time: RFC 3339 as in the contract, and variants. A time without a zone is UTC.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", time.DateOnly}

func dateOf(text string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), plausible(t)
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.Time{}, false
	}
	return sinceEpoch(n)
}

// sinceEpoch reads seconds, milliseconds, microseconds or nanoseconds. Only one of these units gives a plausible time.
func sinceEpoch(n float64) (time.Time, bool) {
	for _, perSecond := range []float64{1, 1e3, 1e6, 1e9} {
		seconds := n / perSecond
		if seconds >= float64(earliest.Unix()) && seconds < float64(tooLate.Unix()) {
			return time.Unix(int64(seconds), 0).UTC(), true
		}
	}
	return time.Time{}, false
}

// JumpCloud has existed since 2012, and nothing of it lasts until 2100.
var (
	earliest = time.Date(2012, time.January, 1, 0, 0, 0, 0, time.UTC)
	tooLate  = time.Date(2100, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// plausible reports whether JumpCloud can mean this time.
func plausible(t time.Time) bool { return !t.Before(earliest) && t.Before(tooLate) }
