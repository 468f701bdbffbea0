package check_test

import (
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// Whatever is entered, nothing panics, cleaning twice changes nothing more, and what is sent can be a header.
func FuzzEntries(f *testing.F) {
	for _, key := range []string{"", jumpcloudtest.SampleKey, " \"" + jumpcloudtest.SampleKey + "\"\r\n", "x-api-key: k", "\u200b\u00ad\ufeff",
		jumpcloudtest.OrganizationID(1), "ghp_abc", strings.Repeat("0123abcd-", 7) + "0123abcd", "-----BEGIN", "\xff\xfe", "‘’“”„«»", "日本語"} {
		for _, org := range []string{"", jumpcloudtest.OrganizationID(1), jumpcloudtest.SampleKey, "x-org-id=5F", "Larkspur"} {
			f.Add(key, org)
		}
	}
	f.Fuzz(func(t *testing.T, key, org string) {
		entered := check.Credentials{APIKey: secret.New(key), OrganizationID: secret.New(org)}
		cleaned := entered.Cleaned()
		if again := cleaned.Cleaned(); !again.OrganizationID.Equal(cleaned.OrganizationID) || !again.APIKey.Equal(cleaned.APIKey) {
			t.Errorf("%q and %q are others when they are cleaned again", key, org)
		}
		if back := entered.Swapped().Swapped(); !back.APIKey.Equal(entered.APIKey) || back.OrganizationID.Reveal() != org {
			t.Errorf("swapped twice, %q and %q are others", key, org)
		}
		o := entered.Shape()
		if !o.State.Final() {
			t.Errorf("%q and %q: %s is no end", key, org, o.Cause)
		}
		if o.State != check.Failed && strings.ContainsFunc(cleaned.APIKey.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q would be sent", key)
		}
		if entered.Plausible() && o.State == check.Failed {
			t.Errorf("%q and %q are plausible, and fail with %s", key, org, o.Cause)
		}
	})
}
