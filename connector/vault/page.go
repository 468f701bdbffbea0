package vault

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
)

// maxNumber bounds the numbers of pages and keys: more than any keychain holds.
const maxNumber = 20_000

// pageRecord is a page as it is stored.
type pageRecord struct {
	Schema      int          `json:"schema"`
	Connections []Connection `json:"connections"`
}

// page is a page as it was read or written.
type page struct {
	connections []Connection
	size        int   // bytes of the stored value
	trouble     error // why it cannot be read: ErrDamaged, ErrNewer or ErrGone
}

func pageName(n int) string { return "connections/" + strconv.Itoa(n) }

func (p page) find(id string) (Connection, bool) {
	if i := slices.IndexFunc(p.connections, func(one Connection) bool { return one.ID == id }); i >= 0 {
		return p.connections[i], true
	}
	return Connection{}, false
}

// readPage reads a page. Its error is ErrNotFound, or stops everything; other trouble is noted in the page.
func (v *Vault) readPage(ctx context.Context, n int) (page, error) {
	var r pageRecord
	size, err := v.get(ctx, pageName(n), &r)
	if err == nil && slices.ContainsFunc(r.Connections, isMalformed) {
		err = recordError(pageName(n), keychain.ErrDamaged)
	}
	if stops(err) || isNotFound(err) {
		return page{}, err
	}
	if err != nil {
		return page{trouble: err}, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range r.Connections {
		r.Connections[i].clean()
		v.pageOf[r.Connections[i].ID] = max(v.pageOf[r.Connections[i].ID], n)
	}
	return page{connections: r.Connections, size: size}, nil
}

// isMalformed reports whether this program cannot have written the connection.
func isMalformed(c Connection) bool {
	return c.ID == "" || len(c.ID) > 20 || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz234567") != "" ||
		c.KeyNumber < 0 || c.KeyNumber > maxNumber || c.Fingerprint == ""
}

// clean makes the texts of a stored connection fit to be shown: another program may have changed them. Where a name shows
// nothing, the organization's name or its id takes its place.
func (c *Connection) clean() {
	c.Region, c.OrganizationID = printable.Line(c.Region), printable.Line(c.OrganizationID)
	c.OrganizationName = cmp.Or(printable.Line(c.OrganizationName), c.OrganizationID)
	c.Name = cmp.Or(printable.Line(c.Name), c.OrganizationName)
}

// writePage stores the connections of a page that has been read.
func (v *Vault) writePage(ctx context.Context, c *contents, n int, all []Connection) error {
	p, err := v.storePage(ctx, n, all, v.keychain.Put)
	if err == nil {
		c.pages[n] = p
	}
	return err
}

// createPage stores one more page.
func (v *Vault) createPage(ctx context.Context, c *contents, all []Connection) error {
	p, err := v.storePage(ctx, len(c.pages), all, v.keychain.Create)
	if err == nil {
		c.pages = append(c.pages, p)
	}
	return err
}

func (v *Vault) storePage(ctx context.Context, n int, all []Connection, store func(context.Context, string, secret.Secret) error) (page, error) {
	value, err := encode(pageRecord{schema, all})
	if err != nil {
		return page{}, err
	}
	if err := store(ctx, pageName(n), value); err != nil {
		return page{}, fmt.Errorf("save connections: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range all {
		v.pageOf[one.ID] = max(v.pageOf[one.ID], n)
	}
	return page{connections: all, size: size(value)}, nil
}

// growth is how many bytes of a page stay free when it gets a further connection. So its connections need not move when their
// reports grow.
var growth = keychain.MaxValue / 10

// holds reports whether a page has room for these connections, and for so many bytes more.
func holds(all []Connection, free int) bool {
	value, err := encode(pageRecord{schema, all})
	return err == nil && size(value)+free <= keychain.MaxValue
}

// Fits reports whether a connection with its report fits into an entry of the keychain.
func Fits(c Connection) bool {
	c.ID, c.KeyNumber, c.Edition, c.Fingerprint = newID(), maxNumber, 1<<30, Fingerprint(secret.Secret{})
	return holds([]Connection{c}, growth)
}

// without returns the connections but for the one with this id.
func without(all []Connection, id string) []Connection {
	return slices.DeleteFunc(slices.Clone(all), func(one Connection) bool { return one.ID == id })
}

// with returns the connections with this one in its former place, or at the end.
func with(all []Connection, c Connection) []Connection {
	all = slices.Clone(all)
	if i := slices.IndexFunc(all, func(one Connection) bool { return one.ID == c.ID }); i >= 0 {
		all[i] = c
		return all
	}
	return append(all, c)
}
