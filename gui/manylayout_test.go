package gui

import (
	"fmt"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// aChoice is a key that opens so many organizations, with long names.
func aChoice(n int) severalOpen {
	report := check.Report{Region: "us", MoreChoices: true, Administrator: check.Administrator{Email: longEmail},
		Results: []check.Result{{Check: check.IDKey, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseKeyAccepted}},
			{Check: check.IDOrganization, Outcome: check.Outcome{State: check.Warning, Cause: check.CauseChoose}}}}
	for i := range n {
		report.Choices = append(report.Choices, check.Organization{ID: jumpcloudtest.OrganizationID(i), Name: longName + fmt.Sprint(" ", i)})
	}
	open := newSeveralOpen(check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey)}, report)
	open.inForm = true
	return open
}

// everyChoice shows the organizations that a key opens, in all states of connecting them.
func everyChoice(s *stage) {
	m := s.many()
	open := aChoice(60)
	s.tell(open)
	s.fits("the organizations")
	m.selectShown()
	m.search.SetText(" 1")
	s.fits("a search for organizations")
	for i := range m.filter.Options {
		m.filter.SetSelectedIndex(i)
		s.fits("a filter of the organizations")
	}
	m.filter.SetSelectedIndex(0)
	m.search.SetText("nowhere")
	s.fits("no organization that matches")
	m.search.SetText("")
	m.pace.begin(s.clock.Now().Add(-time.Minute), 5000)
	m.pace.add(s.clock.Now(), 1234)
	m.connecting.running = true
	m.settle()
	s.fits("organizations that are being connected")
	m.connecting.running = false
	ends := []connector.Connected{{}, {Err: &connector.ConnectedError{}}}
	for _, cause := range []check.Cause{check.CauseDatasetRefused, check.CauseDatasetWithheld, check.CauseSignIn, check.CauseKeyUnknownHere, check.CauseNotOpened} {
		outcome := check.Outcome{State: check.Failed, Cause: cause, Facts: outcomeFacts}
		ends = append(ends, connector.Connected{Err: connector.ErrNotWorking, Report: check.Report{Results: []check.Result{{Check: check.IDDevices, Outcome: outcome}}}})
	}
	for i, o := range m.every {
		end := ends[i%len(ends)]
		end.Organization = o
		m.ended[o.ID], m.connected[o.ID] = end, end.Err == nil
	}
	m.broken[m.every[0].ID], m.connected[m.every[0].ID], m.others[m.every[1].ID] = true, true, true
	m.unkept = check.CauseNoProvider
	m.summarize()
	m.find()
	s.fits("how connecting has ended")
	for _, b := range m.summary.buttons {
		if b.Text == "10" { // the head of a group that is folded
			b.OnTapped()
		}
	}
	s.fits("how connecting has ended, in full")
	m.unkept, m.undone = "", m.every
	m.selectShown()
	m.limit = check.Outcome{State: check.Failed, Cause: check.CauseRateLimited, Facts: outcomeFacts}
	m.find()
	s.fits("connecting that JumpCloud has ended")
	m.limit = check.Outcome{}
	m.find()
	s.fits("connecting that was cancelled")
	m.tellRun()
	s.fits("connecting behind other screens")
	m.w.banner.Hide(ownerRun)
	m.w.trouble(ownerMany, keychain.ErrNoProvider, func() {})
	s.fits("connecting that the keychain has ended")
	m.w.banner.Hide(ownerMany)
	m.openList()
	s.fits("a list to paste")
	s.win.Canvas().Overlays().Remove(s.win.Canvas().Overlays().Top())
	open.one = true
	s.tell(open)
	s.fits("one organization to choose")
	m.forget()
	m.from = s.connections.all[0]
	m.opening.running = true
	m.fill()
	s.fits("a key that is asked what it opens")
	m.opening.running = false
	m.fill()
	s.fits("a key that was not asked")
	for _, n := range []int{0, 1} {
		m.take(aChoice(n))
		s.fits(fmt.Sprintf("a key that opens %d", n))
	}
	m.forget()
	s.showScreen(s.screens[0])
}
