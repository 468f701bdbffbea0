package words

import (
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Only the cause is kept of an earlier check. So its words need no facts, in any language.
func TestPastCausesNeedNoFacts(t *testing.T) {
	defer func() { _, _ = Use("en") }()
	facts := check.Facts{}
	for _, name := range []string{"Off", "Host", "Status", "Region", "Count", "MFA", "Days", "Left", "Expires", "Product", "Email", "Seconds"} {
		facts[name] = "§"
	}
	for _, language := range Languages {
		if _, err := Use(language.ID); err != nil {
			t.Fatal(err)
		}
		for _, m := range check.Meanings() {
			ofEntries := m.Cause == check.CauseKeySeveral || m.Cause == check.CauseKeyIsOther // no kept connection has them
			if m.State == check.Passed || m.State == check.Skipped || ofEntries {
				continue
			}
			for _, state := range []check.State{m.State, check.Skipped} {
				if said := Past(state, m.Cause); said == "" || strings.Contains(said, "cause.") || strings.HasSuffix(said, ".") {
					t.Errorf("%s: %s is said as %q", language.ID, m.Cause, said)
				}
			}
			needs := strings.Contains(Title(check.Outcome{Cause: m.Cause, Facts: facts}, time.Now()), "§")
			if own := has("cause." + string(m.Cause) + ".past"); needs && !own {
				t.Errorf("%s: the title of %s needs a fact: %q", language.ID, m.Cause, Title(check.Outcome{Cause: m.Cause}, time.Now()))
			}
		}
	}
}

func TestDay(t *testing.T) {
	at := func(clock string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", "2026-03-01 "+clock, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	one := func(clock string, times int, state check.State, cause check.Cause) check.Past {
		return check.Past{At: at(clock), Until: at(clock), Times: times, State: state, Cause: cause}
	}
	for want, past := range map[string][]check.Past{
		"2026-03-01 · not checked":                                             nil,
		"2026-03-01 · Works · 1 check":                                         {one("09:00", 1, check.Passed, "")},
		"2026-03-01 · JumpCloud no longer knows this key · 30 checks":          {one("09:00", 9, check.Passed, ""), one("18:00", 20, check.Failed, check.CauseKeyStopped), one("20:00", 1, check.Skipped, check.CauseTimeout)},
		"2026-03-01 · The key has ended · 3 checks":                            {one("09:00", 1, check.Failed, check.CauseKeyStopped), one("10:00", 2, check.Failed, check.CauseKeyEnded)},
		"2026-03-01 · Could not be checked: No answer came in time · 2 checks": {one("09:00", 2, check.Skipped, check.CauseTimeout)},
	} {
		if got := Day(check.Days(past, at("23:00"), 1)[0]); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
