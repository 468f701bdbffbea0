package gui

import (
	"testing"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// The demo says on every screen that its data is invented.
func TestTheDemoSaysThatItsDataIsInvented(t *testing.T) {
	s := open(t, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "revoked", Key: jumpcloudtest.SampleRevokedKey},
		{Name: "good", Key: jumpcloudtest.SampleKey}}})
	invented := func(where string) {
		t.Helper()
		if !s.sees("all data here is invented") {
			t.Errorf("%s does not say it", where)
		}
	}
	invented("the form")
	s.tab(s.button("Revoked key"))
	s.keys(fyne.KeyReturn)
	s.pass(typingPause)
	s.checked()
	invented("a failure")
	s.tab(s.button("All good"))
	s.keys(fyne.KeySpace)
	s.pass(typingPause)
	s.shown()
	invented("a connection")
	s.menu("View", "Settings…")
	invented("the settings")

	s = open(t, keychain.Memory(), Options{OpenDemo: func() error { return nil }})
	if s.sees("invented") {
		t.Error("it is said outside of the demo, too")
	}
}
