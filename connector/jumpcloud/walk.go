package jumpcloud

import (
	"context"
	"hash/maphash"
	"iter"
)

// walk reads a list page by page. Pages are asked for ahead of the reader: several at once where the total is known, else
// one. A server may give fewer rows a page than it is asked for, doubled rows, the same page again and again, or a wrong
// total. Each row is passed on once all the same, the walk ends, and whole says whether there can be more rows.
type walk[T entry] struct {
	get     fetch[T]
	most    int // how many rows are read at most
	step    int // how many rows the last page brought
	uneven  int // how often that changed
	pages   uint32
	seen    map[uint64]uint32 // the page on which each id came first, by the id's hash
	seed    maphash.Seed
	beyond  bool // more rows came than the total says
	shifted bool // rows came again on a later page: others may have been missed

	rows, unread int    // how many rows came, each counted once, and how many more could not be read
	odd          error  // why the first of those could not be read
	source       answer // of the page that it was on
	whole        bool   // the list has no more rows
}

func newWalk[T entry](get fetch[T], most int) *walk[T] {
	return &walk[T]{get: get, most: most, step: pageSize, seen: make(map[uint64]uint32), seed: maphash.MakeSeed()}
}

// each passes each row on. It ends at the first error, which is the last value. Leaving the loop early stops the requests
// that are under way before each returns.
func (w *walk[T]) each(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ahead := requests[T]{ctx: ctx, get: w.get}
		defer ahead.drop()
		ahead.start(0)
		for more := true; more; {
			skip, p, err := ahead.first()
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			fresh, news := w.admit(p)
			if more = w.goesOn(p, skip, news); more {
				w.askAhead(&ahead, p, skip+p.given)
			}
			for _, row := range fresh {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// admit returns the rows of a page that have not come before, and reports whether the page brought any news: an id
// that is new, or the first page.
func (w *walk[T]) admit(p page[T]) (fresh []T, news bool) {
	w.pages++
	news = w.pages == 1
	repeated := false
	fresh = p.rows[:0]
	for _, row := range p.rows {
		id := row.rowID()
		if id == "" {
			fresh = append(fresh, row)
			continue
		}
		hash := maphash.String(w.seed, string(id))
		page, known := w.seen[hash]
		if !known {
			w.seen[hash] = w.pages
			fresh = append(fresh, row)
			news = true
		}
		repeated = repeated || known && page < w.pages
	}
	if !news && len(p.rows) > 0 {
		return nil, false
	}
	w.shifted = w.shifted || repeated
	w.rows += len(fresh)
	w.unread += p.unread()
	if w.odd == nil {
		w.odd, w.source = p.odd, p.source
	}
	return fresh, news
}

// goesOn reports whether there may be a page after p, which began at row skip.
func (w *walk[T]) goesOn(p page[T], skip int, news bool) bool {
	came, known := skip+p.given, w.rows+w.unread
	switch {
	case p.given == 0: // the end, wherever the total has it
		w.whole = !w.beyond && !w.shifted && (p.total < 0 || p.total == came)
		return false
	case !news: // the same again: skip is ignored, and this page is all that there is to get
		w.whole = !w.shifted && (p.total == known || p.total < 0 && w.pages == 2 && p.given < pageSize && p.given%5 != 0)
		return false
	case p.total >= 0 && p.total < came:
		w.beyond = true // the total is wrong, so that the end is where no more rows come
	case p.next || p.given >= pageSize || w.beyond:
	case p.total == came, p.total < 0 && p.ends:
		w.whole = !w.shifted
		return false
	}
	return known < w.most
}

// askAhead asks for the pages from row from on, unless that is under way.
func (w *walk[T]) askAhead(ahead *requests[T], p page[T], from int) {
	if p.given != w.step {
		w.step = p.given
		w.uneven++
		ahead.drop() // they begin at the wrong rows
	}
	most := 1
	if p.total >= 0 && !w.beyond && w.uneven < 3 { // pages of uneven sizes cannot be asked for ahead
		most = pagesAhead
	}
	for next := from + len(ahead.queue)*w.step; len(ahead.queue) < most && (next == from || next < p.total); next += w.step {
		ahead.start(next)
	}
}

// count is how many rows the list has, as far as the walk went.
func (w *walk[T]) count() Count {
	if w.whole {
		return Exactly(w.rows + w.unread)
	}
	return AtLeast(w.rows + w.unread)
}

// failure is the error of a walk that has ended without one: that no row could be read, or not all of them.
func (w *walk[T]) failure(g call) error {
	switch {
	case w.odd != nil && w.rows == 0:
		return w.source.contractError(g.path, w.odd)
	case !w.whole || w.unread > 0:
		return &Error{Path: g.path, Kind: ErrIncomplete, Unread: w.unread}
	}
	return nil
}
