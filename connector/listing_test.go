package connector_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// A row says how a connection stands now, and not at its last check only.
func TestRowOf(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	kept := save(t, c, "Ours", with(jumpcloudtest.SampleEndingKey))
	for days, want := range map[int]struct {
		state check.State
		cause check.Cause
	}{0: {check.Warning, check.CauseKeyExpires}, 400: {check.Failed, check.CauseKeyEnded}} {
		r := connector.RowOf(kept, noon.AddDate(0, 0, days))
		if r.State != want.state || r.Cause != want.cause || r.Name != "Ours" || r.Organization.ID != jumpcloudtest.OrganizationID(1) || r.KeyEnds.IsZero() || !r.Checked.Equal(noon) {
			t.Errorf("after %d days: %+v", days, r)
		}
	}
	if r := connector.RowOf(connector.Connection{Trouble: check.CauseKeychainDamaged}, noon); r.State != check.Failed || r.Cause != check.CauseKeychainDamaged {
		t.Errorf("one that cannot be read: %+v", r)
	}
	if r := connector.RowOf(connector.Connection{Name: "New"}, noon); r.State != check.Waiting || r.Cause != "" {
		t.Errorf("one that was never checked: %+v", r)
	}
}

// No cell is a formula for a spreadsheet, and all cells can be read again.
func TestWriteCSV(t *testing.T) {
	names := []string{"Larkspur", "=HYPERLINK(\"http://evil.example\")", "+1", "-1", "@SUM(A1)", "\tx", "a,b", "a\"b", "a\nb", "'quoted", "", "Ørsted", "Acme;=1+1", "Acme; @x", "a\t-1"}
	var rows []connector.Row
	for _, name := range names {
		rows = append(rows, connector.Row{Name: name, Organization: check.Organization{ID: jumpcloudtest.OrganizationID(1), Name: name}, State: check.Passed,
			KeyEnds: noon, HandedOver: noon.Add(time.Hour), Outdated: true})
	}
	var b strings.Builder
	if err := connector.WriteCSV(&b, rows); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(lines) != len(names)+1 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for i, line := range lines[1:] {
		if strings.ReplaceAll(line[0], "'", "") != strings.ReplaceAll(names[i], "'", "") || line[0] != line[1] {
			t.Errorf("%q is written as %q", names[i], line[:2])
		}
		for _, cell := range line {
			for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '\t' }) {
				if part = strings.TrimSpace(part); part != "" && strings.ContainsRune("=+-@", rune(part[0])) {
					t.Errorf("%q is a formula in %q", part, cell)
				}
			}
		}
		if line[9] != "2026-11-24T12:00:00Z" || line[10] != "" || line[11] != "2026-11-24T13:00:00Z" || line[12] != "yes" {
			t.Errorf("the times are %q", line[9:])
		}
	}
}
