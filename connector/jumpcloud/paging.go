package jumpcloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	// pageSize is the largest page that v1 and v2 allow.
	pageSize = 100
	// pagesAhead is how many pages are asked for while the first of them is being read.
	pagesAhead = 4
	// maxPages bounds a walk through pages that do not end: ten million rows.
	maxPages = 100_000
)

var errMissing = errors.New("is missing")

// page is what one request of a list gave.
type page[T any] struct {
	rows  []T
	total int  // of all pages, -1 where JumpCloud does not say
	next  bool // whether there may be another page
}

// fetch reads the page of up to limit rows that begins at row skip.
type fetch[T any] func(ctx context.Context, skip, limit int) (page[T], error)

// v1 fetches from a list of API v1: {"totalCount": n, "results": […]}.
func v1[T any](c *Client, g call) fetch[T] {
	return func(ctx context.Context, skip, limit int) (page[T], error) {
		var list struct {
			TotalCount *int `json:"totalCount"`
			Results    *[]T `json:"results"`
		}
		a, err := c.get(ctx, g.page(skip, limit), &list)
		if err != nil {
			return page[T]{}, err
		}
		if list.Results == nil {
			return page[T]{}, &Error{Path: g.path, Status: http.StatusOK, RequestID: a.requestID,
				Kind: ErrContract, Field: "results", Err: errMissing}
		}
		p := page[T]{rows: *list.Results, total: -1, next: len(*list.Results) >= limit}
		if list.TotalCount != nil {
			p.total = *list.TotalCount
			p.next = len(p.rows) > 0 && skip+len(p.rows) < p.total
		}
		return p, nil
	}
}

// v2 fetches from a list of API v2: a bare array; the total in a header or not at all; the next page announced
// by a Link header on some endpoints, on others only to be guessed from a full page.
func v2[T any](c *Client, g call) fetch[T] {
	return func(ctx context.Context, skip, limit int) (page[T], error) {
		var rows []T
		a, err := c.get(ctx, g.page(skip, limit), &rows)
		if err != nil {
			return page[T]{}, err
		}
		p := page[T]{rows: rows, total: -1, next: len(rows) >= limit || linksNext(a.header)}
		if n, err := strconv.Atoi(a.header.Get("x-total-count")); err == nil && n >= 0 {
			p.total = n
			p.next = len(rows) > 0 && skip+len(rows) < n
		}
		return p, nil
	}
}

// linksNext reports whether a Link header names a next page. Its address is not used: the page is asked for by
// skip, so that an answer cannot send the key elsewhere.
func linksNext(h http.Header) bool {
	for _, link := range h.Values("Link") {
		if strings.Contains(link, `rel="next"`) {
			return true
		}
	}
	return false
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

// pending is a page that has been asked for.
type pending[T any] chan result[T]

type result[T any] struct {
	page[T]
	err error
}

// all walks through every row of a list. Pages are asked for ahead of the reader: several at once where the total
// is known, else one. The walk ends at the first error, which is its last value; leaving the loop early stops the
// requests that are under way before all returns.
func all[T any](ctx context.Context, get fetch[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var queue []pending[T]
		defer func() {
			cancel()
			for _, p := range queue {
				<-p
			}
		}()
		start := func(pageNo int) {
			p := make(pending[T], 1)
			queue = append(queue, p)
			go func() {
				got, err := get(ctx, pageNo*pageSize, pageSize)
				p <- result[T]{got, err}
			}()
		}
		asked := 1
		start(0)
		for len(queue) > 0 {
			got := <-queue[0]
			queue = queue[1:]
			if got.err != nil {
				var none T
				yield(none, got.err)
				return
			}
			for asked < maxPages && wanted(got.page, asked, len(queue)) {
				start(asked)
				asked++
			}
			for _, row := range got.rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// wanted tells whether page number asked should be requested now, with so many pages under way.
func wanted[T any](last page[T], asked, underWay int) bool {
	if last.total >= 0 {
		return last.next && asked*pageSize < last.total && underWay < pagesAhead
	}
	return last.next && underWay == 0
}

// Count is how many rows a list has.
type Count struct {
	// N is the number of rows, or of those on the first page where the total is not known.
	N int
	// AtLeast is true where there may be more than N.
	AtLeast bool
}

// count asks for the first page only, with so many rows.
func count[T any](ctx context.Context, limit int, get fetch[T]) (Count, error) {
	p, err := get(ctx, 0, limit)
	if err != nil {
		return Count{}, err
	}
	if p.total >= 0 {
		return Count{N: p.total}, nil
	}
	return Count{N: len(p.rows), AtLeast: p.next}, nil
}

// String is the number, with a + where there may be more.
func (c Count) String() string {
	if c.AtLeast {
		return fmt.Sprintf("%d+", c.N)
	}
	return strconv.Itoa(c.N)
}

// row is a row of which only its being there matters.
type row struct{}
