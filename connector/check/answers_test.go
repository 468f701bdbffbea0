package check_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
)

// changed makes a fault that changes the right answers below a path.
func changed(path string, changes ...jumpcloudtest.Change) *jumpcloudtest.Fault {
	return jumpcloudtest.Changed(changes...).On(path)
}

// reportOf validates a key while faults happen.
func reportOf(t *testing.T, credentials check.Credentials, faults ...*jumpcloudtest.Fault) check.Report {
	t.Helper()
	s := newServer(t)
	for _, f := range faults {
		s.Fail(f)
	}
	return newValidator(s).Validate(t.Context(), credentials, ignore)
}

// A row without an Organization ID is no organization: it does not pass, and is not offered.
func TestOrganizationsWithoutAnID(t *testing.T) {
	id := jumpcloudtest.OrganizationID(1)
	for name, odd := range map[string]string{
		"missing": "", "null": "null", "empty": `""`, "blanks": `"   "`, "short": `"abc"`, "23 digits": fmt.Sprintf("%q", id[1:]),
		"25 digits": fmt.Sprintf("%q", id+"0"), "no hexadecimal digit": fmt.Sprintf("%q", "g"+id[1:]), "a line break": fmt.Sprintf("%q", id+"\n"),
		"a line break within": fmt.Sprintf("%q", id[:12]+"\n"+id[12:]), "a blank before": fmt.Sprintf("%q", " "+id), "NUL": `"` + id + `\u0000"`,
		"a number": "5", "a long number": "500000000000000000000001", "true": "true", "a list": "[]", "a list with it": `["` + id + `"]`,
		"an object": `{"$oid":"` + id + `"}`, "wide digits": `"５` + id[1:] + `"`, "of no width": `"\u200b` + id + `"`, "a UUID": `"5f000000-0000-0000-0000-000000000001"`,
	} {
		t.Run(name, func(t *testing.T) {
			report := reportOf(t, with(jumpcloudtest.SampleKey), changed("/api/organizations", jumpcloudtest.Field(-1, "_id", odd)))
			if r := report.Result(check.IDReachable); r.Cause != check.CauseContract || r.Facts["Field"] != "_id" {
				t.Errorf("in the list: %s, field %q", r.Cause, r.Facts["Field"])
			}
			if report.Usable() || report.Organization.ID != "" || len(report.Choices) > 0 {
				t.Errorf("in the list: %+v is taken, %v offered", report.Organization, report.Choices)
			}
			credentials := with(jumpcloudtest.SampleKey)
			credentials.OrganizationID = secret.New(id)
			empty := changed("/api/organizations", jumpcloudtest.Total("7"), jumpcloudtest.Rows(func([]json.RawMessage) []json.RawMessage { return nil }))
			report = reportOf(t, credentials, changed("/api/organizations/"+id, jumpcloudtest.Field(-1, "_id", odd)), empty)
			if r := report.Result(check.IDOrganization); r.Cause != check.CauseContract || r.Facts["Field"] != "_id" || report.Usable() {
				t.Errorf("by itself: %s, field %q", r.Cause, r.Facts["Field"])
			}
		})
	}
	instead := changed("/api/organizations", jumpcloudtest.Field(-1, "_id", ""), jumpcloudtest.Field(-1, "id", `"`+id+`"`))
	if report := reportOf(t, with(jumpcloudtest.SampleKey), instead); report.Usable() || report.Result(check.IDReachable).Cause != check.CauseContract {
		t.Errorf("id in place of _id: %+v", report.Organization)
	}
	capitals := changed("/api/organizations", jumpcloudtest.Field(-1, "_id", `"`+strings.ToUpper(id)+`"`))
	if report := reportOf(t, with(jumpcloudtest.SampleKey), capitals); !report.Usable() || report.Organization.ID != id {
		t.Errorf("in capitals: %+v", report.Organization)
	}
}

// An answer about another organization does not count.
func TestAnAnswerAboutAnotherOrganization(t *testing.T) {
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	wanted := jumpcloudtest.OrganizationID(220) // on the second page
	credentials.OrganizationID = secret.New(wanted)
	other := changed("/api/organizations/"+wanted, jumpcloudtest.Field(-1, "_id", `"`+jumpcloudtest.OrganizationID(101)+`"`))
	if report := reportOf(t, credentials, other); !report.Usable() || report.Organization.ID != wanted {
		t.Errorf("it is in the list: %s, %+v", report.Result(check.IDOrganization).Cause, report.Organization)
	}
	never := changed("/api/organizations", jumpcloudtest.Without("skip"))
	if report := reportOf(t, credentials, other, never); report.Usable() || report.Result(check.IDOrganization).Cause != check.CauseContract {
		t.Errorf("it is not in a list that is not complete: %s", report.Result(check.IDOrganization).Cause)
	}
}

// An odd row is left out and counted. The other rows are read.
func TestOneOddOrganization(t *testing.T) {
	for name, row := range map[string]string{"null": "null", "a number": "7", "text": `"x"`, "a list": "[1]", "no id": `{"displayName":"x"}`, "an odd id": `{"_id":7}`} {
		report := reportOf(t, with(jumpcloudtest.SampleMultiTenantKey), changed("/api/organizations", jumpcloudtest.Row(26, row)))
		r := report.Result(check.IDOrganization)
		if r.Cause != check.CauseChoose || r.Facts["Count"] != "125+" || r.Facts["Unread"] != "2" || len(report.Choices) != 125 {
			t.Errorf("%s: %s %v, %d offered", name, r.Cause, r.Facts, len(report.Choices))
		}
	}
}

// Where the list is not complete, an organization is asked for by its id.
func TestAnIncompleteListOfOrganizations(t *testing.T) {
	cut := changed("/api/organizations", jumpcloudtest.Without("skip"), jumpcloudtest.PageSize(50))
	report := reportOf(t, with(jumpcloudtest.SampleMultiTenantKey), cut)
	if r := report.Result(check.IDOrganization); r.Cause != check.CauseChoose || r.Facts["Count"] != "50+" || len(report.Choices) != 50 {
		t.Errorf("%s %v, %d offered", r.Cause, r.Facts, len(report.Choices))
	}
	for n, want := range map[int]check.Cause{100: check.CauseOrganization, 220: check.CauseOrganization, 2: check.CauseNotListed, 9999: check.CauseNotListed} {
		credentials := with(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(n))
		if r := reportOf(t, credentials, cut).Result(check.IDOrganization); r.Cause != want {
			t.Errorf("organization %d: %s, want %s", n, r.Cause, want)
		}
	}
	short := changed("/api/organizations", jumpcloudtest.PageSize(50))
	report = reportOf(t, with(jumpcloudtest.SampleMultiTenantKey), short)
	if r := report.Result(check.IDOrganization); r.Facts["Count"] != "127" || len(report.Choices) != 127 {
		t.Errorf("50 a page: %v, %d offered", r.Facts, len(report.Choices))
	}
	claims := changed("/api/organizations", jumpcloudtest.Total("3"), jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage { return rows[:0] }))
	if r := reportOf(t, with(jumpcloudtest.SampleKey), claims).Result(check.IDOrganization); r.Cause != check.CauseNeeded {
		t.Errorf("none of three came: %s", r.Cause)
	}
}

func TestTheSameOrganizationTwice(t *testing.T) {
	twice := jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage { return append(rows, rows...) })
	report := reportOf(t, with(jumpcloudtest.SampleKey), changed("/api/organizations", jumpcloudtest.Total("2"), twice))
	if r := report.Result(check.IDOrganization); r.Cause != check.CauseOrganization || !report.Usable() {
		t.Errorf("%s, %v", r.Cause, r.Facts)
	}
}

// The numbers are right, whatever the total says and whatever the rows hold. The sample has 412 people, 364 of them
// with MFA, 388 devices, 11 administrators, 8 of them with MFA, 24 groups, and 31 applications.
func TestWhatIsSaidOfLists(t *testing.T) {
	total, field, row := jumpcloudtest.Total, jumpcloudtest.Field, jumpcloudtest.Row
	none := jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage { return rows[:0] })
	for name, c := range map[string]struct {
		check   check.ID
		path    string
		changes []jumpcloudtest.Change
		want    string // Count, MFA or Encrypted, NotTold, Unread
	}{
		"as agreed":                  {check.IDPeople, "/api/systemusers", nil, "412 364 - -"},
		"a total with a point":       {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("31.0")}, "31 - - -"},
		"a total as text":            {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total(`"31"`)}, "31 - - -"},
		"no total":                   {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("")}, "31 - - -"},
		"a total of null":            {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("null")}, "31 - - -"},
		"a negative total":           {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("-1")}, "31 - - -"},
		"a total too small":          {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("5")}, "31+ - - -"},
		"a total too large":          {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("500")}, "31+ - - -"},
		"a total beyond all size":    {check.IDApplications, "/api/applications", []jumpcloudtest.Change{total("1e300")}, "31 - - -"},
		"a page cut at 10":           {check.IDApplications, "/api/applications", []jumpcloudtest.Change{jumpcloudtest.PageSize(10)}, "31 - - -"},
		"cut at 10, no total":        {check.IDApplications, "/api/applications", []jumpcloudtest.Change{jumpcloudtest.PageSize(10), total("")}, "10+ - - -"},
		"cut at 1":                   {check.IDApplications, "/api/applications", []jumpcloudtest.Change{jumpcloudtest.PageSize(1)}, "31 - - -"},
		"a total without rows":       {check.IDApplications, "/api/applications", []jumpcloudtest.Change{none}, " - - -"},
		"no rows and no total":       {check.IDApplications, "/api/applications", []jumpcloudtest.Change{none, total("")}, "0 - - -"},
		"a row that is null":         {check.IDApplications, "/api/applications", []jumpcloudtest.Change{row(3, "null")}, "31 - - 1+"},
		"v2, a total in the header":  {check.IDGroups, "/api/v2/usergroups", []jumpcloudtest.Change{total("24")}, "24 - - -"},
		"v2, a total that is none":   {check.IDGroups, "/api/v2/usergroups", []jumpcloudtest.Change{total("many")}, "24 - - -"},
		"v2, a total too small":      {check.IDGroups, "/api/v2/usergroups", []jumpcloudtest.Change{total("3")}, "24+ - - -"},
		"v2, another page announced": {check.IDGroups, "/api/v2/usergroups", []jumpcloudtest.Change{total(""), jumpcloudtest.Links("</x>; rel=next")}, "24+ - - -"},
		"v2, a row that is null":     {check.IDGroups, "/api/v2/usergroups", []jumpcloudtest.Change{row(0, "null")}, "24 - - 1+"},

		"people, no total":             {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{total("")}, "412 364 - -"},
		"people, a negative total":     {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{total("-1")}, "412 364 - -"},
		"people, a total of none":      {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{total("0")}, "412+ 364+ - -"},
		"people, a total too small":    {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{total("100")}, "412+ 364+ - -"},
		"people, a total too large":    {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{total("500")}, "412+ 364+ - -"},
		"people, 50 a page":            {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{jumpcloudtest.PageSize(50)}, "412 364 - -"},
		"people, one without mfa":      {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{field(0, "mfa", ""), jumpcloudtest.Without("filter")}, "412 359 5 -"},
		"people, all without mfa":      {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{field(-1, "mfa", ""), jumpcloudtest.Without("filter")}, "412  - -"},
		"people, mfa null":             {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{field(-1, "mfa", "null"), jumpcloudtest.Without("filter")}, "412  - -"},
		"people, mfa is text":          {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{field(-1, "mfa", `"yes"`), jumpcloudtest.Without("filter")}, "412  - -"},
		"people, configured is text":   {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{field(-1, "mfa", `{"configured":"true"}`), jumpcloudtest.Without("filter")}, "412  - -"},
		"people, a row that is null":   {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{row(0, "null"), jumpcloudtest.Without("filter")}, "412 359 - 5"},
		"people, the same for ever":    {check.IDPeople, "/api/systemusers", []jumpcloudtest.Change{jumpcloudtest.Without("skip"), jumpcloudtest.Without("filter")}, "100+ 89+ - -"},
		"devices, fde is a list":       {check.IDDevices, "/api/systems", []jumpcloudtest.Change{field(0, "fde", "[]"), jumpcloudtest.Without("filter")}, "388 359 4 -"},
		"devices, some without fde":    {check.IDDevices, "/api/systems", []jumpcloudtest.Change{field(0, "fde", ""), jumpcloudtest.Without("filter")}, "388 359 4 -"},
		"devices, all without fde":     {check.IDDevices, "/api/systems", []jumpcloudtest.Change{field(-1, "fde", ""), jumpcloudtest.Without("filter")}, "388  - -"},
		"devices, fde without active":  {check.IDDevices, "/api/systems", []jumpcloudtest.Change{field(-1, "fde", "{}"), jumpcloudtest.Without("filter")}, "388  - -"},
		"administrators, without MFA":  {check.IDAdministrators, "/api/users", []jumpcloudtest.Change{field(0, "enableMultiFactor", ""), field(0, "totpEnrolled", "7")}, "11 10 1 -"},
		"administrators, an odd hash":  {check.IDAdministrators, "/api/users", []jumpcloudtest.Change{field(-1, "apiKeyHash", `"x"`)}, "11 11 - -"},
		"administrators, no total":     {check.IDAdministrators, "/api/users", []jumpcloudtest.Change{total("")}, "11 11 - -"},
		"administrators, an odd email": {check.IDAdministrators, "/api/users", []jumpcloudtest.Change{field(-1, "email", "{}")}, "11 11 - -"},
	} {
		t.Run(name, func(t *testing.T) {
			r := reportOf(t, with(jumpcloudtest.SampleKey), changed(c.path, c.changes...)).Result(c.check)
			var got []string
			with := "MFA"
			if c.check == check.IDDevices {
				with = "Encrypted"
			}
			for _, name := range []string{"Count", with, "NotTold", "Unread"} {
				value, ok := r.Facts[name]
				if !ok {
					value = "-"
				}
				got = append(got, value)
			}
			if said := strings.Join(got, " "); said != c.want || r.State != check.Passed {
				t.Errorf("%s: %s %q, want %q", r.State, r.Cause, said, c.want)
			}
		})
	}
}

// A list in which no row can be read breaks the contract.
func TestListsOfWhichNothingCanBeRead(t *testing.T) {
	every := func(text string) jumpcloudtest.Change {
		return jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage {
			for i := range rows {
				rows[i] = json.RawMessage(text)
			}
			return rows
		})
	}
	for id, path := range map[check.ID]string{check.IDPeople: "/api/systemusers", check.IDAdministrators: "/api/users",
		check.IDGroups: "/api/v2/usergroups", check.IDApplications: "/api/applications"} {
		for _, row := range []string{"null", "7", `"x"`, "[]", "true"} {
			if r := reportOf(t, with(jumpcloudtest.SampleKey), changed(path, every(row))).Result(id); r.Cause != check.CauseContract {
				t.Errorf("%s of %s: %s %v", id, row, r.Cause, r.Facts)
			}
		}
	}
}

// A list that is null is empty, in v1 and v2 alike.
func TestListsThatAreNull(t *testing.T) {
	for id, c := range map[check.ID]struct{ path, body string }{
		check.IDPeople:         {"/api/systemusers", `{"results":null,"totalCount":0}`},
		check.IDDevices:        {"/api/systems", `{"results":null}`},
		check.IDAdministrators: {"/api/users", `{"results":null,"totalCount":null}`},
		check.IDApplications:   {"/api/applications", `{"totalCount":0,"results":null}`},
		check.IDGroups:         {"/api/v2/usergroups", "null"},
		check.IDPolicies:       {"/api/v2/policies", " null\n"},
	} {
		r := reportOf(t, with(jumpcloudtest.SampleKey), jumpcloudtest.Page(200, "application/json", c.body).On(c.path)).Result(id)
		if r.State != check.Passed || r.Facts["Count"] != "0" {
			t.Errorf("%s of %s: %s %v", id, c.body, r.Cause, r.Facts)
		}
	}
}

// Where a name shows nothing, the Organization ID takes its place.
func TestNamesWithoutAnythingToSee(t *testing.T) {
	id := jumpcloudtest.OrganizationID(1)
	for _, name := range []string{"", `null`, `""`, `"   "`, `"\u200b"`, `"\u3164"`, `"\u2800"`, `"\u0301\u0302"`, `"\ufeff\u2060\u00ad"`, `"\u202e"`, `"\n\t\r"`,
		`"\u0000"`, `"\ue000"`, `7`, `[]`, `{}`, `true`, `"\ud800"`, `"\ufe0f"`, `"\u115f\u1160\uffa0"`} {
		s := newServer(t)
		s.Fail(changed("/api/organizations", jumpcloudtest.Field(-1, "displayName", name)))
		c := newValidator(s)
		report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
		if report.Organization.Name != id || report.Result(check.IDOrganization).Facts["Organization"] != id {
			t.Errorf("%s: it is called %q", name, report.Organization.Name)
		}
		for _, o := range c.Validate(t.Context(), with(jumpcloudtest.SampleMultiTenantKey), ignore).Choices {
			if o.Name != o.ID {
				t.Errorf("%s: %q is offered", name, o.Name)
			}
		}
	}
}

// Every text of an answer is short and printable before anything else sees it.
func TestTextsOfAnswersAreBounded(t *testing.T) {
	long, _ := json.Marshal("\x1b[31m\u202e" + strings.Repeat("W\u2028\u009b", 10_000))
	everything := func(rows []json.RawMessage) []json.RawMessage {
		for i := range rows {
			fields := map[string]json.RawMessage{}
			_ = json.Unmarshal(rows[i], &fields)
			for name, value := range fields {
				if value[0] == '"' && (name != "_id" || !strings.Contains(string(rows[i]), "displayName")) {
					fields[name] = long
				}
			}
			rows[i], _ = json.Marshal(fields)
		}
		return rows
	}
	s := newServer(t)
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Rows(everything)))
	c := newValidator(s)
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	if !report.Usable() || report.Administrator.Role == "" {
		t.Fatalf("the report is %+v", report)
	}
	for name, v := range map[string]any{"the report": report, "the choices": c.Validate(t.Context(), with(jumpcloudtest.SampleMultiTenantKey), ignore).Choices} {
		eachText(t, name, v)
	}
}

// eachText fails for texts that are too long or not printable.
func eachText(t *testing.T, name string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				walk(at+"."+key, value)
			}
		case []any:
			for _, value := range v {
				walk(at, value)
			}
		case string:
			if n := len([]rune(v)); n > printable.Longest+2 {
				t.Errorf("%s, %s: %d characters", name, at, n)
			}
			if i := strings.IndexFunc(v, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
				t.Errorf("%s, %s: %q", name, at, v[i:])
			}
		}
	}
	var any any
	if err := json.Unmarshal(data, &any); err != nil {
		t.Fatal(err)
	}
	walk("", any)
}

// A stored report is read with the same care as an answer.
func TestStoredTextsAreBounded(t *testing.T) {
	long := strings.Repeat("W\x1b\u202e", 10_000)
	data, err := json.Marshal(map[string]any{"organization": map[string]any{"id": jumpcloudtest.OrganizationID(1), "name": "\u200b"},
		"administrator": map[string]any{"email": long, "role": long, "mfa": true},
		"results":       []any{map[string]any{"check": "people", "state": "passed", "cause": long, "facts": map[string]any{"Count": "250+", "Email": long}}}})
	if err != nil {
		t.Fatal(err)
	}
	var report check.Report
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	eachText(t, "the report", report)
	if report.Organization.Name != jumpcloudtest.OrganizationID(1) || !report.Administrator.MFA || report.Results[0].Facts["Count"] != "250+" {
		t.Errorf("the report is %+v", report)
	}
}
