package vault

import (
	"context"
	"fmt"
	"slices"

	"controlmap-jumpcloud/connector/keychain"
)

// contents holds the index and all pages, as they are stored.
type contents struct {
	index   index
	trouble error // of the index: ErrDamaged, ErrNewer, or ErrIncomplete if it is missing
	pages   []page
	keys    int // the lowest number above all keys; 0 unless tidy has read them
}

func (v *Vault) read(ctx context.Context) (contents, error) {
	return v.readEach(ctx, func(int, page) {})
}

// maxGap is how many numbers in a row may be missing before the search ends, if the index cannot be read.
const maxGap = 8

// readEach reads all pages and calls found with each. If the index cannot be read, it counts until more than maxGap numbers
// in a row are missing. A page is ErrGone if it is missing although the index counts it or a later page exists.
func (v *Vault) readEach(ctx context.Context, found func(int, page)) (c contents, err error) {
	if c.index, c.trouble = v.readIndex(ctx); isFatal(c.trouble) {
		return contents{}, fmt.Errorf("list the connections: %w", c.trouble)
	}
	add := func(p page) {
		found(len(c.pages), p)
		c.pages = append(c.pages, p)
	}
	for n := 0; n < c.index.Pages || n-len(c.pages) <= c.maxGap(); n++ {
		p, err := v.readPage(ctx, n)
		if isNotFound(err) && n < c.index.Pages {
			p, err = v.readMissing(ctx, &c, n)
		}
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return contents{}, fmt.Errorf("read connections: %w", err)
		}
		for len(c.pages) < n {
			add(page{trouble: recordError(pageName(len(c.pages)), keychain.ErrGone)})
		}
		add(p)
	}
	v.follow(&c)
	if isNotFound(c.trouble) {
		c.trouble = nil
		if c.lastUsed() > 0 {
			c.trouble = recordError(indexName, keychain.ErrIncomplete)
		}
	}
	return c, nil
}

// readMissing reads page n again, because the index counts it and it is not there. Another process may have deleted it just
// now; then the index does not count it any more.
func (v *Vault) readMissing(ctx context.Context, c *contents, n int) (page, error) {
	x, err := v.readIndex(ctx)
	if isFatal(err) {
		return page{}, err
	}
	if c.index.Pages = x.Pages; n >= x.Pages {
		return page{}, recordError(pageName(n), keychain.ErrNotFound)
	}
	p, err := v.readPage(ctx, n)
	if isNotFound(err) {
		return page{trouble: recordError(pageName(n), keychain.ErrGone)}, nil
	}
	return p, err
}

func (c contents) maxGap() int {
	if c.trouble != nil {
		return maxGap
	}
	return 0
}

// lastUsed returns the number of pages, without the empty ones at the end.
func (c contents) lastUsed() int {
	for n := len(c.pages); n > 0; n-- {
		if p := c.pages[n-1]; p.trouble != nil || p.intent != nil || len(p.connections) > 0 {
			return n
		}
	}
	return 0
}

// current returns the connection with this id, and its page. After a crash it may be on two pages. Connections only move to
// later pages, so the later one counts.
func (c contents) current(id string) (one Connection, at int, found bool) {
	for n, p := range slices.Backward(c.pages) {
		if one, ok := p.find(id); ok {
			return one, n, true
		}
	}
	return Connection{}, 0, false
}

// pageOf returns the page of each connection.
func (c contents) pageOf() map[string]int {
	at := make(map[string]int)
	for n, p := range c.pages {
		for _, one := range p.connections {
			at[one.ID] = n
		}
	}
	return at
}

// currentPages returns the pages, without the connections that are on a later page too.
func (c contents) currentPages() []page {
	at := c.pageOf()
	pages := slices.Clone(c.pages)
	for n := range pages {
		isOld := func(one Connection) bool { return at[one.ID] != n }
		pages[n].connections = slices.DeleteFunc(slices.Clone(pages[n].connections), isOld)
	}
	return pages
}

// all returns every connection once.
func (c contents) all() []Connection {
	var all []Connection
	for _, p := range c.currentPages() {
		all = append(all, p.connections...)
	}
	return all
}

// unreadable returns the trouble of the first page that cannot be read, or nil. Such a page may hold more connections.
func (c contents) unreadable() error {
	for _, p := range c.pages {
		if p.trouble != nil {
			return p.trouble
		}
	}
	return nil
}

// keysEnd returns the lowest number above all keys that the index or a connection names.
func (c contents) keysEnd() int {
	end := c.index.Keys
	for n := range c.keyNumbers() {
		end = max(end, n+1)
	}
	return end
}

// keyNumbers returns the numbers that connections use.
func (c contents) keyNumbers() map[int]bool {
	numbers := make(map[int]bool)
	for _, p := range c.pages {
		for _, one := range p.connections {
			numbers[one.KeyNumber] = true
		}
	}
	return numbers
}
