package connector_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

func TestANote(t *testing.T) {
	k, s := newRecorder(), newServerWith(t, renewed)
	c := newConnector(k, s)
	one := save(t, c, "", with(jumpcloudtest.SampleKey))
	for typed, want := range map[string]string{
		"Ticket 4711":             "Ticket 4711",
		" two\nlines\tand a tab ": "two lines and a tab",
		"\u202eevil\u2066":        "evil",
		strings.Repeat("ä", 300):  strings.Repeat("ä", 100) + "…",
		one.Organization.ID:       one.Organization.ID,
		"=cmd|' /C calc'!A0":      "=cmd|' /C calc'!A0",
		"\u200b":                  "",
	} {
		if note, err := c.KeepNote(t.Context(), one.ID, typed); err != nil || note != want {
			t.Errorf("%q becomes %q, %v", typed, note, err)
		}
		if _, all := stored(t, k, s); all[0].Note != want {
			t.Errorf("%q is kept as %q", typed, all[0].Note)
		}
	}
	hidden := jumpcloudtest.SampleKey[:10] + "\u200b" + jumpcloudtest.SampleKey[10:20] + "\u00ad" + jumpcloudtest.SampleKey[20:]
	for _, typed := range []string{jumpcloudtest.SampleKey, hidden, "the key is " + jumpcloudtest.SampleKey + " as of May", strings.Repeat("0a", 20)} {
		if _, err := c.KeepNote(t.Context(), one.ID, typed); !errors.Is(err, connector.ErrNoteHoldsKey) {
			t.Errorf("a key in a note: %v", err)
		}
	}
	if err := c.Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.KeepNote(t.Context(), one.ID, "gone"); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("the note of a connection that was removed: %v", err)
	}
}

// A note stays whatever else becomes of the connection.
func TestANoteStays(t *testing.T) {
	k, s := newRecorder(), newServerWith(t, renewed)
	c := newConnector(k, s)
	session, err := c.SaveForSession(t.Context(), "", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.KeepNote(t.Context(), session.ID, "Ticket 4711"); err != nil {
		t.Fatal(err)
	}
	one, err := c.SaveFromSession(t.Context(), session.ID)
	stays := func(what string) {
		t.Helper()
		if _, all := stored(t, k, s); err != nil || len(all) != 1 || all[0].Note != "Ticket 4711" || connector.RowOf(all[0], time.Now()).Note != "Ticket 4711" {
			t.Errorf("%s: %+v, %v", what, all, err)
		}
	}
	stays("saved from the session")
	_, err = c.Check(t.Context(), one.ID, ignore)
	stays("checked")
	_, err = c.Rename(t.Context(), one, "Ours")
	stays("renamed")
	_, err = c.MarkHandedOver(t.Context(), one)
	stays("handed over")
	save(t, c, "", with(jumpcloudtest.SampleKey))
	stays("saved again")
	save(t, c, "", with(renewed.Value), connector.Replacing(one))
	stays("with another key")
}

// The longest note fits beside the longest name and a report in which everything failed, with nothing that can be compressed.
func TestTheLongestNoteFits(t *testing.T) {
	k, s := newRecorder(), newServer(t)
	c := newConnector(k, s)
	random := func() string {
		var b strings.Builder
		for range 100 {
			b.WriteRune(rune(0x10400 + rand.IntN(0x4f))) // letters of four bytes
		}
		return b.String()
	}
	credentials := with(jumpcloudtest.SampleKey)
	report := validated(t, c, credentials)
	for i := range report.Results {
		report.Results[i].Facts = check.Facts{"Detail": random(), "Host": random()}
	}
	one, err := c.Save(t.Context(), random(), credentials, report)
	if err != nil {
		t.Fatal(err)
	}
	want := random()
	if note, err := c.KeepNote(t.Context(), one.ID, want); err != nil || note != want {
		t.Errorf("it becomes %q, %v", note, err)
	}
	if _, all := stored(t, k, s); len(all) != 1 || all[0].Note != want {
		t.Errorf("it is kept as %+v", all)
	}
}
