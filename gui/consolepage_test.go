package gui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// The Admin Portal is opened in the region that is talked about: the one that was found, else the chosen one, else the first.
func TestTheConsoleIsThatOfTheRegion(t *testing.T) {
	fault := func(f *jumpcloudtest.Fault) func(*stage) { return func(s *stage) { s.server.Fail(f) } }
	for name, c := range map[string]struct {
		key, chosen string
		before      func(*stage)
		everywhere  bool     // all regions are asked then
		check       check.ID // whose button is pressed
		want        string
	}{
		"a role refused, found":       {key: jumpcloudtest.SampleCommandRunnerKey, check: check.IDKey, want: "eu"},
		"a role refused, chosen":      {key: jumpcloudtest.SampleCommandRunnerKey, chosen: "eu", check: check.IDKey, want: "eu"},
		"a role that does too much":   {key: jumpcloudtest.SampleAdministratorKey, check: check.IDRole, before: fault(jumpcloudtest.Forbidden().On("/api/systems")), want: "eu"},
		"a list refused":              {key: jumpcloudtest.SamplePartlyKey, check: check.IDDevices, want: "eu"},
		"no organization":             {key: "jca_TESTnone0000000000000000000000000000001", check: check.IDOrganization, want: "eu"},
		"a subscription that ended":   {key: jumpcloudtest.SampleKey, chosen: "eu", before: fault(jumpcloudtest.NotLicensed()), check: check.IDReachable, want: "eu"},
		"known nowhere":               {key: jumpcloudtest.SampleRevokedKey, check: check.IDKey, want: "us"},
		"not a key":                   {key: jumpcloudtest.OrganizationID(1), check: check.IDEntries, want: "us"},
		"not a key, a region chosen":  {key: jumpcloudtest.OrganizationID(1), chosen: "in", check: check.IDEntries, want: "in"},
		"found elsewhere than chosen": {key: jumpcloudtest.SamplePartlyKey, chosen: "us", everywhere: true, check: check.IDDevices, want: "eu"},
	} {
		t.Run(name, func(t *testing.T) {
			s, consoles := openInEurope(t)
			s.server.SetKey(*owned(func(k *jumpcloudtest.Key) {
				k.Value, k.Organizations = "jca_TESTnone0000000000000000000000000000001", nil
			}))
			if c.chosen != "" {
				s.pick("Region", words.Region(c.chosen))
			}
			if c.before != nil {
				c.before(s)
			}
			s.typeKey(c.key)
			if c.check != check.IDEntries {
				s.checked()
			}
			if c.everywhere {
				s.press("Ask all regions")
				s.checked()
			}
			s.pressOn(s.results().card.box, "Open JumpCloud")
			if s.page != consoles[c.want] {
				t.Errorf("the button opens %s, want %s", s.page, consoles[c.want])
			}
			for where, open := range map[string]func(){
				"the guide": func() { s.press("Open JumpCloud") },
				"the menu":  func() { s.menu("Help", "Open the JumpCloud console") },
			} {
				s.page = ""
				if open(); s.page != consoles[c.want] {
					t.Errorf("%s opens %s, want %s", where, s.page, consoles[c.want])
				}
			}
			s.fill("API key", "jca_TESTanother") // of which nothing is known
			want := consoles["us"]
			for id, console := range consoles {
				if s.chosen("Region") == words.Region(id) {
					want = console
				}
			}
			if s.press("Open JumpCloud"); s.page != want {
				t.Errorf("with another key it is still %s", s.page)
			}
		})
	}
}

// The screen of a kept connection opens that of its own region.
func TestTheConsoleOfAKeptConnection(t *testing.T) {
	s, consoles := openInEurope(t)
	s.typeKey(jumpcloudtest.SampleAdministratorKey)
	s.shown()
	for _, c := range []struct {
		where string
		open  func()
	}{
		{"its report", func() { test.Tap(s.row(check.IDRole).button) }},
		{"the menu", func() { s.menu("Help", "Open the JumpCloud console") }},
		{"the guide", func() { s.press("Open JumpCloud") }},
		{"the form for a new key", func() { s.press("Replace key"); s.press("Open JumpCloud") }},
	} {
		s.page = ""
		if c.open(); s.page != consoles["eu"] {
			t.Errorf("%s opens %s", c.where, s.page)
		}
	}
}

// openInEurope opens a window on three regions. The server's keys are of the second one.
func openInEurope(t *testing.T) (*stage, map[string]string) {
	t.Helper()
	consoles := make(map[string]string)
	eu := sampleServer(t)
	var regions []jumpcloud.Region
	for _, id := range []string{"us", "eu", "in"} {
		server := eu
		if id != "eu" {
			server = jumpcloudtest.New(jumpcloudtest.World{})
			t.Cleanup(server.Close)
		}
		consoles[id] = server.URL
		regions = append(regions, jumpcloud.Region{ID: id, Console: server.URL})
	}
	return openOn(t, eu, keychain.Memory(), Options{}, connector.WithRegions(regions...)), consoles
}
