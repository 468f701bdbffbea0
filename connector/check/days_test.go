package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// past makes outcomes from lines such as "2026-03-01 09:00–11:30 passed", in UTC.
func past(t *testing.T, lines ...string) (all []check.Past) {
	t.Helper()
	for _, line := range lines {
		var date, from, until, state, cause string
		if _, err := fmt.Sscan(strings.Replace(line, "–", " ", 1)+" -", &date, &from, &until, &state, &cause); err != nil {
			t.Fatal(err)
		}
		p := check.Past{Times: 1, Cause: check.Cause(strings.TrimSuffix(cause, "-"))}
		for at, clock := range map[*time.Time]string{&p.At: from, &p.Until: until} {
			var err error
			if *at, err = time.Parse("2006-01-02 15:04", date+" "+clock); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.State.UnmarshalText([]byte(state)); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestDays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("skipped: this computer knows no time zones")
	}
	for name, c := range map[string]struct {
		past  []string
		in    *time.Location
		today string
		days  int
		want  string
	}{
		"nothing":                       {nil, time.UTC, "2026-03-03T10:00:00Z", 3, "01 waiting 0, 02 waiting 0, 03 waiting 0"},
		"a day without a check":         {[]string{"2026-03-01 09:00–10:00 passed", "2026-03-03 09:00–09:00 passed"}, time.UTC, "2026-03-03T10:00:00Z", 3, "01 passed 1, 02 waiting 0, 03 passed 1"},
		"the worst of a day":            {[]string{"2026-03-03 01:00–02:00 warning", "2026-03-03 03:00–03:00 failed", "2026-03-03 04:00–05:00 passed"}, time.UTC, "2026-03-03T10:00:00Z", 1, "03 failed 3"},
		"not found out, and then it is": {[]string{"2026-03-02 01:00–02:00 skipped", "2026-03-03 01:00–02:00 skipped", "2026-03-03 03:00–03:00 passed"}, time.UTC, "2026-03-03T10:00:00Z", 2, "02 skipped 1, 03 passed 2"},
		"older than the line":           {[]string{"2026-02-01 01:00–02:00 failed", "2026-03-03 03:00–03:00 passed"}, time.UTC, "2026-03-03T10:00:00Z", 2, "02 waiting 0, 03 passed 1"},
		"midnight is elsewhere":         {[]string{"2026-03-02 23:30–23:50 failed"}, berlin, "2026-03-03T10:00:00Z", 2, "02 waiting 0, 03 failed 1"},
		"over midnight":                 {[]string{"2026-03-02 22:30–23:50 passed"}, berlin, "2026-03-03T10:00:00Z", 2, "02 passed 1, 03 passed 1"},
		"the clocks go forward":         {[]string{"2026-03-28 22:59–22:59 passed", "2026-03-28 23:00–23:00 failed", "2026-03-29 22:00–22:00 warning"}, berlin, "2026-03-30T10:00:00Z", 3, "28 passed 1, 29 failed 1, 30 warning 1"},
		"the clocks go back":            {[]string{"2026-10-24 22:00–22:00 failed", "2026-10-25 23:00–23:00 passed"}, berlin, "2026-10-26T10:00:00Z", 3, "24 waiting 0, 25 failed 1, 26 passed 1"},
		"over the end of a year":        {[]string{"2026-12-31 10:00–10:00 failed"}, time.UTC, "2027-01-01T00:00:00Z", 2, "31 failed 1, 01 waiting 0"},
	} {
		t.Run(name, func(t *testing.T) {
			today, err := time.Parse(time.RFC3339, c.today)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, day := range check.Days(past(t, c.past...), today.In(c.in), c.days) {
				got = append(got, fmt.Sprintf("%s %s %d", day.Date.Format("02"), day.State, len(day.Past)))
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("it is %s\nwant %s", s, c.want)
			}
		})
	}
}

// What could not be found out is no change, and neither is another check that ends alike.
func TestChanges(t *testing.T) {
	var got []string
	for _, p := range check.Changes(past(t, "2026-03-01 00:00–01:00 skipped timeout", "2026-03-01 09:00–10:00 passed", "2026-03-02 09:00–10:00 passed",
		"2026-03-02 11:00–11:00 skipped server", "2026-03-03 09:00–09:00 failed key_stopped", "2026-03-03 10:00–10:00 skipped timeout",
		"2026-03-03 11:00–11:00 failed key_stopped", "2026-03-03 12:00–12:00 failed key_ended", "2026-03-04 09:00–09:00 passed")) {
		got = append(got, p.At.Format("02 15:04 ")+p.State.String()+" "+string(p.Cause))
	}
	if s, want := strings.Join(got, ", "), "04 09:00 passed , 03 12:00 failed key_ended, 03 09:00 failed key_stopped, 01 09:00 passed "; s != want {
		t.Errorf("the changes are %s\nwant %s", s, want)
	}
}
