package connector

import (
	"encoding/csv"
	"io"
	"regexp"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Row is what lists and other programs are told of a connection. Nothing in it is secret.
type Row struct {
	ID            string             `json:"id"`
	Name          string             `json:"name"`
	Organization  check.Organization `json:"organization"`
	Region        string             `json:"region"`
	Administrator string             `json:"administrator,omitempty"`
	Role          string             `json:"role,omitempty"`
	// Health says in one word how the connection is, also as far as ControlMap has its key.
	Health check.Health `json:"health"`
	// State is that of the last check: waiting if there was none, and skipped if nobody knows whether the connection works.
	State check.State `json:"state"`
	// Cause is why the state is not passed. It is empty if it is, or if the connection was never checked.
	Cause check.Cause `json:"cause,omitempty"`
	// KeyEnds is when the key ends. It is zero if it has no end, or if that is not known.
	KeyEnds time.Time `json:"keyEnds,omitzero"`
	Checked time.Time `json:"checked,omitzero"`
	// HandedOver is when ControlMap got the key. Outdated says that the connection has another key since.
	HandedOver time.Time `json:"handedOver,omitzero"`
	Outdated   bool      `json:"outdated,omitempty"`
	Tenant     string    `json:"tenant,omitempty"`
	Note       string    `json:"note,omitempty"`
}

// Health says how a connection is at this time. It is the one place that decides this: what cannot be read is broken, and a connection whose
// former key ControlMap has needs attention.
func (c Connection) Health(now time.Time) check.Health {
	health := c.Report.Health(now)
	switch {
	case c.Trouble != "":
		return check.HealthBroken
	case c.HandOver.Outdated:
		return min(health, check.HealthAttention)
	}
	return health
}

// RowOf returns what lists say of a connection at this time: the key may have ended since the last check.
func RowOf(c Connection, now time.Time) Row {
	report := c.Report.AsOf(now)
	r := Row{ID: c.ID, Name: c.Name, Organization: c.Organization, Region: c.Region, Administrator: report.Administrator.Email,
		Role: report.Administrator.Role, Health: c.Health(now), State: report.Overall(), Cause: causeOf(report), KeyEnds: report.Administrator.KeyExpires, Checked: report.At,
		HandedOver: c.HandOver.At, Outdated: c.HandOver.Outdated, Tenant: c.HandOver.Tenant, Note: c.Note}
	if c.Trouble != "" {
		r.State, r.Cause = check.Failed, c.Trouble
	}
	return r
}

// causeOf returns why the state of a report is not passed: the cause of what blocks, or else of the first point. It is empty if it is passed.
func causeOf(report check.Report) check.Cause {
	if blocker, blocked := report.Blocker(); blocked {
		return blocker.Cause
	}
	if points := report.Points(); len(points) > 0 {
		return points[0].Cause
	}
	return ""
}

// WriteCSV writes rows as CSV, with a line of names first. A spreadsheet takes no cell for a formula.
func WriteCSV(to io.Writer, rows []Row) error {
	w := csv.NewWriter(to)
	lines := [][]string{{"name", "organization", "organization id", "region", "health", "state", "cause", "administrator", "role", "key ends", "checked",
		"handed over", "still to be updated in controlmap", "controlmap", "note"}}
	for _, r := range rows {
		outdated := ""
		if r.Outdated {
			outdated = "yes"
		}
		line := []string{r.Name, r.Organization.Name, r.Organization.ID, r.Region, r.Health.String(), r.State.String(), string(r.Cause), r.Administrator, r.Role,
			moment(r.KeyEnds), moment(r.Checked), moment(r.HandedOver), outdated, r.Tenant, r.Note}
		for i, cell := range line {
			line[i] = noFormula(cell)
		}
		lines = append(lines, line)
	}
	return w.WriteAll(lines)
}

// moment writes a time; "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// noFormula puts an apostrophe before what a spreadsheet would calculate, also where it takes a semicolon or a tab within for the end of the
// cell. See OWASP, CSV Injection.
func noFormula(cell string) string { return formula.ReplaceAllString(cell, "$1'$2") }

var (
	formula = regexp.MustCompile(`(^|[,;\t\r\n]\s*)([=+\-@\t\r\n])`)
	// guarded is a formula behind the apostrophe of noFormula.
	guarded = regexp.MustCompile(`(^|[,;\t\r\n]\s*)'([=+\-@\t\r\n])`)
)
