package words

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
)

// HandOver is a connection as somebody has to enter it in ControlMap. It holds no secret.
type HandOver struct {
	Name         string // of the connection
	Organization check.Organization
	KeyID        string       // the same for connections that have the same key; it is not shown
	Report       check.Report // says whose key it is, and when it ends
	Tenant       string       // the https address of the company's ControlMap; "" if it is not known
	Replaces     bool         // ControlMap has a former key of it
}

// HandOverPage says in words how somebody who has never seen this program enters connections in ControlMap. It is made once, and then
// written as text or as HTML. Every line begins with words of ours, so that no name can be taken for a formula where the page is pasted.
type HandOverPage struct {
	Language string // of the texts, as in BCP 47
	Title    string
	About    string
	NoKey    string // says how the key comes
	Rights   string
	Do       string // the heading of the steps
	Steps    []string
	Keys     []pageKey
	End      string
}

// pageKey is an API key, and the connections that it is entered for.
type pageKey struct {
	Title   string
	Lines   []pageLine
	Entries []pageEntry
}

// pageEntry is a connection.
type pageEntry struct {
	Number int // counts through all keys
	Name   string
	Lines  []pageLine
}

// pageLine is a fact, and what it is about.
type pageLine struct {
	Label, Value string
	Link         string // the address of the value; "" for none
	Exact        bool   // it has to be copied character by character
}

// NewHandOverPage makes a page about connections, with a chapter for each of their keys.
func NewHandOverPage(all []HandOver, now time.Time) HandOverPage {
	facts := Facts{"Count": strconv.Itoa(len(all)), "Date": Date(now)}
	p := HandOverPage{Language: current.Load().language.String(), Title: Text("instructions.title"), About: Text("instructions.about", facts),
		NoKey: Text("instructions.no_key"), Rights: Text("instructions.rights"), Do: Text("instructions.do"), End: Text("instructions.end"),
		Steps: []string{Text("instructions.step.open"), Text("instructions.step.key"), Text("instructions.step.id"), Text("instructions.step.save"), Text("instructions.step.tick")}}
	at := make(map[string]int)
	for _, one := range all {
		i, known := at[one.KeyID]
		if !known {
			i = len(p.Keys)
			at[one.KeyID] = i
			p.Keys = append(p.Keys, newPageKey(i+1, one.Report, now))
		}
		p.Keys[i].Entries = append(p.Keys[i].Entries, newPageEntry(one))
	}
	n := 0
	for i := range p.Keys {
		for j := range p.Keys[i].Entries {
			n++
			p.Keys[i].Entries[j].Number = n
		}
	}
	return p
}

// newPageKey says whose key it is, and when it ends.
func newPageKey(number int, report check.Report, now time.Time) pageKey {
	a, end := report.Administrator, report.KeyEnd(now)
	ends := Text("details.unknown")
	switch end.Cause {
	case check.CauseKeyEnd, check.CauseKeyExpires:
		ends = Text("instructions.ends", OutcomeFacts(end, now))
	case check.CauseKeyEndless:
		ends = Text("ends.never")
	}
	k := pageKey{Title: Text("instructions.key", Facts{"Number": strconv.Itoa(number)})}
	k.Lines = append(k.Lines, pageLine{Label: Text("details.administrator"), Value: cmp.Or(printable.Line(a.Email), Text("details.unknown"))})
	if role := printable.Line(a.Role); role != "" {
		k.Lines = append(k.Lines, pageLine{Label: Text("details.role"), Value: role})
	}
	k.Lines = append(k.Lines, pageLine{Label: Text("details.ends"), Value: ends})
	return k
}

// newPageEntry says what to do for a connection, and where.
func newPageEntry(one HandOver) pageEntry {
	id, organization, tenant := printable.Line(one.Organization.ID), printable.Line(one.Organization.Name), printable.Line(one.Tenant)
	e := pageEntry{Name: cmp.Or(printable.Line(one.Name), organization, id)}
	add := func(label string, line pageLine) {
		line.Label = Text(label)
		e.Lines = append(e.Lines, line)
	}
	if one.Replaces {
		add("instructions.what", pageLine{Value: Text("instructions.replaces")})
	} else {
		add("instructions.what", pageLine{Value: Text("instructions.new")})
	}
	if organization != "" && organization != e.Name {
		add("instructions.organization", pageLine{Value: organization})
	}
	add("instructions.tenant", pageLine{Value: cmp.Or(tenant, Text("instructions.tenant_unknown")), Link: tenant})
	add("details.organization_id", pageLine{Value: id, Exact: true})
	return e
}

// Text returns the page as plain text.
func (p HandOverPage) Text() string {
	var b strings.Builder
	paragraph := func(lines ...string) { fmt.Fprintf(&b, "%s\n\n", strings.Join(lines, "\n")) }
	paragraph(p.Title)
	for _, text := range []string{p.About, p.NoKey, p.Rights} {
		paragraph(text)
	}
	steps := []string{p.Do}
	for i, step := range p.Steps {
		steps = append(steps, fmt.Sprintf("%d. %s", i+1, step))
	}
	paragraph(steps...)
	for _, key := range p.Keys {
		paragraph(append([]string{key.Title}, inLines("", key.Lines)...)...)
		for _, e := range key.Entries {
			paragraph(append([]string{fmt.Sprintf("[ ] %d. %s", e.Number, e.Name)}, inLines("    ", e.Lines)...)...)
		}
	}
	b.WriteString(p.End + "\n")
	return b.String()
}

// inLines writes each fact in a line of its own.
func inLines(indent string, facts []pageLine) (lines []string) {
	for _, f := range facts {
		lines = append(lines, indent+f.Label+": "+f.Value)
	}
	return lines
}

//go:embed handoverpage.html
var handOverTemplate string

// handOverHTML escapes everything that it puts into the page.
var handOverHTML = template.Must(template.New("").Parse(handOverTemplate))

// HTML returns the page as a file for browsers that prints well on A4 and on Letter. It loads nothing and runs nothing.
func (p HandOverPage) HTML() ([]byte, error) {
	var b bytes.Buffer
	if err := handOverHTML.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	return b.Bytes(), nil
}
