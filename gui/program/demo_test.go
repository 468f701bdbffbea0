//go:build !headless

package program

import (
	"slices"
	"testing"
)

// The demo starts with the scale that the user has set for all programs, and not with the one that is chosen in the window.
func TestTheDemoHasTheUsersOwnScale(t *testing.T) {
	t.Setenv("FYNE_SCALE", "2") // as the window sets it
	for _, own := range [][]string{{"FYNE_SCALE=1.1", "HOME=TEST"}, {"HOME=TEST"}} {
		demo, err := demoCommand(own)
		if err != nil {
			t.Fatal(err)
		}
		if got := demo.Environ(); slices.Contains(got, "FYNE_SCALE=2") || !slices.Contains(got, own[0]) {
			t.Errorf("started with %q, it has %q", own, got)
		}
	}
}
