package wire

import (
	"context"
	"hash/maphash"
	"iter"
)

// pagesAhead is how many pages are asked for while the first of them is being read.
const pagesAhead = 4

// Walk reads a list page by page. It asks for pages ahead of the reader: for several at once where the total is known, else for
// one. A server may give fewer rows a page than it is asked for, a row twice, the same page again and again, or a wrong total.
// Walk still passes each row on once, ends, and says whether there can be more rows.
type Walk[T Row] struct {
	get      Fetch[T]
	pageSize int
	most     int // how many rows are read at most
	step     int // how many rows the last page brought
	uneven   int // how often that changed
	pages    uint32
	seen     map[uint64]uint32 // the page on which each id came first, by the id's hash
	seed     maphash.Seed
	beyond   bool // more rows came than the total says
	shifted  bool // rows came again on a later page: others may have been missed
	odd      *Error

	rows, unread int
	whole        bool
}

// NewWalk makes a walk through a list. PageSize is the largest page that the service allows. After most rows the walk asks for no
// further page.
func NewWalk[T Row](get Fetch[T], pageSize, most int) *Walk[T] {
	return &Walk[T]{get: get, pageSize: pageSize, most: most, step: pageSize, seen: make(map[uint64]uint32), seed: maphash.MakeSeed()}
}

// Rows is how many rows have come, each counted once.
func (w *Walk[T]) Rows() int { return w.rows }

// Unread is how many more rows have come that could not be read.
func (w *Walk[T]) Unread() int { return w.unread }

// Whole reports whether the list has no more rows than came.
func (w *Walk[T]) Whole() bool { return w.whole }

// Each passes each row on. It ends at the first error, which is its last value. Where the loop is left early, it ends the
// requests that are under way before it returns.
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
			fresh, news := w.admit(p)
			if more = w.goesOn(p, skip, news); more {
				w.askAhead(&next, p, skip+p.Given)
			}
			for _, row := range fresh {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// admit returns the rows of a page that have not come before. News reports whether the page brought a new id, or was the first.
func (w *Walk[T]) admit(p Page[T]) (fresh []T, news bool) {
	w.pages++
	news = w.pages == 1
	repeated := false
	fresh = p.Rows[:0]
	for _, row := range p.Rows {
		id := row.RowID()
		if id == "" {
			fresh = append(fresh, row)
			continue
		}
		hash := maphash.String(w.seed, id)
		page, known := w.seen[hash]
		if !known {
			w.seen[hash] = w.pages
			fresh = append(fresh, row)
			news = true
		}
		repeated = repeated || known && page < w.pages
	}
	if !news && len(p.Rows) > 0 {
		return nil, false
	}
	w.shifted = w.shifted || repeated
	w.rows += len(fresh)
	w.unread += p.Unread()
	if w.odd == nil {
		w.odd = p.Odd
	}
	return fresh, news
}

// goesOn reports whether there may be a page after p, which began at row skip.
func (w *Walk[T]) goesOn(p Page[T], skip int, news bool) bool {
	came, known := skip+p.Given, w.rows+w.unread
	switch {
	case p.Given == 0: // the end, whatever the total says
		w.whole = !w.beyond && !w.shifted && (p.Total < 0 || p.Total == came)
		return false
	case !news: // the same again: the server ignores skip, and this page is all that there is to get
		w.whole = !w.shifted && (p.Total == known || p.Total < 0 && w.pages == 2 && p.Given < w.pageSize && p.Given%5 != 0)
		return false
	case p.Total >= 0 && p.Total < came:
		w.beyond = true // the total is wrong: the end is where no more rows come
	case p.Next || p.Given >= w.pageSize || w.beyond:
	case p.Total == came, p.Total < 0 && p.Ends:
		w.whole = !w.shifted
		return false
	}
	return known < w.most
}

// askAhead asks for the pages from row from on, unless that is under way.
func (w *Walk[T]) askAhead(next *ahead[T], p Page[T], from int) {
	if p.Given != w.step {
		w.step = p.Given
		w.uneven++
		next.drop() // these requests begin at the wrong rows
	}
	most := 1
	if p.Total >= 0 && !w.beyond && w.uneven < 3 { // pages of uneven sizes cannot be asked for ahead
		most = pagesAhead
	}
	for row := from + len(next.queue)*w.step; len(next.queue) < most && (row == from || row < p.Total); row += w.step {
		next.start(row)
	}
}

// Failure is the error of a walk that has ended without one: no row could be read, or there may be more of them ([ErrIncomplete]).
// It is nil where all rows came. Path is that of the call.
func (w *Walk[T]) Failure(path string) error {
	switch {
	case w.odd != nil && w.rows == 0:
		return w.odd
	case !w.whole || w.unread > 0:
		return &Error{Path: path, Kind: ErrIncomplete, Unread: w.unread}
	}
	return nil
}
