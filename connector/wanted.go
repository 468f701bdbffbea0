package connector

import (
	"cmp"
	"encoding/csv"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

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
// others is its name; a line without an ID is a name, and one of IDs alone names as many organizations. Bad are the lines that have neither, or
// several IDs beside a name, or something that looks like an API key.
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
		var some []Wanted
		if err == nil && !check.HoldsKey(line) {
			some = named.take(cells, line)
		}
		if len(some) == 0 {
			bad = append(bad, i+1)
		}
		for _, one := range some {
			one.Line = i + 1
			wanted = append(wanted, one)
		}
	}
	return wanted, bad
}

// separatorOf returns what stands between the cells: whatever the first line has most of.
func separatorOf(text string) rune {
	line, best, most := "", ',', 0
	for line = range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			break
		}
	}
	for _, r := range ",;\t" {
		if n := strings.Count(line, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

func cellsOf(line string, comma rune) (cells []string, err error) {
	if !strings.Contains(line, `"`) { // the usual line: a reader of its own takes long to make
		for cell := range strings.SplitSeq(line, string(comma)) {
			cells = append(cells, printable.Line(strings.TrimSpace(cell)))
		}
		return cells, nil
	}
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = comma, -1, true, comma != '\t' // which would be trimmed, too
	cells, err = r.Read()
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
		name: column("organization", "organization name", "name", "displayname", "display name", "client", "customer", "company")}
	if c.id < 0 && c.name < 0 {
		return nil
	}
	return &c
}

// take returns what a line of these cells asks for: nothing if that is not clear.
func (c *columns) take(cells []string, line string) []Wanted {
	var ids []string
	filled, name := 0, ""
	for _, cell := range cells {
		switch text := asBefore(cell); {
		case text == "":
		case check.IsOrganizationID(text):
			filled++
			ids = append(ids, strings.ToLower(text))
		default:
			filled++
			name = cmp.Or(name, text)
		}
	}
	if c != nil {
		return c.takeNamed(cells, ids, line)
	}
	switch {
	case len(ids) == filled: // IDs side by side
		var some []Wanted
		for _, id := range ids {
			some = append(some, Wanted{ID: id})
		}
		return some
	case len(ids) > 1: // nobody knows whose the name is
		return nil
	case len(ids) == 0 && filled > 1 && !strings.ContainsAny(line, "\";\t"):
		name = printable.Line(strings.TrimSpace(line)) // a comma in a name
	}
	return []Wanted{{ID: strings.Join(ids, ""), Name: name}}
}

// takeNamed does so where the columns have names. If there is no column for the ID, or a line has a cell too many, its only ID counts.
func (c *columns) takeNamed(cells, ids []string, line string) []Wanted {
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return asBefore(cells[i])
	}
	id, name := strings.ToLower(cell(c.id)), cell(c.name)
	if !check.IsOrganizationID(id) {
		id = ""
		if (c.id < 0 || len(cells) > c.all) && len(ids) == 1 {
			id = ids[0]
		}
	}
	switch surplus := len(cells) > c.all; {
	case surplus && c.all == 1 && id == "":
		name = printable.Line(strings.TrimSpace(line)) // a comma in a name
	case surplus: // nobody knows which cell is which
		name = ""
	}
	if check.IsOrganizationID(name) {
		name = ""
	}
	if id == "" && name == "" {
		return nil
	}
	return []Wanted{{ID: id, Name: name}}
}

// asBefore takes the apostrophes away that [WriteCSV] puts before what looks like a formula.
func asBefore(cell string) string { return guarded.ReplaceAllString(cell, "$1$2") }

// folded returns a name as names are compared: in capitals or not, and with accents written in one way, for macOS writes them in another.
func folded(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// Match finds the organizations that a list asks for among those that a key opens, each once. An ID counts also if it is not among them:
// JumpCloud may not have listed all. A name, in capitals or not, has to be that of exactly one. Unmatched are the others.
func Match(wanted []Wanted, opened []check.Organization) (found []check.Organization, unmatched []Wanted) {
	byID, byName := make(map[string]check.Organization), make(map[string][]check.Organization)
	for _, o := range opened {
		byID[strings.ToLower(o.ID)] = o
		name := folded(o.Name)
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
		named := byName[folded(w.Name)]
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
