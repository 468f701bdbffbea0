package wire

import "context"

// Row is a row of a list.
type Row interface {
	// RowID returns the row's id, empty if it has none.
	RowID() string
}

// Fetch reads up to limit rows, from row skip on.
type Fetch[T Row] func(ctx context.Context, skip, limit int) (Page[T], error)

// Page is the answer to one request for a part of a list.
type Page[T Row] struct {
	// Rows are the rows that could be read.
	Rows []T
	// Given is how many rows came, with those that could not be read.
	Given int
	// Odd says what is wrong with the first row that could not be read. It is nil if all could be read.
	Odd *Error
	// Total is how many rows the whole list has, -1 if the service does not say.
	Total int
	// Next and Ends are what the Link headers say, see [NextIn].
	Next, Ends bool
}

// Unread returns how many rows could not be read.
func (p Page[T]) Unread() int { return p.Given - len(p.Rows) }

// Size returns how many rows the list has, if its first page is enough to know: the page is not full, and nothing announces more
// rows. PageSize is how many rows a page has at most.
func (p Page[T]) Size(pageSize int) (rows int, known bool) {
	agrees := p.Total == p.Given || p.Total < 0 && (p.Ends || !p.MayBeCut(pageSize))
	return p.Given, agrees && !p.Next && p.Given < pageSize
}

// MayBeCut reports whether more rows may follow although the page is not full. Servers with a lower limit than pageSize give a
// round number of rows.
func (p Page[T]) MayBeCut(pageSize int) bool {
	return p.Given > 0 && p.Given < pageSize && p.Given%5 == 0 && !p.Next && p.Total < 0
}
