package connector_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

const (
	datedKey   = "jca_TESTdated0000000000000000000000000000001"
	serviceKey = "jca_TESTservice000000000000000000000000000001"
)

// A stored report holds no answers: all is asked again.
func TestAgainFromAStoredReport(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	_, all := stored(t, k, s)
	s.ResetRequests()
	c.Again(t.Context(), all[0].Report, with(jumpcloudtest.SampleKey), ignore)
	if got := asked(s); len(got) != 9 {
		t.Errorf("asked for %v", got)
	}
}

// The end of a key is kept with its connection, also when JumpCloud does not tell it the next time, or refuses the key.
func TestTheEndOfAKeyIsKept(t *testing.T) {
	s, k := newServer(t), newRecorder()
	end := time.Now().AddDate(0, 0, 60)
	key := jumpcloudtest.Key{Value: datedKey, Email: "dana@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}, Created: time.Now().AddDate(0, 0, -30), Expires: end}
	s.SetKey(key)
	saved := save(t, newConnector(k, s), "", with(datedKey))
	checkedAgain := func(what string) check.Report {
		t.Helper()
		c, _ := stored(t, k, s)
		if _, err := checkTwice(t, c, saved.ID); err != nil {
			t.Fatal(err)
		}
		_, all := stored(t, k, s)
		if got := all[0].Report.Administrator.KeyExpires; got.Sub(end).Abs() > time.Second {
			t.Errorf("%s: it ends %s, want %s", what, got, end)
		}
		return all[0].Report
	}
	checkedAgain("as before")
	s.Fail(jumpcloudtest.Forbidden().On("/api/users/getSelf"))
	if r := checkedAgain("not told again").Result(check.IDKeyEnd); r.State.Final() && r.State == check.Failed {
		t.Errorf("not told again: %s", r.Cause)
	}
	s.Heal()
	s.Fail(jumpcloudtest.Status(503))
	checkedAgain("while JumpCloud is down")
	s.Heal()
	key.Revoked = true
	s.SetKey(key)
	if r := checkedAgain("revoked").Result(check.IDKey); r.Cause != check.CauseKeyStopped {
		t.Errorf("revoked before its end, it is %s", r.Cause)
	}
	s.SetClock(time.Until(end.AddDate(0, 0, 1)))
	if r := checkedAgain("ended").Result(check.IDKey); r.Cause != check.CauseKeyEnded || r.State != check.Failed {
		t.Errorf("after its end, it is %s: %s", r.State, r.Cause)
	}
}

// A kept connection of a service account works as before. Its organization is asked for by id.
func TestAServiceAccountIsCheckedAgain(t *testing.T) {
	s := newServer(t)
	s.SetKey(jumpcloudtest.Key{Value: serviceKey, ServiceAccount: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}})
	c := newConnector(keychain.Memory(), s)
	saved := save(t, c, "", check.Credentials{APIKey: secret.New(serviceKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(1))})
	if saved.Name != jumpcloudtest.OrganizationID(1) {
		t.Errorf("it is called %q", saved.Name)
	}
	s.ResetRequests()
	report, err := c.Check(t.Context(), saved.ID, ignore)
	if err != nil || report.Worst() != check.Passed {
		t.Errorf("it is %s, %v", report.Worst(), err)
	}
}

// Connections of one key that are checked side by side share what they found out about the limit.
func TestConnectionsOfAKeyShareTheLimit(t *testing.T) {
	s := newServer(t)
	c := connector.New(keychain.New(keychain.Memory(), service), // with real waits
		connector.WithRegions(jumpcloud.Region{ID: "r0", Console: s.URL}), connector.WithClock(func() time.Time { return noon }))
	var all []connector.Connection
	for n := range 3 {
		credentials := with(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100 + n))
		report := c.Validate(t.Context(), credentials, ignore)
		saved, err := c.Save(t.Context(), "", credentials, report)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, saved)
	}
	s.Fail(jumpcloudtest.AtMost(3, 20*time.Millisecond, jumpcloudtest.RateLimited(0)))
	var beside sync.WaitGroup
	defer beside.Wait()
	for range 3 { // such as in the form, while all are checked
		beside.Go(func() {
			if report := c.Validate(t.Context(), with(jumpcloudtest.SampleMultiTenantKey), ignore); report.Result(check.IDKey).State != check.Passed {
				t.Errorf("beside: %v", report.Result(check.IDKey))
			}
		})
	}
	c.CheckEach(t.Context(), all, func(id string, report check.Report, err error) {
		if err != nil || report.Worst() != check.Passed {
			t.Errorf("%s: %s, %v", id, report.Worst(), err)
		}
	})
}

// Where an organization's name shows nothing, its connection is called by the Organization ID.
func TestAConnectionWithoutANameToSee(t *testing.T) {
	id := jumpcloudtest.OrganizationID(1)
	for _, name := range []string{"", `null`, `""`, `"   "`, `"\u200b"`, `"\u3164"`, `"\u2800"`, `"\u0301\u0302"`, `"\ufeff\u2060\u00ad"`, `"\u202e"`, `"\n\t\r"`,
		`"\u0000"`, `"\ue000"`, `7`, `[]`, `{}`, `true`, `"\ud800"`, `"\ufe0f"`, `"\u115f\u1160\uffa0"`} {
		s := newServer(t)
		s.Fail(jumpcloudtest.Changed(jumpcloudtest.Field(-1, "displayName", name)).On("/api/organizations"))
		c := newConnector(keychain.Memory(), s)
		if saved := save(t, c, "\u2800 \u200b", with(jumpcloudtest.SampleKey)); saved.Name != id {
			t.Errorf("%s: it is kept as %q", name, saved.Name)
		}
	}
}

// A connection is saved although the calls outside of JumpCloud's contract fail.
func TestAConnectionWithinTheContractIsSaved(t *testing.T) {
	for name, f := range jumpcloudtest.NoSuchCall() {
		t.Run(name, func(t *testing.T) {
			s, k := newServer(t), newRecorder()
			s.Fail(f.On("/api/users"))
			saved := save(t, newConnector(k, s), "", with(jumpcloudtest.SampleKey))
			if _, all := stored(t, k, s); len(all) != 1 || all[0].ID != saved.ID || all[0].Report.Worst() != check.Passed {
				t.Errorf("found %+v", all)
			}
		})
	}
}

// Texts of JumpCloud's answers are short in what is kept.
func TestKeptTextsAreBounded(t *testing.T) {
	s, k := newServer(t), newRecorder()
	long := strings.Repeat("W", 10_000)
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Field(-1, "displayName", `"`+long+`"`)).On("/api/organizations"))
	save(t, newConnector(k, s), "", with(jumpcloudtest.SampleKey))
	_, all := stored(t, k, s)
	data, err := json.Marshal(all[0].Report)
	if err != nil || strings.Contains(string(data), long[:200]) || len(all[0].Name) > 200 {
		t.Errorf("%d bytes are kept, the name has %d: %v", len(data), len(all[0].Name), err)
	}
}
