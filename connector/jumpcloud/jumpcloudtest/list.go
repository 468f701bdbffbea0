package jumpcloudtest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// row is one object of an answer.
type row map[string]any

// only returns the requested fields and the id, or all fields if none is requested.
func (r row) only(fields, id string) row {
	wanted := strings.FieldsFunc(fields, func(c rune) bool { return c == ' ' || c == ',' })
	if len(wanted) == 0 {
		return r
	}
	kept := row{id: r[id]}
	for _, name := range wanted {
		name, _, _ = strings.Cut(name, ".")
		if value, ok := r[name]; ok {
			kept[name] = value
		}
	}
	return kept
}

// list is the list at a path. Its rows are made when they are requested, in the order of their ids.
type list struct {
	size     int
	row      func(i int) row
	v2       bool // an array, with ids called id
	maxLimit int  // rows in one answer; 0 means 100
	total    bool // v2: send the header x-total-count
	link     bool // v2: send the header Link
	// remember returns where the matches of filters are kept. It is nil for a list that changes.
	remember func(filters []filter) *matches
}

// matches holds the numbers of the rows that match filters. Finding them makes every row, so it is done once.
type matches struct {
	once sync.Once
	rows []int
}

const (
	defaultLimit = 10
	usualLimit   = 100
)

// serve answers with the rows that the query asks for, or returns what is wrong with the query.
func (l list) serve(w http.ResponseWriter, query url.Values) *refusal {
	q, err := l.parse(query)
	if err != nil {
		return &refusal{http.StatusBadRequest, err.Error()}
	}
	rows, total := l.rows(q)
	if !l.v2 {
		write(w, map[string]any{"totalCount": total, "results": rows})
		return nil
	}
	if l.total {
		w.Header().Set("x-total-count", strconv.Itoa(total))
	}
	if l.link && q.skip+len(rows) < total {
		w.Header().Set("Link", fmt.Sprintf(`<?limit=%d&skip=%d>; rel="next"`, q.limit, q.skip+q.limit))
	}
	write(w, rows)
	return nil
}

// question is the query for a page of a list.
type question struct {
	limit, skip        int
	fields             string
	sorted, descending bool
	filters            []filter
}

func (l list) parse(query url.Values) (question, error) {
	q := question{limit: defaultLimit, fields: strings.Join(query["fields"], " ")}
	largest := usualLimit
	if l.maxLimit > 0 {
		largest = l.maxLimit
	}
	for name, n := range map[string]*int{"limit": &q.limit, "skip": &q.skip} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < 0 {
			return q, fmt.Errorf("%s must be a number", name)
		}
		*n = value
	}
	q.limit = min(q.limit, largest)
	sort, descending := strings.CutPrefix(query.Get("sort"), "-")
	if sort != "" && sort != "_id" && sort != "id" {
		return q, fmt.Errorf("the simulator sorts by _id only")
	}
	q.sorted, q.descending = sort != "", descending
	for _, text := range query["filter"] {
		f, err := parseFilter(text)
		if err != nil {
			return q, err
		}
		q.filters = append(q.filters, f)
	}
	return q, nil
}

// rows makes the rows of a page, and counts the rows of the whole list.
func (l list) rows(q question) (rows []row, total int) {
	rows = []row{}
	if len(q.filters) > 0 {
		return l.matching(q)
	}
	for i := q.skip; i < l.size && i < q.skip+q.limit; i++ {
		rows = append(rows, l.row(place(i, l.size, q)).only(q.fields, l.idName()))
	}
	return rows, l.size
}

// place returns which row is at position i. Without sort, the order differs from page to page, so a walk misses rows, as JumpCloud
// warns.
func place(i, size int, q question) int {
	switch {
	case q.descending:
		return size - 1 - i
	case !q.sorted && q.limit > 0:
		return (i + q.skip/q.limit) % size
	}
	return i
}

// matching makes the rows of a page of a filtered list, and counts the rows that match.
func (l list) matching(q question) (rows []row, total int) {
	m := &matches{}
	if l.remember != nil {
		m = l.remember(q.filters)
	}
	m.once.Do(func() {
		for i := range l.size {
			if matchesAll(q.filters, l.row(i)) {
				m.rows = append(m.rows, i)
			}
		}
	})
	rows = []row{}
	for i := q.skip; i < len(m.rows) && len(rows) < q.limit; i++ {
		at := i
		if q.descending {
			at = len(m.rows) - 1 - i
		}
		rows = append(rows, l.row(m.rows[at]).only(q.fields, l.idName()))
	}
	return rows, len(m.rows)
}

func matchesAll(filters []filter, r row) bool {
	return !slices.ContainsFunc(filters, func(f filter) bool { return !f.matches(r) })
}

func (l list) idName() string {
	if l.v2 {
		return "id"
	}
	return "_id"
}

// filter is field:operator:value. In API v1, operators begin with a $.
type filter struct{ field, operator, value string }

func parseFilter(text string) (filter, error) {
	parts := strings.SplitN(text, ":", 3)
	if len(parts) < 3 {
		return filter{}, fmt.Errorf("a filter is field:operator:value")
	}
	f := filter{parts[0], strings.TrimPrefix(parts[1], "$"), parts[2]}
	if f.operator != "eq" && f.operator != "ne" {
		return filter{}, fmt.Errorf("the simulator filters by eq and ne only")
	}
	return f, nil
}

func (f filter) matches(r row) bool {
	return (fmt.Sprint(r.at(f.field)) == f.value) == (f.operator == "eq")
}

// at returns the value of a field, which may be nested: mfa.configured.
func (r row) at(field string) any {
	outer, inner, within := strings.Cut(field, ".")
	if value, ok := r[outer].(row); ok && within {
		return value.at(inner)
	}
	return r[field]
}
