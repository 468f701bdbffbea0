package jumpcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"controlmap-jumpcloud/connector/wire"
)

// identity is the id of a row: _id in v1, id in v2.
type identity struct {
	V1 Text `json:"_id"`
	V2 Text `json:"id"`
}

// RowID implements [wire.Row].
func (i identity) RowID() string { return string(i.V1 + i.V2) }

// array is a list whose rows are not read yet. Each row is read by itself later, so a bad row does not spoil the others.
type array struct {
	told bool // the list is there, or null
	rows []json.RawMessage
}

// UnmarshalJSON reads an array, or null as an empty one.
func (a *array) UnmarshalJSON(data []byte) error {
	a.told = true
	return json.Unmarshal(data, &a.rows)
}

// newPage reads the rows of a page.
func newPage[T wire.Row](a answer, raw []json.RawMessage, t total) wire.Page[T] {
	p := wire.Page[T]{Rows: make([]T, 0, len(raw)), Given: len(raw), Total: -1}
	if t.n != nil {
		p.Total = *t.n
	}
	p.Next, p.Ends = wire.NextIn(a.resp.Header)
	for _, data := range raw {
		var row T
		if err := readObject(data, &row); err == nil {
			p.Rows = append(p.Rows, row)
		} else if p.Odd == nil {
			p.Odd = a.contractError(err)
		}
	}
	return p
}

// readObject reads one object, such as a row. It skips fields of the wrong type.
func readObject(data []byte, v any) error {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return errNoObject
	}
	err := json.Unmarshal(data, v)
	var field *json.UnmarshalTypeError
	if errors.As(err, &field) {
		return nil // encoding/json has read the other fields
	}
	return err
}

var (
	errMissing  = &oddRow{field: "results", problem: "is missing"}
	errNoObject = &oddRow{problem: "is no object"}
	errNoID     = &oddRow{field: "_id", problem: "is no Organization ID"}
	errOtherID  = &oddRow{field: "_id", problem: "is not the one that was asked for"}
)

// getObject sends one GET whose answer is one object.
func (c *Client) getObject(ctx context.Context, g call, v any) (answer, error) {
	var data json.RawMessage
	a, err := c.get(ctx, g, &data)
	if err != nil {
		return a, err
	}
	if err := readObject(data, v); err != nil {
		return a, a.contractError(err)
	}
	return a, nil
}

// oddRow says what is wrong with an object.
type oddRow struct{ field, problem string }

func (o *oddRow) Error() string { return o.problem }

// contractError returns the error of a call whose answer is wrong.
func (a answer) contractError(err error) *wire.Error {
	e := wire.Failed(a.req, a.resp, wire.ErrContract)
	e.Err = err
	var odd *oddRow
	if errors.As(err, &odd) {
		e.Field = odd.field
	}
	return e
}
