package jumpcloudtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
)

// Change is one difference between an answer and the right one.
type Change struct {
	query  func(url.Values)
	answer func(*Answer)
}

// Answer is an answer that changes apply to.
type Answer struct {
	Header http.Header
	// Total is the text of the field totalCount or the header x-total-count. Empty leaves it out.
	Total string
	// Rows are the rows of a list, as JSON. A single object is one row.
	Rows []json.RawMessage
}

// Changed gives the right answer with changes.
func Changed(changes ...Change) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		for _, c := range changes {
			if c.query != nil {
				c.query(query)
			}
		}
		asked := r.Clone(r.Context())
		asked.URL.RawQuery = query.Encode()
		right := httptest.NewRecorder()
		s.serve(right, asked)
		form, a, ok := readAnswer(right)
		for _, c := range changes {
			if c.answer != nil && ok {
				c.answer(&a)
			}
		}
		if form == arrayForm {
			a.Header.Del("x-total-count")
			if a.Total != "" {
				a.Header.Set("x-total-count", a.Total)
			}
		}
		for name, values := range a.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(right.Code)
		if !ok {
			_, _ = w.Write(right.Body.Bytes())
			return
		}
		_, _ = w.Write(form.write(a))
	})
}

// PageSize limits pages to n rows, whatever limit the query has.
func PageSize(n int) Change {
	return Change{query: func(q url.Values) {
		if limit, err := strconv.Atoi(q.Get("limit")); err != nil || limit > n {
			q.Set("limit", strconv.Itoa(n))
		}
	}}
}

// Without ignores a parameter of the query. Without("skip") gives the first page again and again.
func Without(parameter string) Change {
	return Change{query: func(q url.Values) { q.Del(parameter) }}
}

// Total replaces the total of a list by any JSON, or leaves it out if text is empty.
func Total(text string) Change {
	return Change{answer: func(a *Answer) { a.Total = text }}
}

// Links adds a header Link.
func Links(value string) Change {
	return Change{answer: func(a *Answer) { a.Header.Set("Link", value) }}
}

// Rows changes the rows of each page.
func Rows(change func([]json.RawMessage) []json.RawMessage) Change {
	return Change{answer: func(a *Answer) { a.Rows = change(a.Rows) }}
}

// Row replaces row i of each page by any JSON.
func Row(i int, text string) Change {
	return Rows(func(rows []json.RawMessage) []json.RawMessage {
		if i < len(rows) {
			rows[i] = json.RawMessage(text)
		}
		return rows
	})
}

// Field replaces a field of row i of each page by any JSON, or removes the field if text is empty. An i of -1 means every row.
func Field(i int, name, text string) Change {
	return Rows(func(rows []json.RawMessage) []json.RawMessage {
		for n := range rows {
			if i >= 0 && n != i {
				continue
			}
			fields := map[string]json.RawMessage{}
			if json.Unmarshal(rows[n], &fields) != nil {
				continue
			}
			delete(fields, name)
			if text != "" {
				fields[name] = json.RawMessage(text)
			}
			rows[n], _ = json.Marshal(fields) // fails if text is not JSON
		}
		return rows
	})
}

// form is the form of an answer: a list of v1, a list of v2, or an object.
type form int

const (
	objectForm form = iota
	listForm
	arrayForm
)

// readAnswer reads the parts of an answer. It returns false if the answer has no data.
func readAnswer(right *httptest.ResponseRecorder) (form, Answer, bool) {
	a := Answer{Header: right.Header()}
	body := right.Body.Bytes()
	if right.Code != http.StatusOK {
		return objectForm, a, false
	}
	if json.Unmarshal(body, &a.Rows) == nil {
		a.Total = a.Header.Get("x-total-count")
		return arrayForm, a, true
	}
	var list struct {
		TotalCount json.RawMessage
		Results    *[]json.RawMessage
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return objectForm, a, false
	}
	if list.Results != nil {
		a.Total, a.Rows = string(list.TotalCount), *list.Results
		return listForm, a, true
	}
	a.Rows = []json.RawMessage{body}
	return objectForm, a, true
}

// write joins the parts of an answer. It does not check that they are JSON.
func (f form) write(a Answer) []byte {
	rows := []byte("[")
	for i, row := range a.Rows {
		if i > 0 {
			rows = append(rows, ',')
		}
		rows = append(rows, row...)
	}
	rows = append(rows, ']')
	switch {
	case f == objectForm:
		return a.Rows[0]
	case f == arrayForm:
		return rows
	case a.Total == "":
		return []byte(`{"results":` + string(rows) + `}`)
	}
	return []byte(`{"totalCount":` + a.Total + `,"results":` + string(rows) + `}`)
}
