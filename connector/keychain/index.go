package keychain

import (
	"errors"
	"fmt"
	"strings"
)

// indexName is the backend's name of the first page of the index.
const indexName = "index"

// index is the list of names, on pages that are entries of the backend.
type index struct {
	pages   []page
	page    map[string]int // the page of each name
	damaged string         // the backend's name of a page that cannot be read
	gone    string         // the backend's name of a page that is gone, while there is a later one
}

// page is a part of the index: a header line with the version and a SHA-256 of the names, then one name a line.
type page struct {
	text  string // as stored; empty if the page cannot be read or is gone
	names []string
}

func pageName(n int) string {
	if n == 0 {
		return indexName
	}
	return fmt.Sprintf("%s/%d", indexName, n)
}

// newPage makes the page with these names.
func newPage(names []string) page {
	lines := strings.Join(names, "\n") + "\n"
	if len(names) == 0 {
		lines = ""
	}
	return page{fmt.Sprintf("index version=%d sha256=%s\n", version, checksum(lines)) + lines, names}
}

// parsePage reads a page. Its error is ErrDamaged or ErrNewer.
func parsePage(text string) (page, error) {
	var written int
	if n, _ := fmt.Sscanf(text, "index version=%d", &written); n == 1 && written > version {
		return page{}, ErrNewer
	}
	_, lines, _ := strings.Cut(text, "\n")
	var names []string
	if lines != "" {
		names = strings.Split(strings.TrimSuffix(lines, "\n"), "\n")
	}
	if p := newPage(names); p.text == text {
		return p, nil
	}
	return page{}, ErrDamaged
}

// hasRoom reports whether the name fits on the page. On a page that is damaged or gone, nothing does.
func (p page) hasRoom(name string) bool {
	return p.text != "" && len(p.text)+len(name)+1 <= maxEntry
}

// text returns what is stored as the n-th page, or "" if it is damaged or not there.
func (x *index) text(n int) string {
	if n >= 0 && n < len(x.pages) {
		return x.pages[n].text
	}
	return ""
}

// pageWithRoom returns the first page that the name fits on, which may be one after the last.
func (x *index) pageWithRoom(name string) int {
	for n, p := range x.pages {
		if p.hasRoom(name) {
			return n
		}
	}
	return len(x.pages)
}

// put changes the n-th page to p.
func (x *index) put(n int, p page) {
	for len(x.pages) <= n {
		x.pages = append(x.pages, page{})
	}
	for _, name := range x.pages[n].names {
		if x.page[name] == n { // after a repair it may be on two pages
			delete(x.page, name)
		}
	}
	x.pages[n] = p
	for _, name := range p.names {
		x.page[name] = n
	}
}

// readIndex returns the index, from memory if it is known. A page that is damaged or gone is noted in it and is no error here:
// the index itself never leaves a page out, so it looks one page further. Where there is no index at all, it does not.
func (o *operation) readIndex() (*index, error) {
	if o.index != nil {
		return o.index, nil
	}
	x := &index{page: make(map[string]int)}
	for n, missing := 0, false; ; n++ {
		text, err := o.get(pageName(n))
		if errors.Is(err, ErrNotFound) {
			if n == 0 || missing {
				break
			}
			missing = true
			continue
		}
		if err != nil {
			return nil, err
		}
		p, err := parsePage(text)
		if err == ErrNewer {
			return nil, o.failed(pageName(n), err)
		}
		if err != nil {
			x.damaged = pageName(n)
		}
		if missing {
			x.gone, missing = pageName(n-1), false
		}
		x.put(n, p)
	}
	o.index = x
	return x, nil
}

// unreadable returns the ErrDamaged or ErrIncomplete of an index with a page that is damaged or gone, else nil.
func (o *operation) unreadable(x *index) error {
	switch {
	case x.damaged != "":
		return o.damaged(x.damaged, "a page of the list of names differs from its checksum")
	case x.gone != "":
		return o.failed(x.gone, ErrIncomplete)
	}
	return nil
}

// listed reports whether the name is in the index. If it is not in what is known of that, the index is read again, for
// another process may have added it.
func (o *operation) listed(name string) (bool, error) {
	if o.index != nil {
		if _, ok := o.index.page[name]; ok {
			return true, nil
		}
		o.index = nil
	}
	x, err := o.readIndex()
	if err != nil {
		return false, err
	}
	_, ok := x.page[name]
	return ok, nil
}

// addName writes the name into the index if it is not there.
func (o *operation) addName(name string) error {
	return o.editIndex(func(x *index) (int, []string) {
		if n, ok := x.page[name]; ok {
			return n, x.pages[n].names
		}
		n := x.pageWithRoom(name)
		var names []string
		if n < len(x.pages) {
			names = x.pages[n].names
		}
		return n, append(names[:len(names):len(names)], name)
	})
}

// removeName removes the name from the index. Where it is on no page that can be read, it says which is damaged.
func (o *operation) removeName(name string) error {
	listed, err := o.listed(name)
	if err != nil {
		return err
	}
	if !listed && o.index.damaged != "" {
		return o.unreadable(o.index)
	}
	if !listed {
		return nil
	}
	return o.editIndex(func(x *index) (int, []string) {
		n, ok := x.page[name]
		if !ok {
			return len(x.pages), nil
		}
		var names []string
		for _, other := range x.pages[n].names {
			if other != name {
				names = append(names, other)
			}
		}
		return n, names
	})
}

// editIndex writes the page that choose returns the number and the names of. What is known of the index may be out of
// date, for another process may have written it: the page is looked at first, and if it is not the known one, choose
// is asked again.
func (o *operation) editIndex(choose func(*index) (page int, names []string)) error {
	for range 3 {
		x, err := o.readIndex()
		if err != nil {
			return err
		}
		n, names := choose(x)
		known, err := o.isKnown(x, n)
		if err == nil && known && n == len(x.pages) && x.text(n-1) != "" {
			known, err = o.isKnown(x, n-1) // another process may have deleted it: the new page must not leave one out
		}
		if err != nil {
			return err
		}
		if known {
			return o.writePage(x, n, newPage(names))
		}
		o.index = nil
	}
	return o.failed(indexName, errors.New("another program is changing the list of names"))
}

// isKnown reports whether the n-th page is stored as x has it.
func (o *operation) isKnown(x *index, n int) (bool, error) {
	text, err := o.get(pageName(n))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	return text == x.text(n), nil
}

// writePage changes a page of the index. The last ones are deleted if they are empty.
func (o *operation) writePage(x *index, n int, p page) error {
	last := n >= len(x.pages)-1
	if p.text == x.text(n) || n == len(x.pages) && len(p.names) == 0 {
		return nil
	}
	o.index = nil // until it is known that the write was done
	if !last || len(p.names) > 0 {
		if err := o.set(pageName(n), p.text); err != nil {
			return err
		}
	}
	x.put(n, p)
	o.index = x
	return o.trimIndex()
}

// trimIndex deletes the empty pages at the end of the index.
func (o *operation) trimIndex() error {
	x, err := o.readIndex()
	if err != nil {
		return err
	}
	for n := len(x.pages) - 1; n >= 0 && len(x.pages[n].names) == 0 && x.pages[n].text != ""; n-- {
		o.index = nil
		if err := o.delete(pageName(n)); err != nil {
			return err
		}
		x.pages = x.pages[:n]
		o.index = x
	}
	return nil
}

// emptyDamaged makes the pages of the index that are damaged or gone anew, as empty ones.
func (o *operation) emptyDamaged() error {
	x, err := o.readIndex()
	if err != nil {
		return err
	}
	o.index = nil // until it is known that they are
	for n, p := range x.pages {
		if p.text != "" {
			continue
		}
		if err := o.set(pageName(n), newPage(nil).text); err != nil {
			return err
		}
	}
	return o.trimIndex()
}
