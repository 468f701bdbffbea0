package connector_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

var writeSchema = flag.Bool("write-schema", false, "write testdata/schema-1.json anew: only until the first release")

// What a version has written stays readable for ever. For each schema there is a file with the entries of a keychain: a
// connection with a long report, and two that share a key. A new schema adds a file, and changes none.
func TestEveryOlderSchemaIsRead(t *testing.T) {
	s := newServer(t)
	const file = "testdata/schema-1.json"
	if *writeSchema {
		k := newRecorder()
		c := newConnector(k, s)
		save(t, c, "Ours", with(jumpcloudtest.SampleKey))
		for n := range 2 {
			credentials := with(jumpcloudtest.SampleMultiTenantKey)
			credentials.OrganizationID = jumpcloudtest.OrganizationID(100 + n)
			save(t, c, "", credentials)
		}
		data, err := json.MarshalIndent(k.entries, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	k := newRecorder()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &k.entries); err != nil {
		t.Fatal(err)
	}
	before := len(k.entries)
	c, all := stored(t, k, s)
	if len(all) != 3 || len(k.entries) != before {
		t.Fatalf("%d connections, and %d of %d entries", len(all), len(k.entries), before)
	}
	for i, want := range []struct{ name, key string }{{"Aldgate Dental Group", jumpcloudtest.SampleMultiTenantKey},
		{"Ours", jumpcloudtest.SampleKey}, {"Ørsted & Åkesson Architects", jumpcloudtest.SampleMultiTenantKey}} {
		one := all[i]
		key, err := c.APIKey(t.Context(), one.ID)
		if one.Name != want.name || err != nil || key.Reveal() != want.key || one.Region != "r0" {
			t.Errorf("%q of %q: %v", one.Name, one.Region, err)
		}
		r := one.Report
		if r.Worst() != connector.Passed || !r.At.Equal(noon) || r.Took <= 0 || r.Administrator.Role != jumpcloudtest.RoleReadOnly ||
			!r.Worked.Equal(noon) || r.Administrator.KeyCreated.Year() != 2026 || len(r.Results) < 15 {
			t.Errorf("%q: the report is %+v", one.Name, r)
		}
		if took := r.Result(connector.CheckPeople).Took; took <= 0 || took > time.Minute {
			t.Errorf("%q: people took %s", one.Name, took)
		}
	}
	report, err := c.Check(t.Context(), all[1].ID, ignore) // and it can be worked with
	if err != nil || report.Worst() != connector.Passed {
		t.Errorf("checked again it is %s, %v", report.Worst(), err)
	}
}
