package gui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
)

// everyHandOvers shows the list of what ControlMap lacks in all its states, and the page for somebody else.
func everyHandOvers(s *stage) {
	all := s.connections.all
	working := all[slices.IndexFunc(all, func(c connector.Connection) bool { return c.Name == "Larkspur Robotics" })]
	working.Report.Administrator.Email = longEmail // from outside, so it may be cut
	outdated, named, broken := working, working, working
	outdated.ID, outdated.HandOver = "outdated", connector.HandOver{At: s.clock.Now(), Outdated: true, Tenant: "https://larkspur.app.eu.ctrlmap.com"}
	named.ID, named.Name, named.Organization.Name = "named", longName, longName
	broken.ID = "broken"
	broken.Report.Results = []check.Result{{Check: check.IDKey, Outcome: check.Outcome{State: check.Failed, Cause: check.CauseSuspended, Facts: outcomeFacts}}}
	unknown, unclear := working, named
	unknown.ID, unknown.Report = "unknown", check.Report{Administrator: working.Report.Administrator}
	unclear.ID = "unclear"
	unclear.Report.Results = []check.Result{{Check: check.IDReachable, Outcome: check.Outcome{State: check.Failed, Cause: check.CauseUnreachable, Facts: outcomeFacts}}}
	done := working
	done.ID = "done"
	done.HandOver.At = s.clock.Now()
	handed := done
	handed.ID = "handed" // of two connections to one organization, the list says whose key each has
	for what, some := range map[string][]connector.Connection{
		"nothing to hand over": {done, handed}, "nothing but what is broken": {broken, done}, "something to hand over": {working, named},
		"something to update": {outdated, done}, "something to update and to hand over": {working, outdated, named, unclear, unknown, broken}, "no connection": nil,
	} {
		s.loader.set(some)
		s.tell(handOversWanted{})
		s.fits(what)
	}
	s.loader.set([]connector.Connection{working, outdated, named})
	outdated.HandOver.Outdated = false
	s.tell(handOverInTurn{outdated})
	s.fits("a hand-over that leads to the next")
	for what, c := range map[string]connector.Connection{"that fails": broken, "of one that was never checked": unknown, "of one that could not be checked": unclear} {
		s.tell(handOverInTurn{c})
		s.fits("a hand-over in turn " + what)
	}
	s.tell(handOversWanted{})
	h := screenOf[*handOvers](s)
	overlays := s.win.Canvas().Overlays()
	for what, show := range map[string]func(){"the page for somebody else": h.offerPage,
		"the page that is saved": func() {
			h.pageSaved("/documents/" + longName + "/" + strings.Repeat("somebody/", 9) + "controlmap-jumpcloud.html")
		},
		"the page that is not saved": func() { h.pageUnsaved(errors.New(longName)) }} {
		show()
		s.fits(what)
		overlays.Remove(overlays.Top())
	}
	s.loader.set(all)
}

// handOverPictures are the pictures of handing over several connections.
func handOverPictures() []picture {
	of := func(do func(*stage)) func(*testing.T) *stage {
		return func(t *testing.T) *stage {
			server := sampleServer(t)
			k := keychain.Memory()
			connectClients(t, server, k, 12)
			s := openOn(t, server, k, Options{})
			s.tell(handOversWanted{})
			do(s)
			return s
		}
	}
	some := func(s *stage) {
		s.outdate("Aldgate Dental Group", "Kestrel", "Saint-Étienne Logistique", "Ashby Clinic", "Ashby Legal")
	}
	return []picture{
		{"hand-overs", of(some)},
		{"hand-overs-new", of(func(s *stage) {
			s.connections.all[2].Report = check.Report{}
			for _, c := range s.connections.all[3:5] {
				cause := map[string]check.Cause{s.connections.all[3].ID: check.CauseUnreachable, s.connections.all[4].ID: check.CauseSuspended}[c.ID]
				s.connections.all[rowOf(s.connections.all, c.ID)].Report.Results = []check.Result{{Check: check.IDReachable, Outcome: check.Outcome{State: check.Failed, Cause: cause}}}
			}
			s.tell(connectionsChanged{})
		})},
		{"hand-overs-none", of(func(s *stage) {
			for i := range s.connections.all {
				s.connections.all[i].HandOver.At = s.clock.Now()
			}
			s.tell(connectionsChanged{})
		})},
		{"hand-over-unclear", of(func(s *stage) {
			s.connections.all[2].Report.Results = []check.Result{{Check: check.IDReachable, Outcome: check.Outcome{State: check.Failed, Cause: check.CauseUnreachable}}}
			s.tell(handOverInTurn{s.connections.all[2]})
		})},
		{"hand-over-next", of(func(s *stage) {
			some(s)
			screenOf[*handOvers](s).next.OnTapped()
			h := screenOf[*handOver](s)
			h.markDone()
			s.settle()
			s.pass(time.Second)
		})},
		{"hand-overs-page", of(func(s *stage) { screenOf[*handOvers](s).offerPage() })},
		{"hand-overs-place", of(func(s *stage) { screenOf[*handOvers](s).savePage(nil) })},
		{"hand-overs-saved", of(func(s *stage) {
			screenOf[*handOvers](s).pageSaved("/documents/controlmap-jumpcloud.html")
		})},
	}
}
