package jumpcloud

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"strings"
	"sync"

	"controlmap-jumpcloud/connector/wire"
)

// Tally is how many rows a list has, and how many of them have a property, such as MFA.
type Tally struct {
	// Total is how many rows there are.
	Total Count
	// With is how many of them have the property. It is never more than Total.
	With Count
	// NotTold is how many rows do not say whether they have the property.
	NotTold Count
	// Unread is how many rows could not be read.
	Unread Count
}

// counts holds the numbers of rows that say yes, no or nothing about a property.
type counts struct{ yes, no, notTold int }

func (n *counts) add(f Flag) {
	switch f {
	case Yes:
		n.yes++
	case No:
		n.no++
	default:
		n.notTold++
	}
}

// of returns how many rows were counted.
func (n counts) of() int { return n.yes + n.no + n.notTold }

// tally returns the Tally of a list with these rows and unread ones. Whole says that the list has no other rows.
func (n counts) tally(unread int, whole bool) Tally {
	count := AtLeast
	if whole {
		count = Exactly
	}
	s := Tally{Total: count(n.of() + unread), NotTold: count(n.notTold), Unread: count(unread)}
	if n.yes+n.no > 0 || whole && n.of() == 0 {
		s.With = count(n.yes)
	}
	return s
}

// share counts the rows of a v1 list, and the rows whose field is true. It makes three requests at once: for the first page, and for
// the numbers of rows whose field is true and false. JumpCloud's contract has filters by a nested field, but does not say for which
// fields they work. So share counts a list of one page itself. For a longer list, the numbers have to add up and to agree with the
// first page. If they do not, share reads all rows, unless there are too many.
func share[T wire.Row](ctx context.Context, c *Client, path, field string, says func(T) Flag) (Tally, error) {
	outer, _, _ := strings.Cut(field, ".")
	list := call{path: path, query: url.Values{"fields": {"_id " + outer}}}
	get := fetch[T](c, list)
	var (
		first    wire.Page[T]
		filtered = matched{others: -1}
		err      error
		under    sync.WaitGroup
	)
	under.Go(func() { first, err = get(ctx, 0, pageSize) })
	under.Go(func() { filtered.yes = c.matching(ctx, path, field+":$eq:true") })
	under.Go(func() { filtered.no = c.matching(ctx, path, field+":$eq:false") })
	under.Wait()
	if err == nil {
		err = noneRead(first)
	}
	if err != nil {
		return Tally{}, err
	}
	var here counts
	for _, row := range first.Rows {
		here.add(says(row))
	}
	if _, ok := first.Size(pageSize); ok {
		return here.tally(first.Unread(), true), nil
	}
	if filtered.yes >= 0 && filtered.yes+max(0, filtered.no) < first.Total { // some rows do not have the field
		filtered.others = c.matching(ctx, path, field+":$ne:true")
	}
	if s, ok := filtered.tally(first.Total, here, first.Unread()); ok {
		return s, nil
	}
	if first.Total > walkable {
		return c.count(ctx, list)
	}
	return readAll(ctx, c, list, says)
}

// readAll reads up to [walkable] rows of a list, and counts those that have a property.
func readAll[T wire.Row](ctx context.Context, c *Client, g call, says func(T) Flag) (Tally, error) {
	w, n := wire.NewWalk(fetch[T](c, g), pageSize, walkable), counts{}
	for row, err := range w.Each(ctx) {
		switch {
		case errors.Is(err, wire.ErrTimeout) && w.Rows() > 0:
			return n.tally(w.Unread(), false), nil // with the rows that came in time
		case err != nil:
			return Tally{}, err
		}
		n.add(says(row))
	}
	if err := w.Failure(g.path); err != nil && !errors.Is(err, wire.ErrIncomplete) {
		return Tally{}, err
	}
	return n.tally(w.Unread(), w.Whole()), nil
}

// matched holds the numbers of rows whose field is true, false, or anything but true. A number is -1 if JumpCloud did not tell it.
type matched struct{ yes, no, others int }

// matching asks how many rows of a v1 list match a filter. It returns -1 if JumpCloud does not tell.
func (c *Client) matching(ctx context.Context, path, filter string) int {
	query := maps.Clone(onlyID)
	query.Set("filter", filter)
	p, err := fetch[identity](c, call{path: path, query: query})(ctx, 0, 1)
	if err != nil {
		return -1
	}
	return p.Total
}

// tally returns the Tally of the numbers. It returns false if the numbers do not add up to the total, or contradict the first page.
func (m matched) tally(total int, seen counts, unread int) (Tally, bool) {
	s := Tally{Total: Exactly(total), With: Exactly(m.yes), NotTold: Exactly(0), Unread: Exactly(unread)}
	if unread > 0 {
		s.Unread = AtLeast(unread)
	}
	without := m.no
	if m.yes+m.no != total {
		without = m.others
		s.NotTold = Count{}
		if m.no >= 0 && m.others >= m.no {
			s.NotTold = Exactly(m.others - m.no)
		}
	}
	if s.NotTold.Min() < seen.notTold { // JumpCloud counted rows without the field as false
		s.NotTold = AtLeast(seen.notTold)
	}
	if m.yes+m.no == 0 {
		s.With = Count{}
	}
	added := m.yes >= 0 && without >= 0 && m.yes+without == total
	// Each row of the first page must have been counted.
	agrees := m.yes >= seen.yes && without >= seen.no && total-m.yes >= seen.of()-seen.yes+unread
	return s, added && agrees
}
