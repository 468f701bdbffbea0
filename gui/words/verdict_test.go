package words

import (
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// unread is the result of a check of a list that the role may not read.
func unread(id check.ID, state check.State) check.Result {
	return check.Result{Check: id, Outcome: check.Outcome{State: state, Cause: check.CauseDatasetRefused}}
}

// Lists that cannot be read for the same cause are named together, with all that ControlMap misses.
func TestListsThatCannotBeReadAreNamedTogether(t *testing.T) {
	devices, people := unread(check.IDDevices, check.Failed), unread(check.IDPeople, check.Failed)
	groups, administrators := unread(check.IDGroups, check.Warning), check.Result{Check: check.IDAdministrators,
		Outcome: check.Outcome{State: check.Warning, Cause: check.CauseAdministratorsMFA, Facts: check.Facts{"Count": "9", "MFA": "6"}}}
	all := []check.Result{people, devices, administrators, groups}
	for name, c := range map[string]struct {
		of             check.Result
		title, missing string // what the verdict says, and the end of what was observed
	}{
		"two lists":           {devices, "People, Devices: The key’s role is not allowed to read this", "who of them uses MFA. ControlMap would miss the devices and which of them are encrypted."},
		"one in another way":  {groups, "User groups: The key’s role is not allowed to read this", "these. ControlMap would miss who belongs to which group."},
		"a list that is read": {administrators, "6 of 9 administrators sign in with MFA", "An auditor will ask about the others."},
		"not about a list":    {check.Result{Check: check.IDKey, Outcome: check.Outcome{State: check.Failed, Cause: check.CauseCommandRunner}}, "A Command Runner may not use the API (error 403)", "This role may not use the API (error 403)."},
	} {
		if got := Verdict(c.of, all, time.Now()); got != c.title {
			t.Errorf("%s: the verdict is %q, want %q", name, got, c.title)
		}
		if got := Observed(c.of, all, time.Now()); !strings.HasSuffix(got, c.missing) {
			t.Errorf("%s: observed is %q, want the end %q", name, got, c.missing)
		}
	}
}

// A message says each thing once, and asks whoever reads it, and not somebody else.
func TestMessages(t *testing.T) {
	groups, policies := unread(check.IDGroups, check.Warning), unread(check.IDPolicies, check.Warning)
	report := check.Report{Results: []check.Result{groups, policies}, Organization: check.Organization{Name: "Larkspur"}}
	got := Message(report, report.Results, time.Now())
	for _, want := range []string{"User groups, Device policies: The key’s role is not allowed to read this.", "who belongs to which group", "which rules the devices follow", "Organization: Larkspur"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is in it %d times:\n%s", want, strings.Count(got, want), got)
		}
	}
	blocked := check.Result{Check: check.IDReachable, Outcome: check.Outcome{State: check.Failed, Cause: check.CauseBlocked}}
	got = Message(check.Report{Results: []check.Result{blocked}}, []check.Result{blocked}, time.Now())
	if !strings.Contains(got, "Please: Unblock the public address of our network.") || strings.Contains(got, "support") {
		t.Errorf("JumpCloud's support is to read:\n%s", got)
	}
}

// A list that did not answer is no reason to say that the connection has not been checked since today.
func TestWhatIsUnchecked(t *testing.T) {
	report := check.Report{Worked: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for _, one := range check.All() {
		report.Results = append(report.Results, check.Result{Check: one.ID, Outcome: check.Outcome{State: check.Passed}})
	}
	for i, r := range report.Results {
		if r.Check == check.IDDevices {
			report.Results[i].Outcome = check.Outcome{State: check.Failed, Cause: check.CauseServer}
		}
	}
	if got := Unchecked(report); got != Text("list.partly") {
		t.Errorf("a list without an answer is %q", got)
	}
	report.Results = []check.Result{{Check: check.IDReachable, Outcome: check.Outcome{State: check.Failed, Cause: check.CauseUnreachable}}}
	if got := Unchecked(report); got != Text("list.unclear", Facts{"Date": Date(report.Worked)}) {
		t.Errorf("no answer at all is %q", got)
	}
}
