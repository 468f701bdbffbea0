package gui

import (
	"time"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/check"
)

// checkingAll shows a check of all connections that runs.
func checkingAll(s *stage) {
	s.checks.pace.begin(s.clock.Now().Add(-time.Minute), 5000)
	s.checks.pace.add(s.clock.Now(), 1234)
	s.checks.running = true
	s.tell(checksChanged{})
}

// checkedAll shows how a check of all has ended, with every nth connection left.
func checkedAll(every int) func(*stage) {
	return func(s *stage) {
		run := s.checks
		run.running, run.of, run.ended = false, s.connections.all, make(map[string]check.Cause)
		for i, c := range run.of {
			if i%every != every-1 {
				run.ended[c.ID] = ""
			}
		}
		s.tell(checksChanged{})
	}
}

// everyCheckRun shows a check of all connections while it runs, and how it has ended.
func everyCheckRun(s *stage) {
	checkingAll(s)
	s.fits("connections that are checked")
	checkedAll(9)(s)
	s.checks.ended[s.checks.of[0].ID] = check.CauseKeychainGone
	s.tell(checksChanged{})
	s.fits("a check of all that was cancelled")
	for _, b := range s.list.summary.buttons {
		if b.Icon == theme.MenuExpandIcon() { // the head of a group that is folded
			b.OnTapped()
		}
	}
	s.fits("a check of all that was cancelled, unfolded")
	s.checks.limit = check.Outcome{State: check.Failed, Cause: check.CauseRateLimited, Facts: outcomeFacts}
	s.tell(checksChanged{})
	s.fits("a check of all that JumpCloud has ended")
	s.checks.forget()
}
