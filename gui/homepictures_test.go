package gui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// clientNames are what the connections of [manyConnections] are called.
var clientNames = []string{"Larkspur Robotics", "Juniper & Sons Bakery", "Aldgate Dental", "Brackwater Logistics", "Corran Estates", "Dunmore Veterinary",
	"Eastney Brewing", "Fallow & Finch Architects", "Gorse Hill School", "Hollin Energy", "Inver Marine Insurance", "Kestrel Freight"}

// manyConnections makes connections in every state, of an MSP with some keys.
func manyConnections(n int, now time.Time) (all []connector.Connection) {
	owners := []check.Administrator{
		{Email: "audit@northgate-msp.example", Role: "Read Only", MFA: true, KeyCreated: now.AddDate(0, 0, -50), KeyExpires: now.AddDate(0, 0, 40)},
		{Email: "controlmap@larkspur.example", Role: "Read Only", MFA: true, KeyNeverExpires: true},
		{Email: "dana.whitfield@juniper-bakery.example", Role: "Administrator With Billing", MFA: true, KeyExpires: now.AddDate(0, 0, 9)},
	}
	for i := range n {
		name := clientNames[i%len(clientNames)]
		if i >= len(clientNames) {
			name = fmt.Sprintf("%s %d", name, i/len(clientNames)+1)
		}
		c := connector.Connection{ID: fmt.Sprintf("c%05d", i), Name: name, Region: []string{"us", "us", "eu"}[i%3], KeyID: fmt.Sprint("key", i%7%3), Saved: now.AddDate(0, 0, -30),
			Organization: check.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: name}}
		r := check.Report{At: now.Add(-time.Duration(i%50) * 7 * time.Minute), Region: c.Region, Organization: c.Organization, Administrator: owners[i%7%3], Worked: now.Add(-time.Hour)}
		for _, one := range check.All() {
			r.Results = append(r.Results, check.Result{Check: one.ID, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseCounted, Facts: check.Facts{"Count": "12"}}})
		}
		fails := func(id check.ID, cause check.Cause) {
			for j := range r.Results {
				if r.Results[j].Check == id {
					r.Results[j].Outcome = check.Outcome{State: cause.Meaning().State, Cause: cause}
				}
			}
		}
		switch i % 20 {
		case 3:
			fails(check.IDKey, check.CauseKeyStopped)
		case 6:
			fails(check.IDRole, check.CauseRolePrivileged)
		case 11:
			fails(check.IDReachable, check.CauseTimeout)
		}
		if i%2 == 0 {
			c.HandOver = connector.HandOver{At: now.AddDate(0, 0, -i%40), Outdated: i%26 == 12}
		}
		c.Report = r
		all = append(all, c)
	}
	return all
}

// forgetOrder forgets the order that was chosen: the tests share the app's settings.
func forgetOrder(s *stage) {
	s.work.running.Wait()
	s.app.Preferences().RemoveValue(orderSetting)
	s.app.Preferences().RemoveValue(orderDownSetting)
}

// homeWith is the window with its home and so many connections.
func homeWith(n int, then func(*stage)) func(t *testing.T) *stage {
	return func(t *testing.T) *stage {
		s := open(t, keychain.Memory(), Options{})
		t.Cleanup(func() { forgetOrder(s) })
		s.loader.set(manyConnections(n, s.clock.Now()))
		s.tell(homeWanted{})
		then(s)
		return s
	}
}

// homePictures are those of the home.
func homePictures() []picture {
	nothing := func(*stage) {}
	filtered := func(f connectionFilter) func(*stage) {
		return func(s *stage) { s.list.chips.Choose(int(f)); s.list.choose(f) }
	}
	return []picture{
		{"home-1", homeWith(1, nothing)}, {"home-6", homeWith(6, nothing)}, {"home-40", homeWith(40, nothing)}, {"home-5000", homeWith(5000, nothing)},
		{"home-needs", homeWith(40, filtered(needingYou))}, {"home-ends", homeWith(40, filtered(endingSoon))},
		{"home-to-hand-over", homeWith(40, filtered(stillToHandOver))},
		{"home-by-owner", homeWith(40, func(s *stage) { s.list.sortBy(byOwner) })},
		{"home-by-end-down", homeWith(40, func(s *stage) { s.list.sortBy(byEnd); s.list.sortBy(byEnd) })},
		{"home-search", homeWith(40, func(s *stage) { s.list.search.SetText("northgate") })},
		{"home-none", homeWith(40, func(s *stage) { s.list.search.SetText("nowhere") })},
		{"home-focus", homeWith(40, func(s *stage) { s.win.Canvas().Focus(s.list.list); s.keys(fyne.KeyDown, fyne.KeyDown) })},
		{"home-opened", homeWith(40, func(s *stage) { s.keys(fyne.KeyDown, fyne.KeyReturn) })},
		{"home-opened-filtered", homeWith(40, func(s *stage) { filtered(endingSoon)(s); s.keys(fyne.KeyReturn) })},
		{"home-banner", homeWith(40, func(s *stage) { s.trouble(ownerList, keychain.ErrLocked, func() {}) })},
		{"home-checking", homeWith(40, checkingAll)}, {"home-checked", homeWith(40, checkedAll(100))}, {"home-checked-in-part", homeWith(40, checkedAll(5))},
		{"home-checked-all", homeWith(3, checkedAll(100))},
		{"home-checked-shown", homeWith(40, func(s *stage) { checkedAll(100)(s); s.list.showOnly(s.checks.end().groups[0].Connections) })},
		{"home-opened-checking", homeWith(40, func(s *stage) { s.keys(fyne.KeyDown, fyne.KeyReturn); checkingAll(s) })},
		{"home-opened-checked", homeWith(40, func(s *stage) { s.keys(fyne.KeyDown, fyne.KeyReturn); checkedAll(100)(s) })},
		{"home-session", homeWith(6, func(s *stage) {
			s.connections.all[0].SessionOnly, s.connections.all[1].Trouble = true, check.CauseKeychainDamaged
			s.connections.all[2].Report = check.Report{}
			s.connections.settle("")
		})},
	}
}
