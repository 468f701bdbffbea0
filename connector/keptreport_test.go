package connector_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/printable"
)

// A report in which every check failed, with every text as long as it can be, is kept: each check's state and cause, and of the
// texts what fits.
func TestTheLongestReportIsKept(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for name, alphabet := range map[string]string{"letters": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "signs": signs(0x4e00, 6000), "symbols": signs(0x1f300, 400)} {
		t.Run(name, func(t *testing.T) {
			letters := []rune(alphabet)
			text := func() string {
				var b strings.Builder
				for range printable.Longest {
					b.WriteRune(letters[dice.IntN(len(letters))])
				}
				return b.String()
			}
			s, k := newServer(t), newRecorder()
			c := newConnector(k, s)
			credentials := with(jumpcloudtest.SampleKey)
			report := validated(t, c, credentials)
			report.Organization.Name, report.Administrator.Email, report.Administrator.Role = text(), text(), text()
			for i := range report.Results {
				r := &report.Results[i]
				if r.Check != check.IDKey && r.Check != check.IDOrganization {
					r.State, r.Cause = check.Failed, check.CauseCertificate
				}
				r.Facts = check.Facts{}
				for _, fact := range []string{"Detail", "Issuer", "Names", "Expired", "Now", "Issuing", "Host", "Region", "Status", "Tries", "RequestID"} {
					r.Facts[fact] = text()
				}
			}
			title := text()
			saved, err := c.Save(t.Context(), title, credentials, report)
			if err != nil {
				t.Fatal(err)
			}
			_, all := stored(t, k, s)
			if len(all) != 1 || all[0].ID != saved.ID || all[0].Name != title || all[0].Organization.Name != report.Organization.Name ||
				all[0].Report.Administrator != report.Administrator {
				t.Fatalf("found %+v", all)
			}
			for _, want := range report.Results {
				if got := all[0].Report.Result(want.Check); got.State != want.State || got.Cause != want.Cause {
					t.Errorf("%s is kept as %s: %s", want.Check, got.State, got.Cause)
				}
			}
			if r := all[0].Report.Result(check.IDPeople); name == "letters" && !strings.HasPrefix(report.Result(check.IDPeople).Facts["Detail"], strings.TrimSuffix(r.Facts["Detail"], "…")) {
				t.Errorf("of a fact %q is kept", r.Facts["Detail"])
			}
			// More that is kept with it takes the place of a part of the report.
			if err := c.KeepTenant(t.Context(), saved.ID, "q7x1k9d3w8v2n5b0m4j6h1f3s8a2z9c7y5t0r4e6u8i1o3p5l7g9x2q4w6v8n1.app.eu.ctrlmap.com"); err != nil {
				t.Error(err)
			}
			if _, err := c.MarkHandedOver(t.Context(), saved); err != nil {
				t.Error(err)
			}
			if _, err := c.Rename(t.Context(), saved, text()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A date or an id is kept whole, or not at all.
func TestAFactIsNotCutToAPart(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	credentials := with(jumpcloudtest.SampleKey)
	report := validated(t, c, credentials)
	dice := rand.New(rand.NewPCG(3, 4))
	for i := range report.Results {
		facts := check.Facts{"Expires": "2026-11-24T12:00:00Z", "Count": "250"}
		for n := range 12 {
			facts[fmt.Sprint("Detail", n)] = fmt.Sprintf("%016x%08x", dice.Uint64(), dice.Uint32())
		}
		report.Results[i].Facts = facts
	}
	if _, err := c.Save(t.Context(), "", credentials, report); err != nil {
		t.Fatal(err)
	}
	_, all := stored(t, k, s)
	for _, r := range all[0].Report.Results {
		if got, there := r.Facts["Expires"]; there || r.Facts["Count"] != "250" {
			t.Errorf("%s keeps %q, and %d facts", r.Check, got, len(r.Facts))
		}
	}
}

// Former numbers go before a part of a fact does: they are left out if the report with all its facts does not fit with them.
func TestFormerNumbersGoFirst(t *testing.T) {
	c := newConnector(newRecorder(), newServer(t))
	credentials := with(jumpcloudtest.SampleKey)
	report := validated(t, c, credentials)
	report.Former = report.Figures()
	dice := rand.New(rand.NewPCG(5, 6))
	facts := check.Facts{}
	report.Results[0].Facts = facts
	for n := 0; ; n++ {
		name := fmt.Sprint("Detail", n)
		facts[name] = fmt.Sprintf("%016x%016x%016x%016x", dice.Uint64(), dice.Uint64(), dice.Uint64(), dice.Uint64())
		saved, err := c.Save(t.Context(), "", credentials, report)
		if err != nil {
			t.Fatal(err)
		}
		all, err := c.Connections(t.Context(), nil)
		if err != nil || len(all) != 1 || all[0].ID != saved.ID {
			t.Fatalf("found %+v, %v", all, err)
		}
		kept := all[0].Report
		if !maps.Equal(kept.Results[0].Facts, facts) {
			t.Fatalf("with %d facts, they are cut to %v", n+1, kept.Results[0].Facts)
		}
		if len(kept.Former) == 0 {
			return
		}
	}
}

// signs are n characters from one on.
func signs(from rune, n int) string {
	var b strings.Builder
	for r := from; r < from+rune(n); r++ {
		b.WriteRune(r)
	}
	return b.String()
}
