package connector_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/keychain"
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
		"line breaks within":   {newKey[:20] + "\r\n" + newKey[20:], "", connector.CauseKeyIsText, false},
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
		entered := connector.Credentials{APIKey: secret.New(c.key), OrganizationID: secret.New(c.organization)}
		if got := entered.Shape(); got.Cause != c.cause || got.State != c.cause.Meaning().State {
			t.Errorf("%s: %s (%s), want %s", name, got.Cause, got.State, c.cause)
		}
		if entered.Plausible() != c.plausible {
			t.Errorf("%s: plausible is %v", name, !c.plausible)
		}
	}
}

func TestSwapped(t *testing.T) {
	entered := connector.Credentials{Region: "eu", APIKey: secret.New(org), OrganizationID: secret.New(newKey)}
	if s := entered.Swapped(); s.APIKey.Reveal() != newKey || s.OrganizationID.Reveal() != org || s.Region != "eu" {
		t.Error("the two are not swapped")
	}
}

// A key in either entry, also one in the place of the other, is in no printed form of the credentials and of what is said
// about them.
func TestCredentialsAreNotPrinted(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	for _, entered := range []connector.Credentials{
		{APIKey: secret.New(newKey), OrganizationID: secret.New(org)},
		{APIKey: secret.New(org), OrganizationID: secret.New(newKey)},
		{APIKey: secret.New(newKey), OrganizationID: secret.New("x-api-key: " + newKey)},
		{OrganizationID: secret.New(newKey + " " + org)},
	} {
		cleaned := entered.Cleaned()
		for _, what := range []any{entered, &entered, cleaned, entered.Swapped(), entered.Shape(), []connector.Credentials{entered},
			c.Validate(t.Context(), entered, ignore), struct{ inner connector.Credentials }{entered}} {
			for _, printed := range printedForms(t, what) {
				if strings.Contains(printed, newKey[4:]) || strings.Contains(strings.ToLower(printed), hex.EncodeToString([]byte(newKey[4:]))) {
					t.Errorf("a printed form of %T holds the key", what)
				}
			}
		}
	}
}

// printedForms are all forms in which a value gets into a log or an answer.
func printedForms(t *testing.T, what any) []string {
	t.Helper()
	var forms []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%w"} {
		forms = append(forms, fmt.Sprintf(verb, what))
	}
	inJSON, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("text", "value", what)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("json", "value", what)
	return append(forms, string(inJSON), logged.String())
}
