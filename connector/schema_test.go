package connector_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// writtenBy is the keychain that a schema has written: a connection with a long report, and two that share a key. In that of the second
// schema, a rotation of that key was interrupted. What a version has written stays readable for ever: a new schema adds a file, and changes
// none.
func writtenBy(t *testing.T, schema int) *recorder {
	t.Helper()
	k := newRecorder()
	data, err := os.ReadFile(fmt.Sprintf("testdata/schema-%d.json", schema))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &k.entries); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestEverySchemaIsRead(t *testing.T) {
	for _, schema := range []int{1} {
		t.Run(fmt.Sprint(schema), func(t *testing.T) { isRead(t, writtenBy(t, schema)) })
	}
}

func isRead(t *testing.T, k *recorder) {
	s := newServer(t)
	before := maps.Clone(k.entries)
	c := newConnector(k, s)
	all, err := c.Connections(t.Context(), nil)
	if len(all) != 3 || err != nil || !maps.Equal(k.entries, before) {
		t.Fatalf("%d connections, %v, and %d of %d entries", len(all), err, len(k.entries), len(before))
	}
	asWritten(t, c, all)
	if report, err := c.Check(t.Context(), all[1].ID, ignore); err != nil || report.Worst() != check.Passed {
		t.Errorf("checked again it is %s, %v", report.Worst(), err)
	}
	if c, all = stored(t, k, s); len(all) != 3 || keptIn(t, k) != (kept{2, 3, 3}) {
		t.Fatalf("tidied, there are %d connections, and %+v", len(all), keptIn(t, k))
	}
	asWritten(t, c, all)
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(102))
	if save(t, c, "", credentials); k.named("key/") != 2 {
		t.Errorf("tidied, a key is not known any more: there are %d", k.named("key/"))
	}
}

// asWritten checks the connections of the schema's file.
func asWritten(t *testing.T, c *connector.Connector, all []connector.Connection) {
	t.Helper()
	for i, want := range []struct{ name, key string }{{"Aldgate Dental Group", jumpcloudtest.SampleMultiTenantKey},
		{"Ours", jumpcloudtest.SampleKey}, {"Ørsted & Åkesson Architects", jumpcloudtest.SampleMultiTenantKey}} {
		one := all[i]
		key, err := c.APIKey(t.Context(), one.ID)
		if one.Name != want.name || err != nil || key.Reveal() != want.key || one.Region != "r0" {
			t.Errorf("%q of %q: %v", one.Name, one.Region, err)
		}
		r := one.Report
		if r.Worst() != check.Passed || !r.At.Equal(noon) || r.Took <= 0 || r.Administrator.Role != jumpcloudtest.RoleReadOnly ||
			!r.Worked.Equal(noon) || r.Administrator.KeyCreated.Year() != 2026 || len(r.Results) < 15 {
			t.Errorf("%q: the report is %+v", one.Name, r)
		}
		if took := r.Result(check.IDPeople).Took; took <= 0 || took > time.Minute {
			t.Errorf("%q: people took %s", one.Name, took)
		}
	}
}

// A rotation that was interrupted after its intent was written has replaced the key.
func TestAnInterruptedRotationIsRead(t *testing.T) {
	s, k := newServer(t), writtenBy(t, 2)
	before := maps.Clone(k.entries)
	c := newConnector(k, s)
	all, err := c.Connections(t.Context(), nil)
	if err != nil || !maps.Equal(k.entries, before) {
		t.Fatalf("%v, and %d of %d entries", err, len(k.entries), len(before))
	}
	for range 2 {
		if len(all) != 3 {
			t.Fatalf("there are %d connections", len(all))
		}
		for i, want := range []struct{ name, key string }{{"Aldgate Dental Group", nextKey}, {"Ours", jumpcloudtest.SampleKey}, {"Ørsted & Åkesson Architects", nextKey}} {
			key, err := c.APIKey(t.Context(), all[i].ID)
			if all[i].Name != want.name || err != nil || key.Reveal() != want.key || all[i].Report.At.IsZero() != (want.key == nextKey) || !all[i].Saved.Equal(noon) {
				t.Errorf("%+v: %v", all[i], err)
			}
		}
		if c, all = stored(t, k, s); keptIn(t, k) != (kept{2, 3, 1}) {
			t.Errorf("tidied, there are %+v", keptIn(t, k))
		}
	}
}
