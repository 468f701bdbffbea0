package jumpcloud

import (
	"context"
	"maps"
	"net/url"
	"slices"
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

// share counts the rows of a v1 list, and those whose boolean field is true, with three requests side by side. That a
// list is filtered by a field within a field is in JumpCloud's contract, but not that it works for every one. So the
// rows without the property are counted too: if both numbers do not add up, or one of them is everything while a page of
// the list says otherwise, has is asked of each row, as long as there are not too many.
func share[T any](ctx context.Context, c *Client, path, field string, has func(T) bool) (Share, error) {
	counted := func(filter string) (Count, error) {
		query := maps.Clone(onlyID)
		if filter != "" {
			query.Set("filter", field+":"+filter)
		}
		return count(ctx, 1, v1[row](c, call{path: path, query: query}))
	}
	var (
		total, with, without Count
		errs                 [3]error
		under                sync.WaitGroup
	)
	under.Go(func() { total, errs[0] = counted("") })
	under.Go(func() { with, errs[1] = counted("$eq:true") })
	under.Go(func() { without, errs[2] = counted("$ne:true") })
	under.Wait()
	s := Share{Total: total.N, With: -1}
	switch {
	case errs[0] != nil:
		return Share{}, errs[0]
	case total.AtLeast:
		return s, nil
	case errs[1] == nil && errs[2] == nil && with.N+without.N == total.N && (with.N > 0 && without.N > 0 || agrees(ctx, c, path, field, with.N > 0, has)):
		s.With = with.N
	case total.N <= walkable:
		s.With = walk(ctx, c, call{path: path, query: url.Values{"fields": {"_id " + field}}}, has)
	}
	return s, ctx.Err()
}

// agrees reports whether all rows of the first page have the property, or none of them.
func agrees[T any](ctx context.Context, c *Client, path, field string, all bool, has func(T) bool) bool {
	p, err := v1[T](c, call{path: path, query: url.Values{"fields": {"_id " + field}}})(ctx, 0, pageSize)
	return err == nil && !slices.ContainsFunc(p.rows, func(row T) bool { return has(row) != all })
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
