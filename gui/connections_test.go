package gui

import (
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// Everything counts alike who uses a key: those that have it in the same region, and can be read.
func TestWhoUsesAKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	one := s.connections.all[0]
	same, elsewhere, gone := one, one, one
	same.ID, same.Name = "same", "Same key"
	elsewhere.ID, elsewhere.Name, elsewhere.Region = "elsewhere", "Same key elsewhere", "eu"
	gone.ID, gone.Name, gone.Trouble = "gone", "Its key is gone", check.CauseKeychainGone
	unread := connector.Connection{ID: "unread", Trouble: check.CauseKeychainDamaged}
	counts := func(want int, some ...connector.Connection) {
		t.Helper()
		s.loader.set(append(some, unread, unread))
		f := s.form()
		f.setReplaces(one)
		named := strings.Count(f.about.Text, "Same key") + strings.Count(f.about.Text, "Its key is gone")
		if n, of := s.connections.users(one), connector.RotationOf(s.connections.all, keyOf(one)); n != want || len(of.Connections) != want ||
			s.connections.sharesKey(one) != (want > 1) || named != want-1 {
			t.Errorf("%d of %d use it, %d get another one, and the form names %d: %s", n, want, len(of.Connections), named, f.about.Text)
		}
	}
	counts(1, one)
	counts(1, one, elsewhere)
	counts(3, one, same, elsewhere, gone)
	if s.connections.sharesKey(unread) {
		t.Error("what cannot be read shares a key")
	}
}
