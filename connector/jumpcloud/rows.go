package jumpcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// entry is a row of a list.
type entry interface {
	// rowID is the row's id, empty where it has none.
	rowID() Text
}

// identity is the id of a row: _id in v1, id in v2.
type identity struct {
	V1 Text `json:"_id"`
	V2 Text `json:"id"`
}

func (i identity) rowID() Text { return i.V1 + i.V2 }

// array is a list as it came. Each row is read by itself later, so that an odd one costs no other.
type array struct {
	told bool // it was there, if only as null
	rows []json.RawMessage
}

// UnmarshalJSON reads an array, or null as an empty one.
func (a *array) UnmarshalJSON(data []byte) error {
	a.told = true
	return json.Unmarshal(data, &a.rows)
}

// page is what one request of a list gave.
type page[T any] struct {
	rows   []T   // those that could be read
	given  int   // all that came
	odd    error // why the first of the others could not be read
	total  int   // of all pages, -1 where JumpCloud does not say
	next   bool  // a Link header announces another page
	ends   bool  // there are Link headers, and none announces another page
	source answer
}

// newPage reads the rows of a page.
func newPage[T any](a answer, raw []json.RawMessage, t total) page[T] {
	p := page[T]{rows: make([]T, 0, len(raw)), given: len(raw), total: -1, source: a}
	if t.n != nil {
		p.total = *t.n
	}
	p.next, p.ends = nextIn(a.header)
	for _, data := range raw {
		var row T
		if err := readObject(data, &row); err == nil {
			p.rows = append(p.rows, row)
		} else if p.odd == nil {
			p.odd = err
		}
	}
	return p
}

// unread is how many rows could not be read.
func (p page[T]) unread() int { return p.given - len(p.rows) }

// readObject reads one object, such as a row. A field of another type than agreed is left as it is: the rest counts.
func readObject(data []byte, v any) error {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return errNoObject
	}
	err := json.Unmarshal(data, v)
	var field *json.UnmarshalTypeError
	if errors.As(err, &field) {
		return nil // encoding/json has read the other fields all the same
	}
	return err
}

var (
	errMissing  = &oddRow{field: "results", problem: "is missing"}
	errNoObject = &oddRow{problem: "is no object"}
	errNoID     = &oddRow{field: "_id", problem: "is no Organization ID"}
	errOtherID  = &oddRow{field: "_id", problem: "is not the one that was asked for"}
)

// row is a row of which only its being there matters.
type row struct{ identity }

// getObject sends one GET whose answer is one object.
func (c *Client) getObject(ctx context.Context, g call, v any) (answer, error) {
	var data json.RawMessage
	a, err := c.get(ctx, g, &data)
	if err != nil {
		return a, err
	}
	if err := readObject(data, v); err != nil {
		return a, a.contractError(g.path, err)
	}
	return a, nil
}

// oddRow is what is wrong with an object.
type oddRow struct{ field, problem string }

func (o *oddRow) Error() string { return o.problem }

// contractError is the failure of a call whose answer is odd.
func (a answer) contractError(path string, err error) error {
	e := &Error{Path: path, Status: http.StatusOK, RequestID: a.requestID, Kind: ErrContract, Err: err}
	var odd *oddRow
	if errors.As(err, &odd) {
		e.Field = odd.field
	}
	return e
}
