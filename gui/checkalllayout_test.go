package gui

import (
	"time"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/check"
)

// everyCheckRun shows a check of all connections while it runs, and how it has ended.
func everyCheckRun(s *stage) {
	run := s.checks
	run.pace.begin(s.clock.Now().Add(-time.Minute), 5000)
	run.pace.add(s.clock.Now(), 1234)
	run.running = true
	s.tell(checksChanged{})
	s.fits("connections that are checked")
	run.running, run.ended = false, make(map[string]check.Cause)
	run.of = s.connections.all
	for i, c := range run.of {
		if i%9 > 0 {
			run.ended[c.ID] = ""
		}
	}
	run.ended[run.of[0].ID] = check.CauseKeychainGone
	s.tell(checksChanged{})
	s.fits("a check of all that was cancelled")
	for _, b := range s.list.summary.buttons {
		if b.Icon == theme.MenuExpandIcon() { // the head of a group that is folded
			b.OnTapped()
		}
	}
	s.fits("a check of all that was cancelled, unfolded")
	run.limit = check.Outcome{State: check.Failed, Cause: check.CauseRateLimited, Facts: outcomeFacts}
	s.tell(checksChanged{})
	s.fits("a check of all that JumpCloud has ended")
	run.forget()
}
