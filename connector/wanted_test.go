package connector_test

import (
	"fmt"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

func TestReadWanted(t *testing.T) {
	const one, two = "5f0000000000000000000001", "5f00000000000000000000ab"
	for name, c := range map[string]struct{ text, want, bad string }{
		"ids":                     {one + "\n" + two + "\n", "1:" + one + ": 2:" + two + ":", "[]"},
		"names":                   {"Larkspur Robotics\n\nJuniper & Sons Bakery", "1::Larkspur Robotics 3::Juniper & Sons Bakery", "[]"},
		"of Windows":              {one + "\r\nLarkspur\r\n", "1:" + one + ": 2::Larkspur", "[]"},
		"of an old Mac":           {one + "\rLarkspur\r", "1:" + one + ": 2::Larkspur", "[]"},
		"without columns' names":  {"Larkspur," + one + ",EU\n" + two + ",Juniper", "1:" + one + ":Larkspur 2:" + two + ":Juniper", "[]"},
		"columns":                 {"Name,Notes,Organization ID\nLarkspur,x," + one + "\nJuniper,y,\n", "2:" + one + ":Larkspur 3::Juniper", "[]"},
		"another ID":              {"Organization,Organization ID,Parent ID\nAcme,," + one + "\n", "2::Acme", "[]"},
		"semicolons":              {"organization_id;name\n" + one + ";Larkspur, Inc.\n", "2:" + one + ":Larkspur, Inc.", "[]"},
		"tabs":                    {"id\tname\n" + one + "\tLarkspur\n", "2:" + one + ":Larkspur", "[]"},
		"an empty cell":           {"name\tid\n\t" + one, "2:" + one + ":", "[]"},
		"quoted":                  {"\"Larkspur, Inc.\",\"" + one + "\"", "1:" + one + ":Larkspur, Inc.", "[]"},
		"a quote that stays open": {"Larkspur\n\"Juniper\nAldgate", "1::Larkspur 2::Juniper 3::Aldgate", "[]"},
		"a quote within":          {"The \"Good\" Bakery", "1::The \"Good\" Bakery", "[]"},
		"capitals":                {strings.ToUpper(two), "1:" + two + ":", "[]"},
		"neither":                 {"name,id\n,\nLarkspur,\n  ,abc\n", "3::Larkspur", "[2 4]"},
		"an id of another shape":  {"id\nabc\n" + one, "3:" + one + ":", "[2]"},
		"a short line":            {"notes,id\nx\ny," + one, "3:" + one + ":", "[2]"},
		"only columns":            {"id,name\n", "", "[]"},
		"nothing":                 {"\n \n", "", "[]"},
		"what WriteCSV writes":    {"name,organization,organization id\n'=Larkspur,'=Larkspur," + one, "2:" + one + ":=Larkspur", "[]"},
		"a name with a comma":     {"Acme, Inc.\nLarkspur", "1::Acme, Inc. 2::Larkspur", "[]"},
		"an apostrophe":           {"'t Hooft B.V.\n'-1 Club", "1::'t Hooft B.V. 2::-1 Club", "[]"},
		"two ids":                 {"ID,Name,Organization ID\n77,Larkspur," + one, "2:" + one + ":Larkspur", "[]"},
		"of Excel":                {"sep=;\nname;id\nLarkspur;" + one, "3:" + one + ":Larkspur", "[]"},
		"a key":                   {"jca_TEST00000000000000000000000000000001,Larkspur\nname\n" + one, "2::name 3:" + one + ":", "[1]"},
		"a key as the name":       {"name,id\njca_TEST00000000000000000000000000000001," + one, "", "[2]"},
		"an old key":              {"0123456789abcdef0123456789abcdef01234567", "", "[1]"},
		"empty cells":             {"Larkspur,\n,Juniper\n\"Acme, Inc.\",\n", "1::Larkspur 2::Juniper 3::Acme, Inc.", "[]"},
		"one column":              {"name\nAcme, Inc.\nLarkspur", "2::Acme, Inc. 3::Larkspur", "[]"},
		"a cell too many":         {"name,id\nAcme, Inc.," + one + "\nAcme, Inc.,\nLarkspur," + one, "2:" + one + ": 4:" + one + ":Larkspur", "[3]"},
		"a key among words":       {"Larkspur jca_TEST00000000000000000000000000000001\n'jca_TEST000000000001'\nx;jca_TEST00000001;y\nLarkspur", "4::Larkspur", "[1 2 3]"},
		"an old key among words":  {"key=0123456789ABCDEF0123456789abcdef01234567, Larkspur", "", "[1]"},
		"ids on one line":         {one + ", " + two + "," + one, "1:" + one + ": 1:" + two + ": 1:" + one + ":", "[]"},
		"ids between tabs":        {one + "\t" + two, "1:" + one + ": 1:" + two + ":", "[]"},
		"ids and a name":          {one + "," + two + ",Larkspur\nJuniper", "2::Juniper", "[1]"},
		"another column's name":   {"Name,JumpCloud Org ID\nLarkspur," + one, "2:" + one + ":Larkspur", "[]"},
		"the id in another one":   {"Organization,City\n" + one + ",Oslo", "2:" + one + ":", "[]"},
		"a blank line first":      {"   \nname;id\nLarkspur;" + one, "3:" + one + ":Larkspur", "[]"},
		"hidden marks":            {"Lark\u200bspur\u202e\x00", "1::Larkspur", "[]"},
	} {
		wanted, bad := connector.ReadWanted(c.text)
		var got []string
		for _, w := range wanted {
			got = append(got, fmt.Sprintf("%d:%s:%s", w.Line, w.ID, w.Name))
		}
		if strings.Join(got, " ") != c.want || fmt.Sprint(bad) != c.bad {
			t.Errorf("%s: %q, bad lines %v, want %q, %s", name, got, bad, c.want, c.bad)
		}
	}
}

func TestMatch(t *testing.T) {
	opened := []check.Organization{{ID: "5f0000000000000000000001", Name: "Larkspur"}, {ID: "5f0000000000000000000002", Name: "Twin"}, {ID: "5f0000000000000000000003", Name: "twin"}}
	wanted := []connector.Wanted{{Line: 1, Name: "LARKSPUR"}, {Line: 2, ID: "5f0000000000000000000002"}, {Line: 3, Name: "Twin"}, {Line: 4, Name: "Nobody"},
		{Line: 5, ID: "5f0000000000000000000009", Name: "Not listed"}, {Line: 6, ID: "5f0000000000000000000001"}}
	opened = append(opened, check.Organization{ID: "5f0000000000000000000004", Name: "\u00d8rsted & \u00c5kesson"})
	wanted = append(wanted, connector.Wanted{Line: 7, Name: "\u00f8rsted & a\u030akesson"}) // as macOS writes it
	found, unmatched := connector.Match(wanted, opened)
	if got := fmt.Sprint(found); got != "[{5f0000000000000000000001 Larkspur} {5f0000000000000000000002 Twin} {5f0000000000000000000009 Not listed} {5f0000000000000000000004 Ørsted & Åkesson}]" {
		t.Errorf("found %s", got)
	}
	if got := fmt.Sprint(unmatched); got != "[{3  Twin true} {4  Nobody false}]" {
		t.Errorf("unmatched %s", got)
	}
}

func FuzzReadWanted(f *testing.F) {
	f.Add("name,id\nLarkspur,5f0000000000000000000001\n")
	f.Add("\"\n\"\";\t'=")
	f.Fuzz(func(t *testing.T, text string) {
		wanted, bad := connector.ReadWanted(text)
		if len(wanted)+len(bad) > len(text)+1 {
			t.Errorf("%d and %d lines of %d bytes", len(wanted), len(bad), len(text))
		}
		for _, w := range wanted {
			if w.ID == "" && w.Name == "" || w.ID != "" && len(w.ID) != 24 || strings.ContainsAny(w.Name, "\r\n\x00") {
				t.Errorf("%+v", w)
			}
		}
	})
}
