package connector_test

import (
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/secret"
)

var (
	newKey  = "jca_TEST" + strings.Repeat("a1", 16)
	oldKey  = strings.Repeat("0a", 20)
	org     = strings.Repeat("0b", 12)
	control = strings.TrimSuffix(strings.Repeat("01234567-", 8), "-")
)

func TestShape(t *testing.T) {
	for name, c := range map[string]struct {
		key, organization string
		cause             connector.Cause
		plausible         bool
	}{
		"new key":              {newKey, "", connector.CauseEntriesGood, true},
		"old key":              {oldKey, org, connector.CauseEntriesGood, true},
		"quotes and blanks":    {" “" + newKey + "”\n", org, connector.CauseEntriesRepaired, true},
		"line breaks within":   {newKey[:20] + "\r\n" + newKey[20:], "", connector.CauseEntriesRepaired, true},
		"the whole header":     {"X-Api-Key: " + newKey, "", connector.CauseEntriesRepaired, true},
		"zero-width space":     {"\u200b" + newKey, "", connector.CauseEntriesRepaired, true},
		"nothing":              {"", "", connector.CauseKeyMissing, false},
		"nothing but blanks":   {"  \t", "", connector.CauseKeyMissing, false},
		"another shape":        {"jck-12345", "", connector.CauseKeyUnusual, false},
		"not for a header":     {"schlüssel" + newKey, "", connector.CauseKeyUnreadable, false},
		"too long":             {strings.Repeat("k", 600), "", connector.CauseKeyTooLong, false},
		"an Organization ID":   {org, "", connector.CauseKeyIsOrganizationID, false},
		"ControlMap's own key": {control, "", connector.CauseKeyIsControlMap, false},
		"swapped":              {org, newKey, connector.CauseSwapped, false},
		"key in the id's":      {"", newKey, connector.CauseSwapped, false},
		"id too short":         {newKey, org[:20], connector.CauseOrganizationMalformed, false},
		"id of other letters":  {newKey, strings.Repeat("xy", 12), connector.CauseOrganizationMalformed, false},
	} {
		entered := connector.Credentials{APIKey: secret.New(c.key), OrganizationID: c.organization}
		if got := entered.Shape(); got.Cause != c.cause || got.State != c.cause.Meaning().State {
			t.Errorf("%s: %s (%s), want %s", name, got.Cause, got.State, c.cause)
		}
		if entered.Plausible() != c.plausible {
			t.Errorf("%s: plausible is %v", name, !c.plausible)
		}
	}
}

func TestSwapped(t *testing.T) {
	entered := connector.Credentials{Region: "eu", APIKey: secret.New(org), OrganizationID: newKey}
	if s := entered.Swapped(); s.APIKey.Reveal() != newKey || s.OrganizationID != org || s.Region != "eu" {
		t.Error("the two are not swapped")
	}
}
