package check_test

import (
	"strings"
	"testing"
	"unicode"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

var (
	secondKey = "jca_TEST" + strings.Repeat("b2", 16)
	hash      = strings.Repeat("7e57", 10)
	otherOrg  = strings.Repeat("0c", 12)
)

// Of a pasted text, only the key and the Organization ID are kept.
func TestIntake(t *testing.T) {
	good, leftOut, repaired := check.CauseEntriesGood, check.CauseEntriesLeftOut, check.CauseEntriesRepaired
	for name, c := range map[string]struct {
		text, key, organization string
		cause                   check.Cause
	}{
		"alone":                       {newKey, newKey, "", good},
		"a line break after it":       {newKey + "\n", newKey, "", good},
		"Windows' line break":         {oldKey + "\r\n", oldKey, "", good},
		"blanks around it":            {" \t\u00a0" + newKey + "\u3000 \n\n", newKey, "", good},
		"a password store's entry":    {newKey + "\nurl: https://console.jumpcloud.com\nlogin: dana\nTEST-recovery 1234\n", newKey, "", leftOut},
		"not on its first line":       {"TESTpassword\nurl: x\napi: " + newKey + "\n", newKey, "", leftOut},
		"a label":                     {"API Key: " + newKey, newKey, "", leftOut},
		"a label on the line before":  {"My key:\n" + newKey, newKey, "", leftOut},
		"a header":                    {"x-api-key: " + newKey, newKey, "", good},
		"a header with its blanks":    {" X-API-Key :\t" + newKey + "\r\n", newKey, "", good},
		"an assignment":               {"JC_API_KEY=" + newKey, newKey, "", leftOut},
		"an exported one":             {"export JUMPCLOUD_API_KEY=\"" + oldKey + "\"", oldKey, "", leftOut},
		"PowerShell's":                {"$env:JC_API_KEY = '" + newKey + "'", newKey, "", leftOut},
		"cmd's":                       {"set JC_API_KEY=" + newKey + "&& run", newKey, "", leftOut},
		"an .env file":                {"# JumpCloud\nDB_PASSWORD=hunter2\nJC_API_KEY='" + newKey + "'\nJC_ORG_ID=" + org + "\n", newKey, org, leftOut},
		"the environment of Linux":    {"HOME=/root\x00JC_API_KEY=" + newKey + "\x00LANG=C\x00", newKey, "", leftOut},
		"curl":                        {"curl -H 'x-api-key: " + newKey + "' \\\n  -H \"x-org-id: " + org + "\" https://console.jumpcloud.com/api/systemusers", newKey, org, leftOut},
		"JSON":                        {`{"apiKey":"` + newKey + `","orgId":"` + org + `"}`, newKey, org, leftOut},
		"JSON in JSON":                {`"{\"apiKey\":\"` + oldKey + `\",\"orgId\":\"` + org + `\"}\n"`, oldKey, org, leftOut},
		"YAML":                        {"jumpcloud:\n  api_key: " + newKey + "\n  org_id: " + org + "\n", newKey, org, leftOut},
		"XML":                         {"<apiKey>" + newKey + "</apiKey><orgId>" + org + "</orgId>", newKey, org, leftOut},
		"a Markdown table":            {"| key | org |\n|---|---|\n| `" + newKey + "` | " + org + " |", newKey, org, leftOut},
		"Markdown":                    {"**" + newKey + "**", newKey, "", good},
		"a fenced block":              {"```\n" + newKey + "\n```\n", newKey, "", good},
		"two lines":                   {newKey + "\n" + org, newKey, org, good},
		"two lines, the other way":    {org + "\r\n" + newKey + "\r\n", newKey, org, good},
		"a tab between":               {oldKey + "\t" + org, oldKey, org, good},
		"a comma between":             {org + ", " + oldKey, oldKey, org, good},
		"a semicolon between":         {newKey + ";" + strings.ToUpper(org), newKey, org, good},
		"a sentence":                  {"The key is " + newKey + ".", newKey, "", leftOut},
		"German":                      {"API-Schlüssel: „" + newKey + "“\nOrganisations-ID: " + org, newKey, org, leftOut},
		"French":                      {"Clé d’API : « " + newKey + " »", newKey, "", leftOut},
		"Chinese":                     {"密钥：" + newKey + "。", newKey, "", leftOut},
		"quotes":                      {"“" + newKey + "”", newKey, "", good},
		"characters of no width":      {"\ufeff\u200b" + newKey[:9] + "\u200d\u00ad" + newKey[9:] + "\u202c\u2060", newKey, "", good},
		"an emoji":                    {"🔑️" + newKey, newKey, "", good},
		"a terminal's colours":        {"\x1b[1;32m" + newKey + "\x1b[0m\n", newKey, "", good},
		"zsh's mark":                  {newKey + "%", newKey, "", good},
		"HTTPie":                      {"http --headers x-api-key:" + newKey, newKey, "", leftOut},
		"PowerShell's module":         {"Connect-JCOnline -JumpCloudApiKey " + oldKey + " -JumpCloudOrgID " + org, oldKey, org, leftOut},
		"Terraform":                   {"provider \"jumpcloud\" {\n  api_key = \"" + newKey + "\"\n  org_id  = \"" + org + "\"\n}", newKey, org, leftOut},
		"a line of netrc":             {"machine console.jumpcloud.com login dana password " + oldKey, oldKey, "", leftOut},
		"CSV":                         {"name,key,org\nLarkspur,\"" + oldKey + "\"," + org, oldKey, org, leftOut},
		"a quoted mail":               {"> " + newKey + "\r\n> Regards", newKey, "", leftOut},
		"HTML":                        {"<code>" + newKey + "</code>&nbsp;", newKey, "", leftOut},
		"a commit beside it":          {newKey + "\ncommit " + hash, newKey, "", leftOut},
		"an unnamed hash beside it":   {hash + "  file\n" + newKey, newKey, "", leftOut},
		"an older key and a commit":   {"commit: " + hash + "\napi_key: " + oldKey, oldKey, "", leftOut},
		"an older key, hash after it": {oldKey + "\nsha1=" + hash, oldKey, "", leftOut},
		"another product's beside it": {"GITHUB_TOKEN=" + hash + "\nJUMPCLOUD_API_KEY=" + oldKey, oldKey, "", leftOut},
		"ControlMap's beside it":      {"ScalePad " + control + "\nJumpCloud " + newKey, newKey, "", leftOut},
		"the agent's key beside it":   {"x-connect-key: " + hash + "\nx-api-key: " + oldKey, oldKey, "", leftOut},
		"many ids":                    {newKey + "\n" + org + "\n" + otherOrg, newKey, "", leftOut},
		"many ids, one named":         {"user_id=" + otherOrg + "\nkey=" + newKey + "\norg_id=" + org, newKey, org, leftOut},
		"a user's id":                 {newKey + "\nuser: " + otherOrg, newKey, "", leftOut},
		"twice the same":              {newKey + "\nAPI_KEY=" + newKey, newKey, "", leftOut},
		"cut by a line break":         {newKey + "\r\nBBBB", newKey, "", leftOut},

		"nothing":                  {"", "", "", check.CauseKeyMissing},
		"nothing to see":           {" \u200b\r\n\x00", "", "", check.CauseKeyMissing},
		"nothing but quotes":       {`""`, "", "", check.CauseKeyMissing},
		"an Organization ID":       {"Organization ID: " + org, "", "", check.CauseKeyIsOrganizationID},
		"ControlMap's own":         {"x-api-key: " + control, "", "", check.CauseKeyIsControlMap},
		"another product's":        {"export GITHUB_TOKEN=ghp_TEST0000000000000000000000000000000000", "", "", check.CauseKeyIsOther},
		"another product's, named": {"GITHUB_TOKEN=" + hash, "", "", check.CauseKeyIsOther},
		"below a line":             {"Here it is:\nxoxb-TEST-0000", "", "", check.CauseKeyIsOther},
		"the agent's key":          {"x-connect-key: " + hash, "", "", check.CauseKeyIsText},
		"a commit":                 {"commit=" + hash, "", "", check.CauseKeyIsText},
		"a named hash":             {"GIT_SHA1=" + hash, "", "", check.CauseKeyIsText},
		"a digest":                 {"sha256:" + hash, "", "", check.CauseKeyIsText},
		"a link to a commit":       {"https://git.example/commit/" + hash, "", "", check.CauseKeyIsText},
		"a password":               {"password: hunter2", "", "", check.CauseKeyIsText},
		"a name, then a password":  {"API key:\npassword: hunter2", "", "", check.CauseKeyIsText},
		"a name, then a folder":    {"API key:\nkind: TEST", "", "", check.CauseKeyIsText},
		"a German password":        {"Passwort: TESTgeheim", "", "", check.CauseKeyIsText},
		"a French password":        {"Mot de passe: TESTsecret", "", "", check.CauseKeyIsText},
		"a recovery code":          {"recovery code: 12345", "", "", check.CauseKeyIsText},
		"a user":                   {"username: bob\nnotes: x", "", "", check.CauseKeyIsText},
		"another program's secret": {"AWS_SECRET_ACCESS_KEY=TESTwJalrXUtnFEMIK7MDENGbPxRfiCY", "", "", check.CauseKeyIsOther},
		"a name without a colon":   {"TOTP=123456", "", "", check.CauseKeyIsText},
		"several words":            {"correct horse battery staple", "", "", check.CauseKeyIsText},
		"JSON without a key":       {`{"user":"dana","password":"hunter2"}`, "", "", check.CauseKeyIsText},
		"an older key in two":      {oldKey[:20] + "\n" + oldKey[20:], "", "", check.CauseKeyIsText},
		"a mail's soft line break": {"API key: " + oldKey[:20] + "=\r\n" + oldKey[20:], "", "", check.CauseKeyIsText},
		"a newer key in three":     {newKey[:10] + " " + newKey[10:20] + " " + newKey[20:], "", "", check.CauseKeyIsText},
		"two keys":                 {newKey + "\n" + secondKey, "", "", check.CauseKeySeveral},
		"two keys with names":      {"old key: " + oldKey + "\nnew key: " + newKey, "", "", check.CauseKeySeveral},
		"two older keys":           {oldKey + " " + hash, "", "", check.CauseKeySeveral},
		"two keys and an id":       {newKey + " " + secondKey + " " + org, "", org, check.CauseKeySeveral},
		"too long":                 {strings.Repeat("k", 513), "", "", check.CauseKeyTooLong},
		"far too long":             {strings.Repeat(newKey+"\n", 1<<15), "", "", check.CauseKeyTooLong},
		"far too many blanks":      {strings.Repeat(" ", 1<<20) + newKey, "", "", check.CauseKeyTooLong},
		"no ASCII":                 {"schlüssel" + newKey, "", "", check.CauseKeyUnreadable},

		"unusual":                  {"TESTunusual-1.2", "TESTunusual-1.2", "", check.CauseKeyUnusual},
		"unusual, with more below": {"TESTunusual\nlogin: dana", "TESTunusual", "", check.CauseKeyUnusual},
		"unusual, with its name":   {"api_key: 'TESTunusual'", "TESTunusual", "", check.CauseKeyUnusual},
		"unusual, exported":        {"export KEY=TESTunusual==", "TESTunusual==", "", check.CauseKeyUnusual},
		"unusual, after an empty":  {"\n\r\n  TESTunusual  \nlogin", "TESTunusual", "", check.CauseKeyUnusual},
		"unusual, below an id":     {org + "\nTESTunusual", "TESTunusual", "", check.CauseKeyUnusual},
		"the beginning of a key":   {"jca_TEST\nmore", "jca_TEST", "", check.CauseKeyUnusual},
	} {
		t.Run(name, func(t *testing.T) {
			for _, entered := range []check.Credentials{check.Intake(c.text), {APIKey: secret.New(c.text)}} {
				cleaned, cause := entered.Cleaned(), entered.Shape().Cause
				if len(c.text) > 512 && entered.APIKey.Reveal() == c.text {
					c.cause = check.CauseKeyTooLong
				}
				if cause == repaired && c.cause == good {
					cause = good // it is only said where it is still in the field
				}
				if cause != c.cause {
					t.Errorf("it is %s, want %s", cause, c.cause)
				}
				if got := cleaned.APIKey.Reveal(); got != c.key {
					t.Errorf("the key is %q, want %q", got, c.key)
				}
				if got := cleaned.OrganizationID.Reveal(); c.key != "" && c.cause != check.CauseKeyUnusual && got != c.organization {
					t.Errorf("the Organization ID is %q, want %q", got, c.organization)
				}
				again := entered.Cleaned().Cleaned()
				if !again.APIKey.Equal(cleaned.APIKey) || !again.OrganizationID.Equal(cleaned.OrganizationID) {
					t.Error("cleaned twice, it is another")
				}
			}
		})
	}
}

// Of what was entered, JumpCloud gets only the key and the Organization ID.
func TestOnlyTheKeyIsSent(t *testing.T) {
	key, id := jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1)
	for name, c := range map[string]struct {
		entered check.Credentials
		sent    string // "" for no request
	}{
		"pasted":                     {check.Intake(key + "\nlogin: dana\n" + id), key},
		"typed":                      {check.Credentials{APIKey: secret.New("API key " + key + " of Dana")}, key},
		"all in the key's entry":     {check.Credentials{APIKey: secret.New(key + "\t" + id)}, key},
		"all in the other entry":     {check.Credentials{OrganizationID: secret.New(id + "," + key)}, key},
		"all in each":                {check.Credentials{APIKey: secret.New(key + " " + id), OrganizationID: secret.New("key " + key + " org " + id)}, key},
		"an unusual one":             {check.Credentials{APIKey: secret.New("TESTunusual\nmore")}, "TESTunusual"},
		"two keys":                   {check.Intake(key + "\n" + newKey), ""},
		"words":                      {check.Credentials{APIKey: secret.New("this is no key")}, ""},
		"a key in both entries":      {check.Credentials{APIKey: secret.New(key), OrganizationID: secret.New(newKey)}, ""},
		"an id of another shape":     {check.Credentials{APIKey: secret.New(key), OrganizationID: secret.New("Larkspur")}, ""},
		"an id that is far too long": {check.Credentials{APIKey: secret.New(key), OrganizationID: secret.New(strings.Repeat("5", 1<<20))}, ""},
		"a key cut in two":           {check.Credentials{APIKey: secret.New(oldKey[:30] + "\n" + oldKey[30:])}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			newValidator(s).Validate(t.Context(), c.entered, ignore)
			for _, r := range s.Requests() {
				if r.Key.Reveal() != c.sent {
					t.Errorf("%s was asked with the key %q, want %q", r.Path, r.Key.Reveal(), c.sent)
				}
				if r.OrganizationID != "" && r.OrganizationID != id {
					t.Errorf("%s was asked with the Organization ID %q", r.Path, r.OrganizationID)
				}
			}
			if asked := len(s.Requests()) > 0; asked != (c.sent != "") {
				t.Errorf("JumpCloud was asked: %v", asked)
			}
		})
	}
}

// An Organization ID that comes with the key fills an empty entry. If there is another one, the person is told.
func TestTheOrganizationThatComesWithAKey(t *testing.T) {
	for name, c := range map[string]struct {
		pasted, entered, organization string
		cause                         check.Cause
		plausible                     bool
	}{
		"none entered":     {newKey + " " + org, "  ", org, check.CauseEntriesGood, true},
		"the same entered": {newKey + " " + org, " " + strings.ToUpper(org), org, check.CauseEntriesGood, true},
		"another entered":  {newKey + " " + org, otherOrg, otherOrg, check.CauseOrganizationDiffers, false},
		"none came":        {newKey, otherOrg, otherOrg, check.CauseEntriesGood, true},
		"nonsense entered": {newKey + " " + org, "Larkspur", "", check.CauseOrganizationMalformed, false},
	} {
		entered := check.Intake(c.pasted).WithOrganization(secret.New(c.entered))
		if o := entered.Shape(); o.Cause != c.cause || entered.Plausible() != c.plausible {
			t.Errorf("%s: %s, and plausible is %v", name, o.Cause, entered.Plausible())
		}
		if got := entered.Cleaned().OrganizationID.Reveal(); got != c.organization {
			t.Errorf("%s: the Organization ID is %q", name, got)
		}
	}
}

// All keys that are offered are whole.
func TestTheKeysToChooseFrom(t *testing.T) {
	for _, text := range []string{newKey + "\n" + secondKey, "key=" + oldKey + " token=" + hash + " key " + newKey, strings.Repeat(newKey+" "+secondKey+" "+oldKey+" ", 9),
		oldKey + " " + hash + " " + strings.Repeat("5", 40) + " " + strings.Repeat("6", 40) + " " + strings.Repeat("7", 40) + " " + strings.Repeat("8", 40)} {
		keys := check.Intake(text).Keys()
		if len(keys) < 2 {
			t.Errorf("%q: %d keys are offered", text, len(keys))
		}
		for _, key := range keys {
			if alone := (check.Credentials{APIKey: key}); alone.Shape().Cause != check.CauseEntriesGood || !strings.Contains(text, key.Reveal()) {
				t.Errorf("%q: %q is offered", text, key.Reveal())
			}
		}
	}
	if keys := check.Intake(newKey).Keys(); keys != nil {
		t.Errorf("of a single key, %d are offered", len(keys))
	}
}

// The key that is taken is empty or a word of the text: printable, bounded, and the same if it is taken again.
func FuzzIntake(f *testing.F) {
	for _, text := range []string{newKey, "API key: " + newKey + "\n" + org, "k=" + oldKey + " " + hash, "\xff\xfe\x00", "a=b=c", `{"apiKey":"x"}`, "\x1b[1m" + newKey,
		oldKey[:20] + "\r\n" + oldKey[20:], "export A='b'", "commit " + hash, "„" + control + "“", "ghp_TEST", "key\u200bkey", ":::", "=\u2028="} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		taken := check.Intake(text)
		seen := strings.Map(func(r rune) rune {
			if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
				return -1
			}
			return r
		}, text)
		if n := len([]rune(taken.APIKey.Reveal())); n > check.LongestEntry {
			t.Errorf("%d characters are taken", n)
		}
		if strings.ContainsFunc(taken.APIKey.Reveal(), unicode.IsControl) {
			t.Errorf("%q is not printable", taken.APIKey.Reveal())
		}
		cleaned := taken.Cleaned()
		key := cleaned.APIKey.Reveal()
		if !strings.Contains(seen, key) && !strings.Contains(text, "\x1b") {
			t.Errorf("%q is not in the text", key)
		}
		if len(key) > 512 || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q would be sent", key)
		}
		if id := cleaned.OrganizationID.Reveal(); id != "" && len(id) != 24 {
			t.Errorf("%q would be sent as the Organization ID", id)
		}
		if cleaned.APIKey.Empty() != (taken.Shape().State == check.Failed) {
			t.Errorf("it is %s, and the key is %q", taken.Shape().Cause, key)
		}
		second := check.Intake(taken.APIKey.Reveal())
		if !second.Cleaned().APIKey.Equal(cleaned.APIKey) || second.Shape().State != (check.Credentials{APIKey: taken.APIKey}).Shape().State {
			t.Errorf("%q is taken, and of that %q", taken.APIKey.Reveal(), second.APIKey.Reveal())
		}
	})
}
