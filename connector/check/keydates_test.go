package check_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

const datedKey = "jca_TESTdated00000000000000000000000000000001"

// dated makes a key that works. JumpCloud tells these dates of it, as they are in JSON. Nil leaves a date out.
func dated(created, expires any) jumpcloudtest.Key {
	hash := map[string]any{}
	if created != nil {
		hash["createdAt"] = created
	}
	if expires != nil {
		hash["expireAt"] = expires
	}
	return jumpcloudtest.Key{Value: datedKey, Email: "dana@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}, Odd: map[string]any{"apiKeyHash": hash}}
}

// Days are those of the calendar where the computer is. The tests' computer is in Greenwich.
func init() { time.Local = time.UTC }

// null is a date whose field is null.
var null = json.RawMessage("null")

func TestDatesOfAKey(t *testing.T) {
	at := func(days int, hours ...int) string {
		day := noon.AddDate(0, 0, days)
		for _, h := range hours {
			day = day.Add(time.Duration(h) * time.Hour)
		}
		return day.Format(time.RFC3339)
	}
	unknown, endUnknown := check.CauseKeyAgeUnknown, check.CauseKeyEndUnknown
	for name, c := range map[string]struct {
		created, expires any
		age, end         check.Cause
		ageDays, left    string
	}{
		"nothing":                    {nil, nil, unknown, endUnknown, "", ""},
		"made and no word of an end": {at(-40), nil, check.CauseKeyAge, endUnknown, "40", ""},
		"without an end":             {at(-40), null, check.CauseKeyAge, check.CauseKeyEndless, "40", ""},
		"an end alone":               {nil, at(90), unknown, check.CauseKeyEnd, "", "90"},
		"no end alone":               {nil, null, unknown, check.CauseKeyEndless, "", ""},
		"made just now":              {at(0), at(90), check.CauseKeyAge, check.CauseKeyEnd, "0", "90"},
		"made a minute from now":     {noon.Add(time.Minute).Format(time.RFC3339), null, check.CauseKeyAge, check.CauseKeyEndless, "0", ""},
		"made late yesterday":        {at(-1, 11), nil, check.CauseKeyAge, endUnknown, "1", ""},
		"a year old":                 {at(-365), nil, check.CauseKeyAge, endUnknown, "365", ""},
		"older":                      {at(-366), nil, check.CauseKeyOld, endUnknown, "366", ""},
		"old, and ends soon":         {at(-700), at(3), check.CauseKeyOld, check.CauseKeyExpires, "700", "3"},
		"31 days left":               {at(-59), at(31), check.CauseKeyAge, check.CauseKeyEnd, "59", "31"},
		"30 days left":               {at(-60), at(30), check.CauseKeyAge, check.CauseKeyExpires, "60", "30"},
		"ends tomorrow":              {at(-89), at(1, -11), check.CauseKeyAge, check.CauseKeyExpires, "89", "1"},
		"ends today":                 {at(-90), at(0, 3), check.CauseKeyAge, check.CauseKeyExpires, "90", "0"},
		"ends this second":           {at(-90), at(0), check.CauseKeyAge, check.CauseKeyEnded, "90", ""},
		"has ended":                  {at(-92), at(-2), check.CauseKeyAge, check.CauseKeyEnded, "92", ""},
		"made in five days":          {at(5), at(95), check.CauseKeyFromFuture, check.CauseKeyEnd, "", "95"},
		"made in an hour":            {at(0, 1), null, check.CauseKeyFromFuture, check.CauseKeyEndless, "", ""},
		"made after it ended":        {at(-2), at(-40), unknown, endUnknown, "", ""},
		"made when it ended":         {at(-2), at(-2), unknown, endUnknown, "", ""},
		"made in 1601":               {"1601-01-01T00:00:00Z", nil, unknown, endUnknown, "", ""},
		"made in year 1":             {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", unknown, endUnknown, "", ""},
		"ends in 9999":               {at(-40), "9999-12-31T23:59:59Z", check.CauseKeyAge, endUnknown, "40", ""},
		"ends in 1601":               {at(-40), "1601-01-01T00:00:00Z", check.CauseKeyAge, endUnknown, "40", ""},
		"in seconds":                 {noon.AddDate(0, 0, -40).Unix(), noon.AddDate(0, 0, 50).Unix(), check.CauseKeyAge, check.CauseKeyEnd, "40", "50"},
		"in milliseconds":            {noon.AddDate(0, 0, -40).UnixMilli(), noon.AddDate(0, 0, 9).UnixMilli(), check.CauseKeyAge, check.CauseKeyExpires, "40", "9"},
		"in milliseconds, as text":   {fmt.Sprint(noon.AddDate(0, 0, -40).UnixMilli()), nil, check.CauseKeyAge, endUnknown, "40", ""},
		"without a zone":             {noon.AddDate(0, 0, -40).Format("2006-01-02T15:04:05"), nil, check.CauseKeyAge, endUnknown, "40", ""},
		"words":                      {"yesterday", "never", unknown, endUnknown, "", ""},
		"numbers that are none":      {0, -1, unknown, endUnknown, "", ""},
		"other things":               {map[string]any{}, []int{1}, unknown, endUnknown, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			report := validateWith(t, dated(c.created, c.expires), "")
			age, end := report.Result(check.IDKeyAge), report.Result(check.IDKeyEnd)
			if age.Cause != c.age || age.Facts["Days"] != c.ageDays {
				t.Errorf("its age is %s %v, want %s %s", age.Cause, age.Facts, c.age, c.ageDays)
			}
			if end.Cause != c.end || end.Facts["Days"] != c.left {
				t.Errorf("its end is %s %v, want %s %s", end.Cause, end.Facts, c.end, c.left)
			}
			if !report.Usable() || report.Worst() == check.Failed {
				t.Errorf("it is %s", report.Worst())
			}
		})
	}
}

// A stored report says how old the key is today, and how long it still lasts.
func TestAStoredReportAges(t *testing.T) {
	report := validateWith(t, dated(noon.AddDate(0, 0, -355).Format(time.RFC3339), noon.AddDate(0, 0, 45).Format(time.RFC3339)), "")
	data, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var kept check.Report
	if err := json.Unmarshal(data, &kept); err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]struct {
		age, end check.Cause
		left     string
		worst    check.State
	}{
		0:   {check.CauseKeyAge, check.CauseKeyEnd, "45", check.Passed},
		10:  {check.CauseKeyAge, check.CauseKeyEnd, "35", check.Passed},
		11:  {check.CauseKeyOld, check.CauseKeyEnd, "34", check.Warning},
		20:  {check.CauseKeyOld, check.CauseKeyExpires, "25", check.Warning},
		44:  {check.CauseKeyOld, check.CauseKeyExpires, "1", check.Warning},
		45:  {check.CauseKeyOld, check.CauseKeyEnded, "", check.Failed},
		400: {check.CauseKeyOld, check.CauseKeyEnded, "", check.Failed},
	} {
		now := kept.AsOf(noon.AddDate(0, 0, days))
		if age, end := now.Result(check.IDKeyAge), now.Result(check.IDKeyEnd); age.Cause != want.age || end.Cause != want.end ||
			end.Facts["Days"] != want.left || now.Worst() != want.worst {
			t.Errorf("after %d days: %s; %s %v; %s", days, age.Cause, end.Cause, end.Facts, now.Worst())
		}
	}
	if kept.Result(check.IDKeyEnd).Facts["Days"] != "45" {
		t.Error("the report itself has changed")
	}
}

// A key that JumpCloud accepts after its end is a warning, then and later.
func TestAKeyThatOutlivesItsEnd(t *testing.T) {
	report := validateWith(t, dated(nil, noon.AddDate(0, 0, -2).Format(time.RFC3339)), "")
	for _, days := range []int{0, 20} {
		r := report.AsOf(noon.AddDate(0, 0, days)).Result(check.IDKeyEnd)
		if r.State != check.Warning || r.Facts["Accepted"] == "" {
			t.Errorf("after %d days it is %s: %v", days, r.State, r.Facts)
		}
	}
}

// JumpCloud's clock decides when a key ends, also where this computer's clock is wrong.
func TestTheClockThatCounts(t *testing.T) {
	const day = 24 * time.Hour
	for name, ahead := range map[string]time.Duration{"right": 0, "five days behind": -5 * day, "a year behind": -365 * day, "40 days ahead": 40 * day} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.SetKey(dated(noon.AddDate(0, 0, -1).Format(time.RFC3339), noon.AddDate(0, 0, 35).Format(time.RFC3339)))
			shown := noon.Add(ahead)
			c := atTime(newValidator(s), func() time.Time { return shown })
			report := c.Validate(t.Context(), with(datedKey), ignore)
			left := func(now time.Time) string { return report.AsOf(now).Result(check.IDKeyEnd).Facts["Days"] }
			if age := report.Result(check.IDKeyAge); age.Facts["Days"] != "1" || left(shown) != "35" || left(shown.Add(2*day)) != "33" {
				t.Errorf("it is %s days old, and has %s left, two days later %s", age.Facts["Days"], left(shown), left(shown.Add(2*day)))
			}
			if got := left(noon.Add(4 * day)); got != "31" { // and the clock has been set right
				t.Errorf("with the right time, four days later, it has %s left", got)
			}
		})
	}
	s := newServer(t)
	s.Fail(jumpcloudtest.Undated())
	s.SetKey(dated(noon.AddDate(0, 0, 5).Format(time.RFC3339), null))
	report := newValidator(s).Validate(t.Context(), with(datedKey), ignore)
	if r := report.Result(check.IDKeyAge); r.Cause != check.CauseKeyFromFuture {
		t.Errorf("without JumpCloud's time, its age is %s", r.Cause)
	}
}

// The end of a key is known without its role.
func TestAnEndWithoutARole(t *testing.T) {
	for name, odd := range map[string]any{"none": "", "null": nil} {
		k := dated(nil, noon.AddDate(0, 0, 9).Format(time.RFC3339))
		k.Odd["roleName"] = odd
		report := validateWith(t, k, "")
		if role, end := report.Result(check.IDRole), report.Result(check.IDKeyEnd); role.Cause != check.CauseRoleUnreadable || end.Cause != check.CauseKeyExpires {
			t.Errorf("%s: %s, %s", name, role.Cause, end.Cause)
		}
	}
}

// The facts about a key may have any form in JSON.
func TestOddKeyHashes(t *testing.T) {
	made := noon.AddDate(0, 0, -40).Format(time.RFC3339)
	for name, c := range map[string]struct {
		odd map[string]any
		age check.Cause
	}{
		"a word":                {map[string]any{"apiKeyHash": "x"}, check.CauseKeyAgeUnknown},
		"null":                  {map[string]any{"apiKeyHash": nil}, check.CauseKeyAgeUnknown},
		"a list":                {map[string]any{"apiKeyHash": []int{1}}, check.CauseKeyAgeUnknown},
		"a number":              {map[string]any{"apiKeyHash": 1}, check.CauseKeyAgeUnknown},
		"a word, and a date":    {map[string]any{"apiKeyHash": "x", "apiKeyUpdatedAt": made}, check.CauseKeyAge},
		"null, and a date":      {map[string]any{"apiKeyHash": nil, "apiKeyUpdatedAt": made}, check.CauseKeyAge},
		"an absurd date":        {map[string]any{"apiKeyHash": map[string]any{"createdAt": "1601-01-01T00:00:00Z"}, "apiKeyUpdatedAt": made}, check.CauseKeyAge},
		"two absurd dates":      {map[string]any{"apiKeyHash": map[string]any{"createdAt": 0}, "apiKeyUpdatedAt": "9999-01-01T00:00:00Z"}, check.CauseKeyAgeUnknown},
		"the day it was hashed": {map[string]any{"apiKeyHash": map[string]any{"createdAt": made}, "apiKeyUpdatedAt": "2020-01-01T00:00:00Z"}, check.CauseKeyAge},
	} {
		k := dated(nil, nil)
		k.Odd = c.odd
		report := validateWith(t, k, "")
		if age, end := report.Result(check.IDKeyAge), report.Result(check.IDKeyEnd); age.Cause != c.age || end.Cause != check.CauseKeyEndUnknown ||
			report.Result(check.IDRole).Cause != check.CauseRole || report.Worst() != check.Passed {
			t.Errorf("%s: it is %s; %s, %s", name, report.Worst(), age.Cause, end.Cause)
		}
	}
}

// The end of a key is told as soon as the key is accepted: also where a person has to choose an organization first, and where JumpCloud does
// not tell it.
func TestTheEndIsToldBeforeTheChoice(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*jumpcloudtest.Server, *jumpcloudtest.Key)
		want   string
	}{
		"an end": {func(_ *jumpcloudtest.Server, k *jumpcloudtest.Key) { k.Expires = noon.AddDate(0, 0, 40) }, noon.AddDate(0, 0, 40).Format(time.RFC3339)},
		"none":   {func(*jumpcloudtest.Server, *jumpcloudtest.Key) {}, ""},
		"not told": {func(s *jumpcloudtest.Server, _ *jumpcloudtest.Key) {
			s.Fail(jumpcloudtest.Status(404).On("/api/users/getSelf"))
		}, ""},
		"it is refused": {func(s *jumpcloudtest.Server, _ *jumpcloudtest.Key) {
			s.Fail(jumpcloudtest.Unauthorized().On("/api/users/getSelf"))
		}, ""},
	} {
		s := newServer(t)
		key := jumpcloudtest.Key{Value: "jca_TESTseveral0000000000000000000000000001", Role: jumpcloudtest.RoleReadOnly, MultiTenant: true, Created: noon.AddDate(0, 0, -10),
			Organizations: []string{jumpcloudtest.OrganizationID(100), jumpcloudtest.OrganizationID(101)}}
		c.change(s, &key)
		s.SetKey(key)
		report := newValidator(s).Validate(t.Context(), with(key.Value), ignore)
		r := report.Result(check.IDOrganization)
		if r.Cause != check.CauseChoose || r.Facts["Expires"] != c.want || len(report.Choices) != 2 {
			t.Errorf("%s: %s with %v, and %d to choose from", name, r.Cause, r.Facts, len(report.Choices))
		}
	}
}
