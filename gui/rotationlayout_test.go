package gui

import (
	"errors"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// everyRotation shows the replacing of a shared key in all its states.
func everyRotation(s *stage) {
	all := s.connections.all
	one := all[0]
	one.Report.Administrator = check.Administrator{Email: longEmail, Role: longRole, KeyExpires: s.clock.Now().AddDate(0, 0, 12)}
	two, three := one, one
	two.ID, two.Name, two.Organization.Name = "two", longName, longName
	two.HandOver = connector.HandOver{At: s.clock.Now(), Tenant: "https://larkspur.app.eu.ctrlmap.com"}
	three.ID = "three"
	s.loader.set([]connector.Connection{one, two, three})
	s.tell(keyWanted{one})
	s.fits("a shared key to replace")
	r := screenOf[*rotation](s)
	state := func(what string, p phase, err error) {
		r.phase, r.err = p, err
		r.present()
		s.fits("a shared key: " + what)
	}
	next := one.Report
	next.Administrator.Role, next.Administrator.Email = jumpcloudtest.RoleAdministrator, "x"+longEmail
	works := connector.Tried{Connection: one, Report: next}
	r.trial = connector.Trial{Rotation: r.of, Report: next, Tried: []connector.Tried{works, works, works}}
	r.tried = 1
	state("tried", phaseTrying, nil)
	state("cancelled", phaseCancelled, nil)
	state("works", phaseTried, nil)
	state("stored", phaseReplacing, nil)
	r.done = []connector.Connection{one, two}
	state("done", phaseDone, nil)
	state("done half-way", phaseDone, keychain.ErrLocked)
	for _, err := range []error{connector.ErrSameKey, connector.ErrOtherRegion, connector.ErrNotWorking, connector.ErrNotKnown} {
		state(err.Error(), phaseTried, err)
	}
	for _, err := range []error{connector.ErrUncertain, connector.ErrNotTried, keychain.ErrLocked, keychain.ErrNoProvider, errors.New(longName)} {
		state(err.Error(), phaseFailed, err)
	}
	for _, cause := range []check.Cause{check.CauseDatasetRefused, check.CauseNotOpened} {
		lost := works
		lost.Connection = two
		lost.Report.Results = []check.Result{{Check: check.IDKey, Outcome: check.Outcome{State: check.Passed}},
			{Check: check.IDOrganization, Outcome: check.Outcome{State: check.Failed, Cause: cause, Facts: outcomeFacts}}}
		r.trial.Tried = []connector.Tried{works, lost, works}
		state("lost, "+string(cause), phaseTried, nil)
	}
	r.trial.Tried = r.trial.Tried[:1]
	state("not known", phaseTried, nil)
	r.forget()
	s.loader.set(all)
}

// rotationPictures are the pictures of replacing a key that several connections share.
func rotationPictures() []picture {
	of := func(change func(*jumpcloudtest.Key), do func(*stage)) func(*testing.T) *stage {
		return func(t *testing.T) *stage {
			k := keychain.Memory()
			server := serverWithNext(t, change)
			connectClients(t, server, k, 12)
			handedOver(t, k, 9)
			s := openOn(t, server, k, Options{})
			s.tell(keyWanted{s.connections.all[2]})
			do(s)
			return s
		}
	}
	enter := func(s *stage) {
		r := screenOf[*rotation](s)
		r.key.SetText(nextKey)
		s.pass(typingPause)
		s.until("it is tried", func() bool { return !r.busy() })
		s.drain()
	}
	replaced := func(s *stage) {
		enter(s)
		screenOf[*rotation](s).replaceWorking()
		s.settle()
	}
	fewer := func(k *jumpcloudtest.Key) { k.Organizations = append(k.Organizations[:3:3], k.Organizations[5:]...) }
	other := func(k *jumpcloudtest.Key) {
		k.Email, k.Role = "new@northgate-msp.example", jumpcloudtest.RoleAdministrator
	}
	return []picture{
		{"rotation", of(unchanged, func(*stage) {})},
		{"rotation-running", of(unchanged, func(s *stage) {
			s.server.SetLatency(5 * time.Millisecond)
			r := screenOf[*rotation](s)
			r.key.SetText(nextKey)
			s.pass(typingPause)
			s.until("some are tried", func() bool { return r.tried > 3 })
		})},
		{"rotation-works", of(unchanged, enter)},
		{"rotation-differs", of(other, enter)},
		{"rotation-lost", of(fewer, enter)},
		{"rotation-done", of(unchanged, replaced)},
		{"rotation-done-some", of(fewer, replaced)},
		{"rotation-cancelled", of(unchanged, func(s *stage) {
			r := screenOf[*rotation](s)
			r.key.SetText(nextKey)
			r.try(connector.Trial{})
			r.stop()
			s.settle()
		})},
		{"rotation-failed", of(unchanged, func(s *stage) {
			enter(s)
			r := screenOf[*rotation](s)
			r.phase, r.err = phaseFailed, keychain.ErrLocked
			r.present()
		})},
	}
}
