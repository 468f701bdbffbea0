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

// maxNumber bounds the numbers of pages and keys. No keychain holds so many.
const maxNumber = 20_000

// pageRecord is a page as it is stored. One with an intent has [intentSchema] and no connections.
type pageRecord struct {
	Schema      int          `json:"schema"`
	Connections []Connection `json:"connections"`
	Intent      *intent      `json:"rotation,omitempty"`
}

// isMalformed reports whether this program cannot have written the page.
func (r pageRecord) isMalformed() bool {
	if r.Schema == intentSchema {
		return r.Intent == nil || r.Intent.isMalformed() || len(r.Connections) > 0
	}
	return r.Intent != nil || slices.ContainsFunc(r.Connections, isMalformed)
}

// page is a page as it was read or written.
type page struct {
	connections []Connection
	size        int     // bytes of the stored value
	trouble     error   // why it cannot be read: ErrDamaged, ErrNewer or ErrGone
	intent      *intent // nil unless it is a part of the intent of a rotation
	isBehind    bool    // it is stored with the former key of connections that have another one
}

func pageName(n int) string { return "connections/" + strconv.Itoa(n) }

func (p page) find(id string) (Connection, bool) {
	if i := slices.IndexFunc(p.connections, func(one Connection) bool { return one.ID == id }); i >= 0 {
		return p.connections[i], true
	}
	return Connection{}, false
}

// readPage reads page n. Its error is ErrNotFound or fatal; other trouble is noted in the page.
func (v *Vault) readPage(ctx context.Context, n int) (page, error) {
	var r pageRecord
	size, err := v.get(ctx, pageName(n), &r)
	if err == nil && r.isMalformed() {
		err = recordError(pageName(n), keychain.ErrDamaged)
	}
	if isFatal(err) || isNotFound(err) {
		return page{}, err
	}
	if err != nil {
		return page{trouble: err}, nil
	}
	for i := range r.Connections {
		r.Connections[i].clean()
	}
	v.notePage(n, r.Connections)
	return page{connections: r.Connections, size: size, intent: r.Intent}, nil
}

// notePage notes for Find that these connections are on page n.
func (v *Vault) notePage(n int, all []Connection) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range all {
		v.pageOf[one.ID] = max(v.pageOf[one.ID], n)
	}
}

// isMalformed reports whether this program cannot have written the connection.
func isMalformed(c Connection) bool {
	return c.ID == "" || len(c.ID) > 20 || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz234567") != "" ||
		c.KeyNumber < 0 || c.KeyNumber >= maxNumber || c.Fingerprint == ""
}

// clean makes the texts printable, because another program may have changed them. An empty name becomes the organization's
// name or id.
func (c *Connection) clean() {
	c.Region, c.OrganizationID = printable.Line(c.Region), printable.Line(c.OrganizationID)
	c.OrganizationName = cmp.Or(printable.Line(c.OrganizationName), c.OrganizationID)
	c.Name = cmp.Or(printable.Line(c.Name), c.OrganizationName)
}

// writePage replaces the connections of a page that has been read.
func (v *Vault) writePage(ctx context.Context, c *contents, n int, all []Connection) error {
	p, err := v.storePage(ctx, n, all, v.keychain.Put)
	if err == nil {
		c.pages[n] = p
	}
	return err
}

// createPage stores a new page after the last one.
func (v *Vault) createPage(ctx context.Context, c *contents, all []Connection) error {
	p, err := v.storePage(ctx, len(c.pages), all, v.keychain.Create)
	if err == nil {
		c.pages = append(c.pages, p)
	}
	return err
}

func (v *Vault) storePage(ctx context.Context, n int, all []Connection, put putFunc) (page, error) {
	size, err := put.record(ctx, pageName(n), pageRecord{Schema: schema, Connections: all})
	if err != nil {
		return page{}, fmt.Errorf("save connections: %w", err)
	}
	v.notePage(n, all)
	return page{connections: all, size: size}, nil
}

// growth is how many bytes of a page stay free when a connection is added. So its connections need not move when their
// reports grow.
var growth = keychain.MaxValue / 10

// holds reports whether these connections fit into one page and leave so many bytes free.
func holds(all []Connection, free int) bool {
	value, err := encode(pageRecord{Schema: schema, Connections: all})
	return err == nil && size(value)+free <= keychain.MaxValue
}

// Fits reports whether a connection with its report fits into a page of its own. Its ID, key, fingerprint and edition may
// still be missing.
func Fits(c Connection) bool {
	c.ID, c.KeyNumber, c.Edition, c.Fingerprint = newID(), maxNumber, 1<<30, Fingerprint(secret.Secret{})
	return holds([]Connection{c}, growth)
}

// hasRoom reports whether one more connection may fit into the page, by those that it has: one more takes less than each of these on average, as
// it has much in common with them. To try takes long, and most pages are full.
func (p page) hasRoom() bool {
	oneMore := p.size / max(1, len(p.connections)) * 3 / 4
	return p.size+oneMore+growth <= keychain.MaxValue
}

// without returns a copy of all, less the connection with this id.
func without(all []Connection, id string) []Connection {
	return slices.DeleteFunc(slices.Clone(all), func(one Connection) bool { return one.ID == id })
}

// with returns a copy of all with c in place of the connection with its id, or at the end.
func with(all []Connection, c Connection) []Connection {
	all = slices.Clone(all)
	if i := slices.IndexFunc(all, func(one Connection) bool { return one.ID == c.ID }); i >= 0 {
		all[i] = c
		return all
	}
	return append(all, c)
}
