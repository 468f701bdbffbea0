package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

var today = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// listingOf is a listing of these connections: letters are their names.
func listingOf(change map[string]func(*connector.Connection)) *listing {
	l := &listing{now: func() time.Time { return today }, order: byHealth, next: func(c connector.Connection) (time.Time, bool) {
		return c.Report.At.AddDate(0, 0, 1), c.Trouble == ""
	}}
	var all []connector.Connection
	for i, name := range []string{"a", "b", "c", "d", "e", "f"} {
		c := manyConnections(1, today)[0]
		c.ID, c.Name, c.KeyID = name, name, fmt.Sprint("key", i%2)
		c.HandOver = connector.HandOver{At: today.AddDate(0, 0, -i)}
		c.Report.At = today.Add(-time.Duration(i) * time.Hour)
		c.Report.Administrator.KeyExpires = today.AddDate(0, 0, 100+i)
		if do := change[name]; do != nil {
			do(&c)
		}
		all = append(all, c)
	}
	l.take(all)
	return l
}

func failed(id check.ID, cause check.Cause) func(*connector.Connection) {
	return func(c *connector.Connection) {
		for i := range c.Report.Results {
			if c.Report.Results[i].Check == id {
				c.Report.Results[i].Outcome = check.Outcome{State: cause.Meaning().State, Cause: cause}
			}
		}
	}
}

func (l *listing) names() string {
	var names []string
	for _, one := range l.shown {
		names = append(names, one.Name)
	}
	return strings.Join(names, "")
}

// everyHealth has a connection of each health: e is broken, d needs attention, c ends soon, b could not be checked.
func everyHealth() map[string]func(*connector.Connection) {
	return map[string]func(*connector.Connection){
		"b": func(c *connector.Connection) {
			c.Report.Found = slices.Clone(c.Report.Results) // it worked before
			failed(check.IDReachable, check.CauseTimeout)(c)
			c.Report.Worked = today.Add(-150 * time.Minute)
		},
		"c": func(c *connector.Connection) { c.Report.Administrator.KeyExpires = today.AddDate(0, 0, 9) },
		"d": func(c *connector.Connection) {
			failed(check.IDRole, check.CauseRolePrivileged)(c)
			c.Report.Administrator.KeyExpires = today.AddDate(0, 0, 8)
			c.HandOver.Outdated, c.Organization.Name = true, "Xylo"
		},
		"e": func(c *connector.Connection) {
			failed(check.IDKey, check.CauseKeyStopped)(c)
			c.Report.Administrator.KeyExpires = today.AddDate(0, 0, 7)
			c.HandOver = connector.HandOver{}
		},
	}
}

func TestTheOrderOfEachColumn(t *testing.T) {
	change := everyHealth()
	change["a"] = func(c *connector.Connection) {
		c.Report.Administrator = check.Administrator{KeyNeverExpires: true}
		c.Region, c.Report.At, c.Trouble = "eu", time.Time{}, check.CauseKeychainGone
	}
	change["f"] = func(c *connector.Connection) {
		c.Report.Administrator = check.Administrator{Email: "zoe@example.org", Role: "Help Desk"}
	}
	l := listingOf(change)
	for order, want := range map[connectionOrder][2]string{
		byName:   {"abcdef", "fedcba"},
		byHealth: {"aedcbf", "fbcdae"}, // the same health: by name
		byEnd:    {"edcba" + "f", "abcde" + "f"},
		byRegion: {"a" + "bcdef", "bcdef" + "a"},
		byRole:   {"f" + "bcde" + "a", "bcde" + "f" + "a"}, // it is not known of the last one
		byOwner:  {"bcde" + "f" + "a", "f" + "bcde" + "a"},
		// b could not be checked since two hours and a half ago
		byChecked:  {"fedbc" + "a", "cbdef" + "a"},
		byNext:     {"fedcb" + "a", "bcdef" + "a"},
		byHandOver: {"de" + "fcba", "abcf" + "ed"},
	} {
		for i, down := range []bool{false, true} {
			if l.sortBy(order, down); l.names() != want[i] {
				t.Errorf("by %s, down %v: %s, not %s", listColumns[order].setting, down, l.names(), want[i])
			}
		}
	}
}

func TestTheFilters(t *testing.T) {
	l := listingOf(everyHealth())
	for f, want := range []string{"edcbaf", "ed", "dc", "d"} {
		l.choose(connectionFilter(f))
		if l.names() != want || l.counts[f] != len(want) {
			t.Errorf("%s: %s, counted as %d, and not %s", filterKeys[f], l.names(), l.counts[f], want)
		}
	}
	l.search("XYLO")
	if l.names() != "d" || !l.restricted() {
		t.Errorf("the filter and the search let %s through", l.names())
	}
	l.search("northgate")
	if l.names() != "d" {
		t.Errorf("by whose key it is, %s are found", l.names())
	}
}

// A new report is counted at once. The row stays where it is until the list is arranged again.
func TestAReportLeavesTheRowInItsPlace(t *testing.T) {
	l := listingOf(nil)
	broken := l.all[4].Connection
	broken.Report.Results = slices.Clone(broken.Report.Results)
	failed(check.IDKey, check.CauseKeyStopped)(&broken)
	l.report("e", broken.Report)
	if l.names() != "abcdef" || l.counts[needingYou] != 1 || l.shown[4].health != check.HealthBroken {
		t.Errorf("%s, %d broken", l.names(), l.counts[needingYou])
	}
	l.arrange()
	if l.names() != "eabcdf" {
		t.Errorf("arranged: %s", l.names())
	}
	l.report("e", l.all[0].Report)
	if l.counts[needingYou] != 0 {
		t.Errorf("mended: %d broken", l.counts[needingYou])
	}
	l.report("gone", l.all[0].Report)
}

// Time alone makes a key end.
func TestTimePasses(t *testing.T) {
	l := listingOf(nil)
	for days, want := range map[int][2]int{0: {0, 0}, 71: {0, 2}, 101: {2, 4}} {
		l.now = func() time.Time { return today.AddDate(0, 0, days) }
		if l.age(); l.counts[needingYou] != want[0] || l.counts[endingSoon] != want[1] {
			t.Errorf("after %d days %d are broken and %d end soon", days, l.counts[needingYou], l.counts[endingSoon])
		}
	}
}

// The home hands over next what the list of hand-overs has first, of those that are shown.
func TestTheNextHandOver(t *testing.T) {
	change := everyHealth()
	change["a"] = func(c *connector.Connection) {
		change["b"](c) // not checked since
		c.HandOver.Outdated = true
	}
	change["f"] = func(c *connector.Connection) { c.HandOver, c.Note = connector.HandOver{}, "fjord" }
	l := listingOf(change)
	var order string
	for next := l.handOver(); next != nil; next = l.handOver() {
		order += next.Name
		next.HandOver = connector.HandOver{At: today}
		next.look(today)
	}
	var all string
	for _, c := range connector.NotHandedOver(l.connections(true), today).All() {
		all += c.Name
	}
	if order != "daf" || all != "" {
		t.Errorf("one after the other are handed over %q; left are %q", order, all)
	}
	l = listingOf(change)
	for _, c := range connector.NotHandedOver(l.connections(true), today).All() {
		all += c.Name
	}
	if all != order {
		t.Errorf("the list has %q, the home %q", all, order)
	}
	if l.search("fjord"); l.handOver().Name != "f" {
		t.Errorf("of those that are found, %s is next", l.handOver().Name)
	}
	if next := listingOf(nil).handOver(); next != nil {
		t.Errorf("all are handed over: %v", next)
	}
	if n := len(l.connections(true)); n != 6 {
		t.Errorf("%d can be checked", n)
	}
}
