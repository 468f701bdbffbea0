package jumpcloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"controlmap-jumpcloud/connector/wire"
)

const (
	// pageSize is the largest page that v1 and v2 allow.
	pageSize = 100
	// longestList is how many rows a walk reads at most.
	longestList = 10_000_000
	// walkable is how many rows are read to count them, if JumpCloud does not count them: 50 requests.
	walkable = 5000
)

// fetch returns the function that reads pages of a list. In API v1 a page is {"totalCount": n, "results": […]}. In API v2 it is an
// array, with the total in a header or not at all.
func fetch[T wire.Row](c *Client, g call) wire.Fetch[T] {
	return func(ctx context.Context, skip, limit int) (wire.Page[T], error) {
		var list struct {
			TotalCount total `json:"totalCount"`
			Results    array `json:"results"`
		}
		var into any = &list
		isV2 := strings.HasPrefix(g.path, "/api/v2/")
		if isV2 {
			into = &list.Results
		}
		a, err := c.get(ctx, g.page(skip, limit), into)
		switch {
		case err != nil:
			return wire.Page[T]{}, err
		case isV2:
			list.TotalCount = totalIn(a.resp.Header.Get("x-total-count"))
		case !list.Results.told:
			return wire.Page[T]{}, a.contractError(errMissing)
		}
		return newPage[T](a, list.Results.rows, list.TotalCount), nil
	}
}

// page adds the parameters of one page. Without sort, JumpCloud may skip rows between pages, or repeat them.
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

// list passes each row of a list on. It ends at the first error, which is its last value. The error's kind is
// [wire.ErrIncomplete] if the list may have more rows.
func list[T wire.Row](ctx context.Context, c *Client, g call) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := wire.NewWalk(fetch[T](c, g), pageSize, longestList)
		for row, err := range w.Each(ctx) {
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := w.Failure(g.path); err != nil {
			var none T
			yield(none, err)
		}
	}
}

// count counts the rows of a list. It reads the first page, and believes a total if that page, or one more request for the end of
// the list, agrees with it.
func (c *Client) count(ctx context.Context, g call) (Tally, error) {
	get := fetch[identity](c, g)
	first, err := get(ctx, 0, pageSize)
	if err != nil {
		return Tally{}, err
	}
	if err := noneRead(first); err != nil {
		return Tally{}, err
	}
	total := AtLeast(first.Given)
	if n, ok := first.Size(pageSize); ok {
		total = Exactly(n)
	} else if first.Total >= first.Given && first.Given > 0 && endsAt(ctx, get, first.Total) {
		total = Exactly(first.Total)
	} else if first.MayBeCut(pageSize) && endsAt(ctx, get, first.Given) {
		total = Exactly(first.Given)
	}
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return Tally{}, fmt.Errorf("GET %s: %w", g.path, err)
	}
	return Tally{Total: total, Unread: AtLeast(first.Unread())}, nil
}

// endsAt reports whether a list has a row number total, and none after it.
func endsAt(ctx context.Context, get wire.Fetch[identity], total int) bool {
	last, err := get(ctx, total-1, 2)
	return err == nil && last.Given == 1
}

// noneRead returns an error if a page has rows and none of them can be read.
func noneRead[T wire.Row](p wire.Page[T]) error {
	if p.Odd != nil && len(p.Rows) == 0 {
		return p.Odd
	}
	return nil
}
