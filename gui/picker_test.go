package gui

import (
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// A list of organizations that breaks off is offered as far as it came, and it is said that there may be more. One that is
// not in it can be entered.
func TestAListThatBreaksOffIsOffered(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503)))
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	if p := s.form().picker; !p.Box.Visible() || p.List.Length() != 100 || !s.sees("JumpCloud did not list all of them. If yours is missing, enter its Organization ID above.") || !strings.Contains(p.Search.PlaceHolder, "100+") {
		t.Fatalf("%d are offered, as %q", s.form().picker.List.Length(), s.form().picker.Search.PlaceHolder)
	}
	s.fill("Organization ID", jumpcloudtest.OrganizationID(226)) // the last one
	s.pass(typingPause)
	s.shown()
	if got := s.kept()[0].Organization.ID; got != jumpcloudtest.OrganizationID(226) {
		t.Errorf("%s is kept", got)
	}
	s.server.Heal()
	s.press("New connection")
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	if s.form().picker.List.Length() != 127 || s.sees("JumpCloud did not list all of them. If yours is missing, enter its Organization ID above.") {
		t.Error("a whole list is said to be cut off")
	}
}
