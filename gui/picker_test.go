package gui

import (
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
	const more = "JumpCloud did not list all of them. If yours is missing, paste its Organization ID in a list, or go back and enter it."
	s.field("Search by name or ID (100+)")
	if n := len(s.rows("Choose organizations")); n != 100 || !s.sees(more) {
		t.Fatalf("%d are offered; the screen says %s", n, s.screenText())
	}
	s.press("Back")
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
	if len(s.rows("Choose organizations")) != 127 || s.sees(more) {
		t.Error("a whole list is said to be cut off")
	}
}
