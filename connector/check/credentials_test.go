package check_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/check"
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
		cause             check.Cause
		plausible         bool
	}{
		"new key":              {newKey, "", check.CauseEntriesGood, true},
		"old key":              {oldKey, org, check.CauseEntriesGood, true},
		"quotes and blanks":    {" “" + newKey + "”\n", org, check.CauseEntriesRepaired, true},
		"line breaks within":   {newKey[:20] + "\r\n" + newKey[20:], "", check.CauseKeyIsText, false},
		"the whole header":     {"X-Api-Key: " + newKey, "", check.CauseEntriesRepaired, true},
		"zero-width space":     {"\u200b" + newKey, "", check.CauseEntriesRepaired, true},
		"nothing":              {"", "", check.CauseKeyMissing, false},
		"nothing but blanks":   {"  \t", "", check.CauseKeyMissing, false},
		"another shape":        {"jck-12345", "", check.CauseKeyUnusual, false},
		"not for a header":     {"schlüssel" + newKey, "", check.CauseKeyUnreadable, false},
		"too long":             {strings.Repeat("k", 600), "", check.CauseKeyTooLong, false},
		"an Organization ID":   {org, "", check.CauseKeyIsOrganizationID, false},
		"ControlMap's own key": {control, "", check.CauseKeyIsControlMap, false},
		"swapped":              {org, newKey, check.CauseSwapped, false},
		"key in the id's":      {"", newKey, check.CauseSwapped, false},
		"id too short":         {newKey, org[:20], check.CauseOrganizationMalformed, false},
		"id of other letters":  {newKey, strings.Repeat("xy", 12), check.CauseOrganizationMalformed, false},
	} {
		entered := check.Credentials{APIKey: secret.New(c.key), OrganizationID: secret.New(c.organization)}
		if got := entered.Shape(); got.Cause != c.cause || got.State != c.cause.Meaning().State {
			t.Errorf("%s: %s (%s), want %s", name, got.Cause, got.State, c.cause)
		}
		if entered.Plausible() != c.plausible {
			t.Errorf("%s: plausible is %v", name, !c.plausible)
		}
	}
}

func TestSwapped(t *testing.T) {
	entered := check.Credentials{Region: "eu", APIKey: secret.New(org), OrganizationID: secret.New(newKey)}
	if s := entered.Swapped(); s.APIKey.Reveal() != newKey || s.OrganizationID.Reveal() != org || s.Region != "eu" {
		t.Error("the two are not swapped")
	}
}

// A key in either entry is in no printed form of the credentials, and in no outcome about them.
func TestCredentialsAreNotPrinted(t *testing.T) {
	s := newServer(t)
	c := newValidator(s)
	for _, entered := range []check.Credentials{
		{APIKey: secret.New(newKey), OrganizationID: secret.New(org)},
		{APIKey: secret.New(org), OrganizationID: secret.New(newKey)},
		{APIKey: secret.New(newKey), OrganizationID: secret.New("x-api-key: " + newKey)},
		{OrganizationID: secret.New(newKey + " " + org)},
	} {
		cleaned := entered.Cleaned()
		for _, what := range []any{entered, &entered, cleaned, entered.Swapped(), entered.Shape(), []check.Credentials{entered},
			c.Validate(t.Context(), entered, ignore), struct{ inner check.Credentials }{entered}} {
			for _, printed := range printedForms(t, what) {
				if strings.Contains(printed, newKey[4:]) || strings.Contains(strings.ToLower(printed), hex.EncodeToString([]byte(newKey[4:]))) {
					t.Errorf("a printed form of %T holds the key", what)
				}
			}
		}
	}
}

// printedForms are the forms in which a value may get into a log or an answer.
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
