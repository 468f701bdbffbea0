package gui

import (
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// A number that the last check did not find stays. Its date is beside its list, or once above all if they are from one day.
func TestNumbersSayFromWhenTheyAre(t *testing.T) {
	now := time.Date(2026, time.November, 24, 12, 0, 0, 0, time.Local)
	counted := map[check.ID]check.Facts{check.IDPeople: {"Count": "412", "MFA": "364"}, check.IDDevices: {"Count": "388", "Encrypted": "361"},
		check.IDAdministrators: {"Count": "9", "MFA": "6", "Without": "3"}, check.IDGroups: {"Count": "24"}, check.IDPolicies: {"Count": "17"}}
	people, devices, administrators := "People 412\n364 with MFA\n", "Devices 388\n361 encrypted\n", "Administrators 9\n6 with MFA\n"
	groups, policies := "User groups 24", "Device policies 17"
	for name, c := range map[string]struct {
		before map[check.ID]int // how many days ago a list was counted, if not now
		says   string
	}{
		"all counted now":   {nil, people + devices + administrators + groups + " · " + policies},
		"one list not":      {map[check.ID]int{check.IDDevices: 2}, people + devices + "Last known, from 2026-11-22\n" + administrators + groups + " · " + policies},
		"one without share": {map[check.ID]int{check.IDGroups: 2}, people + devices + administrators + policies + "\n" + groups + " · Last known, from 2026-11-22"},
		"from two days": {map[check.ID]int{check.IDPeople: 2, check.IDDevices: 1, check.IDPolicies: 1}, people + "Last known, from 2026-11-22\n" +
			devices + "Last known, from 2026-11-23\n" + administrators + groups + "\n" + policies + " · Last known, from 2026-11-23"},
		"all from one day": {map[check.ID]int{check.IDPeople: 2, check.IDDevices: 2, check.IDAdministrators: 2, check.IDGroups: 2, check.IDPolicies: 2},
			"Last known, from 2026-11-22\n" + people + devices + administrators + groups + " · " + policies},
	} {
		t.Run(name, func(t *testing.T) {
			report := check.Report{At: now, Former: make(map[check.ID]check.Figure)}
			for list, facts := range counted {
				if days, isFormer := c.before[list]; isFormer {
					report.Former[list] = check.Figure{At: now.AddDate(0, 0, -days), Facts: facts}
				} else {
					report.Results = append(report.Results, check.Result{Check: list, Outcome: check.Outcome{State: check.Passed, Facts: facts}})
				}
			}
			f := newFigures()
			f.show(report)
			if got, want := textIn(f.box), "ControlMap will see\n"+c.says; got != want {
				t.Errorf("it says:\n%s\nwant:\n%s", got, want)
			}
			f.show(check.Report{})
			if f.box.Visible() {
				t.Errorf("without numbers it says:\n%s", textIn(f.box))
			}
		})
	}
}
