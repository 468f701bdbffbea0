package wire

import (
	"context"
	"hash/maphash"
	"iter"
)

// pagesAhead is how many pages are requested at once.
const pagesAhead = 4

// Walk reads a list page by page. It requests pages ahead of the reader: several if the total is known, otherwise one. Servers may
// give fewer rows a page than requested, a row twice, the same page again and again, or a wrong total. Walk still passes each row
// on once, ends, and says whether there may be more rows.
type Walk[T Row] struct {
	get      Fetch[T]
	pageSize int
	most     int // how many rows are read at most
	step     int // how many rows the last page had
	uneven   int // how often step changed
	pages    uint32
	seen     map[uint64]uint32 // the first page of each id, by the id's hash
	seed     maphash.Seed
	beyond   bool   // more rows came than the total says
	shifted  bool   // a row came again on a later page, so others may have been missed
	odd      *Error // of the first row that could not be read

	rows, unread int
	whole        bool
}

// NewWalk returns a walk through a list. PageSize is the largest page that the service allows. After most rows the walk requests no
// further page.
func NewWalk[T Row](get Fetch[T], pageSize, most int) *Walk[T] {
	return &Walk[T]{get: get, pageSize: pageSize, most: most, step: pageSize, seen: make(map[uint64]uint32), seed: maphash.MakeSeed()}
}

// Rows returns how many rows have come and could be read, each counted once.
func (w *Walk[T]) Rows() int { return w.rows }

// Unread returns how many rows have come and could not be read.
func (w *Walk[T]) Unread() int { return w.unread }

// Whole reports whether all rows of the list have come.
func (w *Walk[T]) Whole() bool { return w.whole }

// Each passes each row on. It ends at the first error, which is its last value. If the loop is left early, it cancels the requests
// that are under way.
func (w *Walk[T]) Each(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		next := ahead[T]{ctx: ctx, get: w.get, size: w.pageSize}
		defer next.drop()
		next.start(0)
		for more := true; more; {
			skip, p, err := next.first()
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			rows, isNew := w.admit(p)
			if more = w.goesOn(p, skip, isNew); more {
				w.askAhead(&next, p, skip+p.Given)
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// admit returns the rows of a page that have not come before. IsNew reports whether the page has a new id, or is the first.
func (w *Walk[T]) admit(p Page[T]) (rows []T, isNew bool) {
	w.pages++
	isNew = w.pages == 1
	repeated := false
	rows = p.Rows[:0]
	for _, row := range p.Rows {
		id := row.RowID()
		if id == "" {
			rows = append(rows, row)
			continue
		}
		hash := maphash.String(w.seed, id)
		page, known := w.seen[hash]
		if !known {
			w.seen[hash] = w.pages
			rows = append(rows, row)
			isNew = true
		}
		repeated = repeated || known && page < w.pages
	}
	if !isNew && len(p.Rows) > 0 {
		return nil, false
	}
	w.shifted = w.shifted || repeated
	w.rows += len(rows)
	w.unread += p.Unread()
	if w.odd == nil {
		w.odd = p.Odd
	}
	return rows, isNew
}

// goesOn reports whether there may be a page after p, which began at row skip.
func (w *Walk[T]) goesOn(p Page[T], skip int, isNew bool) bool {
	came, known := skip+p.Given, w.rows+w.unread
	switch {
	case p.Given == 0: // the end, whatever the total says
		w.whole = !w.beyond && !w.shifted && (p.Total < 0 || p.Total == came)
		return false
	case !isNew: // the same page again: the server ignores skip, so the other pages cannot be read
		w.whole = !w.shifted && (p.Total == known || p.Total < 0 && w.pages == 2 && p.Given < w.pageSize && p.Given%5 != 0)
		return false
	case p.Total >= 0 && p.Total < came:
		w.beyond = true // the total is wrong: go on until no more rows come
	case p.Next || p.Given >= w.pageSize || w.beyond:
	case p.Total == came, p.Total < 0 && p.Ends:
		w.whole = !w.shifted
		return false
	}
	return known < w.most
}

// askAhead requests the pages from row from on that are not requested yet.
func (w *Walk[T]) askAhead(next *ahead[T], p Page[T], from int) {
	if p.Given != w.step {
		w.step = p.Given
		w.uneven++
		next.drop() // these requests start at the wrong rows
	}
	most := 1
	if p.Total >= 0 && !w.beyond && w.uneven < 3 { // if the sizes of pages vary, nobody knows where the next ones start
		most = pagesAhead
	}
	for row := from + len(next.queue)*w.step; len(next.queue) < most && (row == from || row < p.Total); row += w.step {
		next.start(row)
	}
}

// Failure returns the error of a walk that ended without one: no row could be read, or there may be more rows ([ErrIncomplete]).
// It returns nil if all rows came. Path is the path of the call.
func (w *Walk[T]) Failure(path string) error {
	switch {
	case w.odd != nil && w.rows == 0:
		return w.odd
	case !w.whole || w.unread > 0:
		return &Error{Path: path, Kind: ErrIncomplete, Unread: w.unread}
	}
	return nil
}
