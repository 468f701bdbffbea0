package wire

import "context"

// Row is a row of a list.
type Row interface {
	// RowID is the row's id. It is empty where the row has none.
	RowID() string
}

// Fetch reads the page of up to limit rows that begins at row skip.
type Fetch[T Row] func(ctx context.Context, skip, limit int) (Page[T], error)

// Page is what one request of a list gave.
type Page[T Row] struct {
	// Rows are the rows that could be read.
	Rows []T
	// Given is how many rows came.
	Given int
	// Odd says why the first row that could not be read is odd. It is nil where all could be read.
	Odd *Error
	// Total is how many rows the list has on all pages, -1 where the service does not say.
	Total int
	// Next says that a Link header announces another page, Ends that there are Link headers and none of them does. See [NextIn].
	Next, Ends bool
}

// Unread is how many rows could not be read.
func (p Page[T]) Unread() int { return p.Given - len(p.Rows) }

// Size returns how many rows the list has, if its first page alone tells that: it is not full, and nothing says that there are
// more. PageSize is how many rows a page has at most.
func (p Page[T]) Size(pageSize int) (rows int, known bool) {
	agrees := p.Total == p.Given || p.Total < 0 && (p.Ends || !p.MayBeCut(pageSize))
	return p.Given, agrees && !p.Next && p.Given < pageSize
}

// MayBeCut reports whether a page that is not full may not be the last. Servers that give fewer rows than they are asked for give
// a round number of them.
func (p Page[T]) MayBeCut(pageSize int) bool {
	return p.Given > 0 && p.Given < pageSize && p.Given%5 == 0 && !p.Next && p.Total < 0
}
