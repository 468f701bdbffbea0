package check_test

import (
	"encoding/json"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// counts are what the sample's first organization has in each list. That of the encrypted disks is left open.
var counts = map[check.ID]string{check.IDPeople: "412", check.IDDevices: "388", check.IDAdministrators: "11", check.IDGroups: "24",
	check.IDPolicies: "17", check.IDApplications: "31", check.IDDiskEncryption: ""}

// What is known of a list comes from the last validation that counted it, with its time.
func TestFiguresOfListsThatAreNotCountedAreKept(t *testing.T) {
	const devices, people, groups, everything = "/api/systems", "/api/systemusers", "/api/v2/usergroups", ""
	for name, c := range map[string]struct {
		refused [][]string       // the paths that each validation is refused
		at      map[check.ID]int // which validation counted a list, if that was not the last one; -1 for none
	}{
		"all counted":                  {refused: [][]string{{}, {}}},
		"nothing counted":              {[][]string{{}, {everything}}, allAt(0)},
		"nothing counted at first":     {refused: [][]string{{everything}, {}}},
		"one list not counted":         {[][]string{{}, {devices}}, map[check.ID]int{check.IDDevices: 0}},
		"one list twice not counted":   {[][]string{{}, {devices}, {devices}}, map[check.ID]int{check.IDDevices: 0}},
		"one list never counted":       {[][]string{{devices}, {devices}}, map[check.ID]int{check.IDDevices: -1}},
		"first one list, then another": {[][]string{{}, {devices}, {people}}, map[check.ID]int{check.IDPeople: 1}},
		"one more each time":           {[][]string{{}, {devices}, {devices, groups}}, map[check.ID]int{check.IDDevices: 0, check.IDGroups: 1}},
		"one, then nothing counted":    {[][]string{{}, {devices}, {everything}}, allAt(1, check.IDDevices)},
		"all counted again":            {refused: [][]string{{}, {devices}, {}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, now := newServer(t), noon
			v := atTime(newValidator(s), func() time.Time { return now })
			var report check.Report
			for day, paths := range c.refused {
				s.Heal()
				for _, path := range paths {
					s.Fail(jumpcloudtest.Forbidden().On(path))
				}
				now = noon.AddDate(0, 0, day)
				report = stored(t, v.NewBatch().Validate(t.Context(), check.KeyInRegion{}, report, with(jumpcloudtest.SampleKey), ignore))
			}
			figures := report.Figures()
			for list, count := range counts {
				day, isFormer := c.at[list]
				if !isFormer {
					day = len(c.refused) - 1
				}
				figure, isKnown := figures[list]
				if isKnown != (day >= 0) || isKnown && (!figure.At.Equal(noon.AddDate(0, 0, day)) || count != "" && figure.Facts["Count"] != count) {
					t.Errorf("of %s is known: %v, of %s", list, figure.Facts, figure.At)
				}
				if _, remembered := report.Former[list]; remembered != (isFormer && day >= 0) {
					t.Errorf("%s is remembered: %v", list, remembered)
				}
			}
		})
	}
}

// allAt says of all lists that this validation counted them. Another list was counted by the one before.
func allAt(n int, before ...check.ID) map[check.ID]int {
	all := make(map[check.ID]int)
	for list := range counts {
		all[list] = n
	}
	for _, list := range before {
		all[list] = n - 1
	}
	return all
}

// A report that an earlier version has stored says nothing of former figures: only what it counted itself is known.
func TestAReportWithoutFormerFigures(t *testing.T) {
	var report check.Report
	if err := json.Unmarshal([]byte(`{"at": "2026-11-24T12:00:00Z", "results": [
		{"check": "people", "state": "passed", "cause": "people", "facts": {"Count": "412", "MFA": "364"}}, {"check": "devices", "state": "failed", "cause": "dataset_refused"}]}`), &report); err != nil {
		t.Fatal(err)
	}
	figures := report.Figures()
	if f := figures[check.IDPeople]; len(figures) != 1 || f.Facts["MFA"] != "364" || !f.At.Equal(noon) {
		t.Errorf("known is %v", figures)
	}
}

// stored returns a report as it is read when it has been stored.
func stored(t *testing.T, report check.Report) (read check.Report) {
	t.Helper()
	data, err := json.Marshal(report)
	if err == nil {
		err = json.Unmarshal(data, &read)
	}
	if err != nil {
		t.Fatal(err)
	}
	return read
}
