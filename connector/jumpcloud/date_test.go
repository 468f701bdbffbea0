package jumpcloud

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	day := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	for in, want := range map[string]time.Time{
		`"2026-03-02T09:30:00Z"`:           day,
		`"2026-03-02T09:30:00.000Z"`:       day,
		`"2026-03-02t09:30:00z"`:           day,
		`" 2026-03-02T09:30:00Z\n"`:        day,
		`"2026-03-02T11:30:00+02:00"`:      day,
		`"2026-03-02T11:30:00+0200"`:       day,
		`"2026-03-02T09:30:00"`:            day,
		`"2026-03-02T09:30:00.123456"`:     day.Add(123456 * time.Microsecond),
		`"2026-03-02T09:30"`:               day,
		`"2026-03-02 09:30:00"`:            day,
		`"2026-03-02 09:30:00Z"`:           day,
		`"2026-03-02 09:30:00+00:00"`:      day,
		`"2026-03-02"`:                     day.Truncate(24 * time.Hour),
		`1772443800`:                       day,
		`1772443800000`:                    day,
		`1.7724438e9`:                      day,
		`1772443800000000`:                 day,
		`1772443800000000000`:              day,
		`"1772443800"`:                     day,
		`"1772443800000"`:                  day,
		`"2012-01-01T00:00:00Z"`:           earliest,
		`"2099-12-31T23:59:59Z"`:           tooLate.Add(-time.Second),
		`"2011-12-31T23:59:59Z"`:           {},
		`"2100-01-01T00:00:00Z"`:           {},
		`"2100-01-01T01:00:00+02:00"`:      tooLate.Add(-time.Hour),
		`"1601-01-01T00:00:00Z"`:           {},
		`"1970-01-01T00:00:00Z"`:           {},
		`"0001-01-01T00:00:00Z"`:           {},
		`"9999-12-31T23:59:59Z"`:           {},
		`"292277026596-12-04T15:30:07Z"`:   {},
		`"2026-13-40T09:30:00Z"`:           {},
		`"2026-02-30T09:30:00Z"`:           {},
		`"02.03.2026"`:                     {},
		`"never"`:                          {},
		`"NaN"`:                            {},
		`"Infinity"`:                       {},
		`""`:                               {},
		`0`:                                {},
		`-1772443800`:                      {},
		`42`:                               {},
		`1e400`:                            {},
		`99999999999999999999999999999999`: {},
		`true`:                             {},
		`{"$date":"2026-03-02T09:30:00Z"}`: {},
		`[]`:                               {},
	} {
		var d Date
		if err := json.Unmarshal([]byte(in), &d); err != nil || !d.Equal(want) || d.Never {
			t.Errorf("%s is %s (%v), want %s", in, d.Time, err, want)
		}
	}
}

// That there is no date is told, or nothing is.
func TestNeverAndNotTold(t *testing.T) {
	for in, never := range map[string]bool{`{"At":null}`: true, `{}`: false, `{"At":""}`: false, `{"At":"null"}`: false} {
		var v struct{ At Date }
		if err := json.Unmarshal([]byte(in), &v); err != nil || v.At.Never != never || !v.At.IsZero() {
			t.Errorf("%s: %+v, %v", in, v.At, err)
		}
	}
}
