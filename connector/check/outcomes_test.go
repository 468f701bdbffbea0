package check_test

import (
	"slices"
	"testing"

	"controlmap-jumpcloud/connector/check"
)

// The columns of the table do not contradict each other.
func TestTheTableOfCausesIsConsistent(t *testing.T) {
	// Passed and warned causes after which the person has to choose first, and the one skipped cause that stops nothing.
	asks := []check.Cause{check.CauseChoose, check.CauseNeeded, check.CauseOrganizationUntold}
	seen := make(map[check.Cause]bool)
	for _, m := range check.Meanings() {
		if seen[m.Cause] {
			t.Errorf("%s has two rows", m.Cause)
		}
		seen[m.Cause] = true
		ends := m.State == check.Passed || m.State == check.Warning
		if want := ends && !slices.Contains(asks, m.Cause) || m.Cause == check.CauseRoleUnreadable; m.GoesOn != want {
			t.Errorf("%s: other checks go on: %v, want %v", m.Cause, m.GoesOn, want)
		}
		if m.Repeats && ends {
			t.Errorf("%s is an answer, and is asked for again", m.Cause)
		}
		if m.Softens && m.State != check.Failed {
			t.Errorf("%s is no failure, and is softened", m.Cause)
		}
		if m.State == check.Failed && (m.Move == check.MoveNobody) != (m.Cause == check.CauseRateLimited) { // that ends by itself
			t.Errorf("%s fails, and the move is %q", m.Cause, m.Move)
		}
		if m.Cause.Meaning() != m {
			t.Errorf("%s means something else by itself", m.Cause)
		}
	}
}

// Each check comes behind the checks that it waits for, and a check of the key reads only what is of the key.
func TestTheListOfChecksIsInOrder(t *testing.T) {
	before := make(map[check.ID]check.Check)
	for _, c := range check.All() {
		for _, id := range c.After {
			if _, ok := before[id]; !ok {
				t.Errorf("%s comes before %s, for which it waits", c.ID, id)
			}
		}
		if read, ok := before[c.Of]; c.Of != "" && (!ok || c.OfKey && !read.OfKey) {
			t.Errorf("%s reads the answer of %s, which is not of the key or comes later", c.ID, c.Of)
		}
		before[c.ID] = c
	}
}
