package connector

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
)

// Wanted is an organization that a list asks for: by its Organization ID, or else by its name.
type Wanted struct {
	Line     int // in the list, from 1
	ID, Name string
}

var organizationID = regexp.MustCompile(`^[0-9a-fA-F]{24}$`)

// ReadWanted reads a list of organizations: a table (CSV, with commas, semicolons or tabs) or a name or an ID a line. If the first line
// names the columns, those for the ID and the name count. Otherwise a cell that looks like an Organization ID is one, and the first of the
// others is a name. Bad are the lines that have neither.
func ReadWanted(text string) (wanted []Wanted, bad []int) {
	var named *columns
	first := true
	comma := separatorOf(text)
	for i, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells, err := cellsOf(line, comma)
		if first && err == nil {
			first = false
			if named = columnsOf(cells); named != nil {
				continue
			}
		}
		one := Wanted{Line: i + 1}
		if err == nil {
			one.ID, one.Name = named.take(cells)
		}
		if one.ID == "" && one.Name == "" {
			bad = append(bad, one.Line)
			continue
		}
		wanted = append(wanted, one)
	}
	return wanted, bad
}

// separatorOf returns what stands between the cells: whatever the first line has most of.
func separatorOf(text string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best, most := ',', 0
	for _, r := range ",;\t" {
		if n := strings.Count(line, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

func cellsOf(line string, comma rune) ([]string, error) {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = comma, -1, true, true
	cells, err := r.Read()
	for i := range cells {
		cells[i] = printable.Line(strings.TrimSpace(cells[i]))
	}
	return cells, err
}

// columns says which cells of a line are the ID and the name; -1 for none.
type columns struct{ id, name int }

// columnsOf reads the names of the columns, or returns nil if the line names none.
func columnsOf(cells []string) *columns {
	column := func(names ...string) int {
		return slices.IndexFunc(cells, func(cell string) bool {
			return slices.Contains(names, strings.ToLower(strings.Trim(strings.ReplaceAll(cell, "_", " "), " ")))
		})
	}
	c := columns{id: column("organization id", "organizationid", "org id", "id"),
		name: column("organization", "organization name", "name", "displayname", "display name", "client", "company")}
	if c.id < 0 && c.name < 0 {
		return nil
	}
	return &c
}

// take returns the ID and the name in a line.
func (c *columns) take(cells []string) (id, name string) {
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return strings.TrimPrefix(cells[i], "'") // as WriteCSV puts it before what looks like a formula
	}
	if c != nil {
		id, name = cell(c.id), cell(c.name)
		if !organizationID.MatchString(id) {
			id = ""
		}
		return strings.ToLower(id), name
	}
	for i := range cells {
		switch text := cell(i); {
		case organizationID.MatchString(text) && id == "":
			id = strings.ToLower(text)
		case text != "" && name == "":
			name = text
		}
	}
	return id, name
}

// Match finds the organizations that a list asks for among those that a key opens. An ID counts also if it is not among them: JumpCloud may
// not have listed all. A name, in capitals or not, has to be that of exactly one. Unmatched are the others.
func Match(wanted []Wanted, opened []check.Organization) (found []check.Organization, unmatched []Wanted) {
	byID, byName := make(map[string]check.Organization), make(map[string][]check.Organization)
	for _, o := range opened {
		byID[strings.ToLower(o.ID)] = o
		name := strings.ToLower(o.Name)
		byName[name] = append(byName[name], o)
	}
	for _, w := range wanted {
		o, isListed := byID[w.ID]
		named := byName[strings.ToLower(w.Name)]
		switch {
		case isListed:
			found = append(found, o)
		case w.ID != "":
			found = append(found, check.Organization{ID: w.ID, Name: w.Name})
		case len(named) == 1:
			found = append(found, named[0])
		default:
			unmatched = append(unmatched, w)
		}
	}
	return found, unmatched
}
