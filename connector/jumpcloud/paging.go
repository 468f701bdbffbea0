package jumpcloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
)

const (
	// pageSize is the largest page that v1 and v2 allow.
	pageSize = 100
	// pagesAhead is how many pages are asked for while the first of them is being read.
	pagesAhead = 4
	// longestList bounds a walk through pages that do not end, in rows.
	longestList = 10_000_000
	// walkable is how many rows are read one by one where JumpCloud does not count them: 50 requests.
	walkable = 5000
)

// fetch reads the page of up to limit rows that begins at row skip.
type fetch[T any] func(ctx context.Context, skip, limit int) (page[T], error)

// v1 fetches from a list of API v1: {"totalCount": n, "results": […]}.
func v1[T any](c *Client, g call) fetch[T] {
	return func(ctx context.Context, skip, limit int) (page[T], error) {
		var list struct {
			TotalCount total `json:"totalCount"`
			Results    array `json:"results"`
		}
		a, err := c.get(ctx, g.page(skip, limit), &list)
		if err != nil {
			return page[T]{}, err
		}
		if !list.Results.told {
			return page[T]{}, a.contractError(g.path, errMissing)
		}
		return newPage[T](a, list.Results.rows, list.TotalCount), nil
	}
}

// v2 fetches from a list of API v2: a bare array, with the total in a header or not at all.
func v2[T any](c *Client, g call) fetch[T] {
	return func(ctx context.Context, skip, limit int) (page[T], error) {
		var list array
		a, err := c.get(ctx, g.page(skip, limit), &list)
		if err != nil {
			return page[T]{}, err
		}
		return newPage[T](a, list.rows, totalIn(a.header.Get("x-total-count"))), nil
	}
}

// page adds the parameters of one page. Without sort, rows would be missed or doubled between pages.
func (g call) page(skip, limit int) call {
	q := url.Values{}
	for k, v := range g.query {
		q[k] = v
	}
	q.Set("limit", strconv.Itoa(limit))
	q.Set("skip", strconv.Itoa(skip))
	q.Set("sort", "_id")
	g.query = q
	return g
}

// list passes each row of a list on. The walk ends at the first error, which is its last value: one of kind
// [ErrIncomplete] where the list may have more rows than came.
func list[T entry](ctx context.Context, g call, get fetch[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := newWalk(get, longestList)
		for row, err := range w.each(ctx) {
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := w.failure(g); err != nil {
			var none T
			yield(none, err)
		}
	}
}

// count tells how many rows a list has, by its first page. A total is believed where that page, or one more request for
// the list's end, bears it out.
func count[T entry](ctx context.Context, g call, get fetch[T]) (Tally, error) {
	first, err := get(ctx, 0, pageSize)
	if err != nil {
		return Tally{}, err
	}
	if err := first.failure(g); err != nil {
		return Tally{}, err
	}
	total, unread := AtLeast(first.given), first.unread()
	if n, ok := first.size(); ok {
		total = Exactly(n)
	} else if first.total >= first.given && first.given > 0 && endsAt(ctx, get, first.total) {
		total = Exactly(first.total)
	} else if first.mayBeCut() && endsAt(ctx, get, first.given) {
		total = Exactly(first.given)
	}
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return Tally{}, fmt.Errorf("GET %s: %w", g.path, err)
	}
	return Tally{Total: total, Unread: AtLeast(unread)}, nil
}

// size returns how many rows the list has, where its first page tells that by itself: it is not full, and nothing speaks
// of more.
func (p page[T]) size() (int, bool) {
	agrees := p.total == p.given || p.total < 0 && (p.ends || !p.mayBeCut())
	return p.given, agrees && !p.next && p.given < pageSize
}

// mayBeCut reports whether a page that is not full may not be the last: servers that give fewer rows a page than they are
// asked for give a round number of them.
func (p page[T]) mayBeCut() bool {
	return p.given > 0 && p.given < pageSize && p.given%5 == 0 && !p.next && p.total < 0
}

// endsAt reports whether a list has a row number total, and none after it.
func endsAt[T entry](ctx context.Context, get fetch[T], total int) bool {
	last, err := get(ctx, total-1, 2)
	return err == nil && last.given == 1
}

// failure is the error of a page with rows none of which can be read.
func (p page[T]) failure(g call) error {
	if p.odd != nil && len(p.rows) == 0 {
		return p.source.contractError(g.path, p.odd)
	}
	return nil
}
