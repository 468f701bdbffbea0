package connector_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// ending makes n connections of one key that ends at this time; the zero time means never.
func ending(n int, ends time.Time) []connector.Connection {
	all := working(n, noon)
	for i := range all {
		all[i].Report.Administrator = check.Administrator{KeyCreated: noon.AddDate(0, 0, -60), KeyExpires: ends, KeyNeverExpires: ends.IsZero()}
	}
	return all
}

// A key with many connections is reminded of 30, 14, 7 and 1 days before its end: once each, whatever time of day it is.
func TestAKeyIsRemindedOfFourTimes(t *testing.T) {
	for _, hour := range []int{0, 1, 11, 12, 23} {
		ends := noon.AddDate(0, 0, 90).Add(time.Duration(hour-12) * time.Hour)
		all := ending(500, ends)
		var on []int
		for now := noon; now.Before(ends.AddDate(0, 0, 9)); now = now.Add(6 * time.Hour) {
			for _, r := range due(all, now) {
				if len(r.Connections) != 500 || r.Years != 0 {
					t.Errorf("reminded of %d connections, %d years", len(r.Connections), r.Years)
				}
				on = append(on, daysLeft(t, r.Report, now))
				all[7].Reminded = toldAt(t, r, now)
			}
		}
		if !slices.Equal(on, []int{30, 14, 7, 1}) {
			t.Errorf("reminded %v days before the end", on)
		}
	}
}

// due returns the reminders that are due.
func due(all []connector.Connection, now time.Time) []connector.Reminder {
	return slices.DeleteFunc(connector.Reminders(all, now), func(r connector.Reminder) bool { return !r.Due(now) })
}

func daysLeft(t *testing.T, r check.Report, now time.Time) (days int) {
	t.Helper()
	if _, err := fmt.Sscan(r.KeyEnd(now).Facts["Days"], &days); err != nil {
		t.Fatal(err)
	}
	return days
}

// toldAt is what is kept of a reminder that was shown now.
func toldAt(t *testing.T, r connector.Reminder, now time.Time) connector.Reminded {
	t.Helper()
	for _, days := range []int{1, 7, 14, 30} {
		if daysLeft(t, r.Report, now) <= days {
			return connector.Reminded{Stage: days}
		}
	}
	t.Fatalf("reminded of a key that ends in %d days", daysLeft(t, r.Report, now))
	return connector.Reminded{}
}

// Who opens the app late is reminded of the last stage only. A key without an end is told of once a year; one of unknown age never.
func TestWhichReminderIsDue(t *testing.T) {
	year := func(n int) time.Time { return noon.AddDate(n, 0, -60) }
	broken := ending(1, noon.AddDate(0, 0, 5))
	broken[0].Report.Results[0].Outcome = check.Outcome{State: check.Failed, Cause: check.CauseKeyStopped}
	unread := ending(1, noon.AddDate(0, 0, 5))
	unread[0].Trouble = check.CauseKeychainDamaged
	unknown := working(1, noon)
	unmade := ending(1, time.Time{})
	unmade[0].Report.Administrator.KeyCreated = time.Time{}
	told := func(r connector.Reminded, ends time.Time) []connector.Connection {
		all := ending(3, ends)
		all[2].Reminded = r
		return all
	}
	in := func(days int) time.Time { return noon.AddDate(0, 0, days) }
	for name, one := range map[string]struct {
		all   []connector.Connection
		now   time.Time
		due   bool
		years int
	}{
		"in 31 days":                   {ending(1, in(31)), noon, false, 0},
		"in 30 days":                   {ending(1, in(30)), noon, true, 0},
		"in 9 days":                    {ending(1, in(9)), noon, true, 0},
		"today":                        {ending(1, noon.Add(time.Hour)), noon, true, 0},
		"now":                          {ending(1, noon), noon, false, 0},
		"ended":                        {ending(1, in(-3)), noon, false, 0},
		"in 9 days, told at 14":        {told(connector.Reminded{Stage: 14}, in(9)), noon, false, 0},
		"in 9 days, told at 30":        {told(connector.Reminded{Stage: 30}, in(9)), noon, true, 0},
		"in 7 days, told at 14":        {told(connector.Reminded{Stage: 14}, in(7)), noon, true, 0},
		"in 1 day, told at 1":          {told(connector.Reminded{Stage: 1}, in(1)), noon, false, 0},
		"muted":                        {told(connector.Reminded{Stage: 30, Muted: true}, in(1)), noon, false, 0},
		"put off":                      {told(connector.Reminded{Stage: 14, Later: noon.Add(time.Hour)}, in(9)), noon, false, 0},
		"put off until now":            {told(connector.Reminded{Stage: 14, Later: noon}, in(9)), noon, true, 0},
		"broken":                       {broken, noon, false, 0},
		"not readable":                 {unread, noon, false, 0},
		"end unknown":                  {unknown, noon, false, 0},
		"no end, age unknown":          {unmade, noon.AddDate(9, 0, 0), false, 0},
		"no end, a day short":          {ending(1, time.Time{}), year(1).Add(-24 * time.Hour), false, 0},
		"no end, a year":               {ending(1, time.Time{}), year(1), true, 1},
		"no end, told of a year":       {told(connector.Reminded{Stage: -1}, time.Time{}), year(2).Add(-time.Hour), false, 0},
		"no end, two years":            {told(connector.Reminded{Stage: -1}, time.Time{}), year(2), true, 2},
		"an end since, told of a year": {told(connector.Reminded{Stage: -1}, in(9)), noon, true, 0},
		"no end, muted":                {told(connector.Reminded{Stage: -1, Muted: true}, time.Time{}), year(5), false, 0},
	} {
		due := due(one.all, one.now)
		if (len(due) == 1) != one.due || one.due && due[0].Years != one.years {
			t.Errorf("%s: %d reminders", name, len(due))
		}
	}
}

// A key that is muted stays so while a connection uses it, whichever of them are removed.
func TestAMuteOutlivesItsConnection(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	key, ends := theMSP(4).Keys[0], noon.AddDate(0, 0, 12)
	key.Created, key.Expires = noon.AddDate(0, 0, -78), ends
	s.SetKey(key)
	connectEach(t, c, key.Value, someClients(4))
	dueNow := func() (due []connector.Reminder, all []connector.Connection) {
		t.Helper()
		all, err := c.Connections(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range connector.Reminders(all, ends.AddDate(0, 0, -5)) {
			if r.Due(ends.AddDate(0, 0, -5)) {
				due = append(due, r)
			}
		}
		return due, all
	}
	due, all := dueNow()
	if len(due) != 1 {
		t.Fatalf("%d reminders", len(due))
	}
	holder, _, err := c.AnswerReminder(t.Context(), due[0], connector.ReminderMuted)
	if err != nil {
		t.Fatal(err)
	}
	for len(all) > 1 {
		if err := c.Remove(t.Context(), holder); err != nil {
			t.Fatal(err)
		}
		if due, all = dueNow(); len(due) > 0 {
			t.Fatalf("with %d connections left it is not muted", len(all))
		}
		for _, one := range all {
			if one.Reminded.Muted {
				holder = one.ID
			}
		}
	}
}

// What a person answers is kept with the key: another key of the connection is reminded of anew.
func TestAnswersToAReminder(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	ends := noon.AddDate(0, 0, 12)
	key := func(value string, ends time.Time) {
		s.SetKey(jumpcloudtest.Key{Value: value, Email: "controlmap@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
			Organizations: []string{jumpcloudtest.OrganizationID(1)}, Created: noon.AddDate(0, 0, -78), Expires: ends})
	}
	key(jumpcloudtest.SampleKey, ends)
	key(jumpcloudtest.SampleSecondKey, ends)
	kept := save(t, c, "", with(jumpcloudtest.SampleKey))
	dueNow := func(when string, now time.Time, want int) []connector.Reminder {
		t.Helper()
		all, err := c.Connections(t.Context(), nil)
		due := due(all, now)
		if err != nil || len(due) != want {
			t.Fatalf("%s: %d reminders, %v", when, len(due), err)
		}
		return due
	}
	answer := func(r connector.Reminder, a connector.ReminderAnswer) {
		t.Helper()
		if id, _, err := c.AnswerReminder(t.Context(), r, a); err != nil || id != kept.ID {
			t.Fatalf("answered for %q, %v", id, err)
		}
	}
	dueNow("just saved, which says when it ends", noon, 0)
	first := dueNow("at the next stage", noon.AddDate(0, 0, 5), 1)[0]
	answer(first, connector.ReminderTold)
	dueNow("once told", noon.AddDate(0, 0, 10), 0)
	last := noon.AddDate(0, 0, 11)
	answer(dueNow("the day before", last, 1)[0], connector.ReminderLater) // puts it off from noon, the Connector's time
	dueNow("put off", noon.Add(23*time.Hour), 0)
	answer(dueNow("after that", last, 1)[0], connector.ReminderMuted)
	dueNow("muted", ends.Add(-time.Hour), 0)

	save(t, c, "", with(jumpcloudtest.SampleKey)) // the same key again: it stays muted
	dueNow("saved again", ends.Add(-time.Hour), 0)
	save(t, c, "", with(jumpcloudtest.SampleSecondKey), connector.Replacing(kept))
	dueNow("of another key", noon, 0)
	dueNow("of another key, at its next stage", ends.Add(-time.Hour), 1)
	if _, _, err := c.AnswerReminder(t.Context(), first, connector.ReminderMuted); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("an answer for a key that was replaced: %v", err)
	}
	dueNow("after an answer for the former key", ends.Add(-time.Hour), 1)
}
