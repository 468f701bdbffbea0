package connector

import (
	"encoding/csv"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
)

// Wanted is an organization that a list asks for: by its Organization ID, or else by its name.
type Wanted struct {
	Line     int // in the list, from 1
	ID, Name string
	// Several says that the key opens several organizations of this name.
	Several bool
}

// ReadWanted reads a list of organizations: a table (CSV, with commas, semicolons or tabs) or a name or an ID a line. If the first line
// names the columns, those for the ID and the name count. Otherwise a cell that looks like an Organization ID is one, and the first of the
// others is its name; a line without an ID is a name. Bad are the lines that have neither, or something that looks like an API key.
func ReadWanted(text string) (wanted []Wanted, bad []int) {
	var named *columns
	first, comma := true, separatorOf(text)
	for i, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		if strings.TrimSpace(line) == "" || first && strings.HasPrefix(line, "sep=") { // Excel writes this
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
		if err == nil && !check.HoldsKey(line) {
			one.ID, one.Name = named.take(cells, line)
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
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = comma, -1, true, comma != '\t' // which would be trimmed, too
	cells, err := r.Read()
	for i := range cells {
		cells[i] = printable.Line(strings.TrimSpace(cells[i]))
	}
	return cells, err
}

// columns says which cells of a line are the ID and the name; -1 for none. There are so many cells in all.
type columns struct{ id, name, all int }

// columnsOf reads the names of the columns, or returns nil if the line names none. Of several columns that could be meant, the one with the
// clearest name counts.
func columnsOf(cells []string) *columns {
	column := func(names ...string) int {
		for _, name := range names {
			i := slices.IndexFunc(cells, func(cell string) bool {
				return strings.EqualFold(strings.TrimSpace(strings.ReplaceAll(cell, "_", " ")), name)
			})
			if i >= 0 {
				return i
			}
		}
		return -1
	}
	c := columns{all: len(cells), id: column("organization id", "organizationid", "org id", "id"),
		name: column("organization", "organization name", "name", "displayname", "display name", "client", "company")}
	if c.id < 0 && c.name < 0 {
		return nil
	}
	return &c
}

// take returns the ID and the name in a line of these cells.
func (c *columns) take(cells []string, line string) (id, name string) {
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return asBefore(cells[i])
	}
	if c != nil {
		id, name = cell(c.id), cell(c.name)
		if !check.IsOrganizationID(id) {
			id = ""
		}
		switch surplus := len(cells) > c.all && id == ""; {
		case surplus && c.all == 1:
			name = printable.Line(strings.TrimSpace(line)) // a comma in a name
		case surplus:
			name = "" // nobody knows which cell is which
		}
		return strings.ToLower(id), name
	}
	filled := 0
	for i := range cells {
		text := cell(i)
		if text != "" {
			filled++
		}
		switch {
		case check.IsOrganizationID(text) && id == "":
			id = strings.ToLower(text)
		case text != "" && name == "":
			name = text
		}
	}
	if id == "" && filled > 1 && !strings.ContainsAny(line, "\";\t") {
		name = printable.Line(strings.TrimSpace(line)) // a comma in a name
	}
	return id, name
}

// asBefore takes the apostrophes away that [WriteCSV] puts before what looks like a formula.
func asBefore(cell string) string { return guarded.ReplaceAllString(cell, "$1$2") }

// Match finds the organizations that a list asks for among those that a key opens, each once. An ID counts also if it is not among them:
// JumpCloud may not have listed all. A name, in capitals or not, has to be that of exactly one. Unmatched are the others.
func Match(wanted []Wanted, opened []check.Organization) (found []check.Organization, unmatched []Wanted) {
	byID, byName := make(map[string]check.Organization), make(map[string][]check.Organization)
	for _, o := range opened {
		byID[strings.ToLower(o.ID)] = o
		name := strings.ToLower(o.Name)
		byName[name] = append(byName[name], o)
	}
	there := make(map[string]bool)
	find := func(o check.Organization) {
		if id := strings.ToLower(o.ID); !there[id] {
			there[id], found = true, append(found, o)
		}
	}
	for _, w := range wanted {
		o, isListed := byID[w.ID]
		named := byName[strings.ToLower(w.Name)]
		switch {
		case isListed:
			find(o)
		case w.ID != "":
			find(check.Organization{ID: w.ID, Name: w.Name})
		case len(named) == 1:
			find(named[0])
		default:
			w.Several = len(named) > 1
			unmatched = append(unmatched, w)
		}
	}
	return found, unmatched
}
