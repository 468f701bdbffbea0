package jumpcloud

import (
	"context"
	"maps"
	"net/url"
	"strings"
	"sync"
)

// walkable is how many rows are read one by one where JumpCloud does not count for us: 50 requests.
const walkable = 5000

// Share is how many rows of a list have a property.
type Share struct {
	// Total is how many rows there are.
	Total int
	// With is how many of them have the property, -1 where that cannot be told.
	With int
}

// share counts the rows of a v1 list, and those whose boolean field is true, with three requests side by side: a page of
// the list, and how many rows have the property and how many have not. That a list is filtered by a field within a field
// is in JumpCloud's contract, but not that it works for every one. So a list of one page is counted here, and for a longer
// one the numbers have to add up and to agree with its first page; else has is asked of each row, as long as there are not
// too many.
func share[T any](ctx context.Context, c *Client, path, field string, has func(T) bool) (Share, error) {
	counted := func(filter string) (Count, error) {
		query := maps.Clone(onlyID)
		query.Set("filter", field+":"+filter)
		return count(ctx, 1, v1[row](c, call{path: path, query: query}))
	}
	outer, _, _ := strings.Cut(field, ".")
	list := call{path: path, query: url.Values{"fields": {"_id " + outer}}}
	var (
		first         page[T]
		with, without Count
		errs          [3]error
		under         sync.WaitGroup
	)
	under.Go(func() { first, errs[0] = v1[T](c, list)(ctx, 0, pageSize) })
	under.Go(func() { with, errs[1] = counted("$eq:true") })
	under.Go(func() { without, errs[2] = counted("$ne:true") })
	under.Wait()
	if errs[0] != nil {
		return Share{}, errs[0]
	}
	here := 0
	for _, row := range first.rows {
		if has(row) {
			here++
		}
	}
	s := Share{Total: first.total, With: -1}
	switch {
	case first.total < 0 && first.next:
		s.Total = len(first.rows) // and more: what there is cannot be told
	case first.total < 0 || first.total == len(first.rows):
		s.Total, s.With = len(first.rows), here
	case errs[1] == nil && errs[2] == nil && with.N+without.N == first.total && with.N >= here && without.N >= len(first.rows)-here:
		s.With = with.N
	case first.total <= walkable:
		s.With = walk(ctx, c, list, has)
	}
	return s, ctx.Err()
}

// walk counts the rows that have a property by reading all of them, -1 if that fails.
func walk[T any](ctx context.Context, c *Client, g call, has func(T) bool) int {
	n := 0
	for row, err := range all(ctx, v1[T](c, g)) {
		if err != nil {
			return -1
		}
		if has(row) {
			n++
		}
	}
	return n
}
