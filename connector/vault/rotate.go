package vault

import (
	"context"
	"errors"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// ErrUncertain is the error of [Vault.Rotate] if the keychain failed at the one write that counts, and could not be asked afterwards whether
// it had written. Either all connections have the new key or all have the former one. [Vault.List] tells as soon as the keychain can be read.
var ErrUncertain = errors.New("it is not certain which key the connections have")

// Rotate gives connections another key in one step. It calls decide with all connections that have the key with the fingerprint from and
// can be read; nothing changes them meanwhile. Decide returns those that get the new key, as they are to be stored. An error of decide ends
// Rotate, and nothing is written.
//
// The new key is stored and read back first. Then one write gives it to all of them: an intent of the rotation. The pages are written after
// that. If Rotate is interrupted there, readers follow the intent, and the next change or Tidy goes on. A connection whose page is not written
// yet has no report. After an error the former state holds, unless the error is [ErrUncertain].
func (v *Vault) Rotate(ctx context.Context, from string, key secret.Secret, decide func([]Connection) ([]Connection, error)) (rotated []Connection, err error) {
	err = v.change(ctx, func(c *contents) error {
		formers := slices.DeleteFunc(c.all(), func(one Connection) bool { return one.Fingerprint != from })
		if rotated, err = decide(slices.Clone(formers)); err != nil || len(rotated) == 0 {
			return err
		}
		if err := v.prepare(ctx, c, rotated, key); err != nil {
			return err
		}
		return v.rotate(ctx, c, from, rotated, key)
	})
	if err != nil {
		return nil, err
	}
	return rotated, nil
}

// prepare sets what is new about the connections but for the number of the key, and makes sure that they can be stored.
func (v *Vault) prepare(ctx context.Context, c *contents, next []Connection, key secret.Secret) error {
	looked := make(map[int]bool)
	for i := range next {
		former, at, _ := c.current(next[i].ID)
		next[i].Fingerprint, next[i].Edition = Fingerprint(key), former.Edition+1
		if !Fits(next[i]) {
			return &keychain.Error{Op: "put", Name: pageName(at), Kind: keychain.ErrTooBig}
		}
		if !looked[former.KeyNumber] {
			looked[former.KeyNumber] = true
			if err := v.mayDelete(ctx, former); err != nil {
				return err
			}
		}
	}
	return nil
}

// rotate stores the key, then the intent, and then the pages.
func (v *Vault) rotate(ctx context.Context, c *contents, from string, next []Connection, key secret.Secret) error {
	formers := c.keyNumbers()
	number, err := v.saveKey(ctx, c, key)
	if err != nil {
		return err
	}
	byID := make(map[string]Connection)
	for i := range next {
		next[i].KeyNumber = number
		byID[next[i].ID] = next[i]
	}
	err = v.writeIntent(ctx, c, from, next)
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		if !errors.Is(err, ErrUncertain) {
			_ = v.deleteKey(ctx, c, number)
		}
		return err
	}
	// The connections have the key. If something fails from here on, Tidy does it at the next start.
	for n := range c.pages {
		for i, one := range c.pages[n].connections {
			if one, ok := byID[one.ID]; ok {
				c.pages[n].connections[i] = one
			}
		}
	}
	if v.finishRotation(ctx, c) == nil {
		for n := range formers {
			_ = v.deleteKey(ctx, c, n)
		}
	}
	return nil
}

// intent is a part of the intent of a rotation, which says which connections get which key before their pages are written. It is stored as a
// page of its own, after the others: a version of the program that does not know intents takes it for a page of a later version, and then
// deletes no key. The rotation counts as soon as all parts are there.
type intent struct {
	ID    string `json:"id"` // of the rotation
	Parts int    `json:"parts"`
	// From is the fingerprint of the former key.
	From string `json:"from"`
	// Key and Fingerprint identify the new one.
	Key         int       `json:"key"`
	Fingerprint string    `json:"fingerprint"`
	Saved       time.Time `json:"saved"`
	// Connections are the ids of some of those that get the new key.
	Connections []string `json:"connections"`
}

// isMalformed reports whether this program cannot have written the intent.
func (n intent) isMalformed() bool {
	return n.ID == "" || n.Parts < 1 || n.Key < 0 || n.Key >= maxNumber || n.From == "" || n.Fingerprint == "" || n.From == n.Fingerprint
}

// mostNamed is how many connections a part of an intent names. So it fits into an entry.
const mostNamed = 200

// writeIntent writes the intent of a rotation. Its last write gives the connections the key. If it fails, it takes back what it has written. The
// error is [ErrUncertain] if the last part may be there all the same.
func (v *Vault) writeIntent(ctx context.Context, c *contents, from string, next []Connection) error {
	parts := slices.Collect(slices.Chunk(next, mostNamed))
	n := intent{ID: newID(), Parts: len(parts), From: from, Key: next[0].KeyNumber, Fingerprint: next[0].Fingerprint, Saved: next[0].Saved}
	first := len(c.pages)
	for i, part := range parts {
		n.Connections = nil
		for _, one := range part {
			n.Connections = append(n.Connections, one.ID)
		}
		isLast := i == len(parts)-1
		if err := ctx.Err(); err != nil {
			v.removeIntent(ctx, c, first, n.ID)
			return err
		}
		if isLast { // nobody could know whether a cancelled write is done
			ctx = context.WithoutCancel(ctx)
		}
		if err := v.createIntent(ctx, c, n); err != nil {
			if isGone := v.removeIntent(ctx, c, first, n.ID); isLast && !isGone {
				return errors.Join(ErrUncertain, err)
			}
			return err
		}
	}
	v.follow(c)
	return nil
}

func (v *Vault) createIntent(ctx context.Context, c *contents, n intent) error {
	size, err := putFunc(v.keychain.Create).record(ctx, pageName(len(c.pages)), pageRecord{Schema: intentSchema, Intent: &n})
	if err == nil {
		c.pages = append(c.pages, page{intent: &n, size: size})
	}
	return err
}

// removeIntent takes back what is written of an intent, the last part first: that of which nobody knows whether it is written, after the last
// page, and then those from there down to the page first. It reports whether that last part is certainly not there. If the keychain fails at
// another one, Tidy removes it.
func (v *Vault) removeIntent(ctx context.Context, c *contents, first int, id string) (isGone bool) {
	ctx = context.WithoutCancel(ctx)
	last := len(c.pages)
	c.pages = c.pages[:first]
	for n := last; n >= first; n-- {
		p, err := v.readPage(ctx, n)
		if err == nil && p.intent != nil && p.intent.ID == id {
			err = v.keychain.Delete(ctx, pageName(n))
		}
		if err != nil && !isNotFound(err) {
			return n < last
		}
	}
	return true
}

// rotation is what a whole intent says.
type rotation struct {
	intent
	of map[string]bool // the ids of all connections that get the new key
}

// rotation returns the rotation whose intent is whole, or nil.
func (c contents) rotation() *rotation {
	parts, of := make(map[string]int), make(map[string]map[string]bool) // by the id of the rotation
	for _, p := range c.pages {
		if p.intent == nil {
			continue
		}
		id := p.intent.ID
		if parts[id]++; of[id] == nil {
			of[id] = make(map[string]bool)
		}
		for _, one := range p.intent.Connections {
			of[id][one] = true
		}
		if parts[id] == p.intent.Parts {
			return &rotation{*p.intent, of[id]}
		}
	}
	return nil
}

// follow gives the connections the key that a whole intent says they have.
func (v *Vault) follow(c *contents) {
	r := c.rotation()
	v.mu.Lock()
	v.rotation = r
	v.mu.Unlock()
	for n := range c.pages {
		r.follow(&c.pages[n])
	}
}

// follow gives connections that are stored with the former key the new one. Their reports are on the former key.
func (r *rotation) follow(p *page) {
	if r == nil {
		return
	}
	for i, one := range p.connections {
		if one.Fingerprint == r.From && r.of[one.ID] {
			one.KeyNumber, one.Fingerprint, one.Saved, one.Report = r.Key, r.Fingerprint, r.Saved, nil
			one.Edition++
			p.connections[i], p.isBehind = one, true
		}
	}
}

// isRotating reports whether there is something to do for finishRotation.
func (c contents) isRotating() bool {
	return slices.ContainsFunc(c.pages, func(p page) bool { return p.intent != nil || p.isBehind })
}

// finishRotation writes the pages that are stored with the former key, and then removes the intent, or what an interrupted rotation has left
// of one.
func (v *Vault) finishRotation(ctx context.Context, c *contents) error {
	if !c.isRotating() {
		return nil
	}
	for n := 0; n < len(c.pages); n++ {
		if c.pages[n].isBehind {
			if err := v.writeOrMove(ctx, c, n); err != nil {
				return err
			}
		}
	}
	for n := len(c.pages) - 1; n >= 0; n-- {
		if c.pages[n].intent != nil {
			if err := v.writePage(ctx, c, n, nil); err != nil {
				return err
			}
		}
	}
	v.follow(c)
	return v.updateIndex(ctx, c) // deletes the empty pages
}

// writeOrMove writes a page as it is in memory, and moves its last connections to later pages if it has outgrown its entry.
func (v *Vault) writeOrMove(ctx context.Context, c *contents, n int) error {
	at := c.pageOf()
	isOld := func(one Connection) bool { return at[one.ID] != n } // an interrupted move has left it
	all := slices.DeleteFunc(slices.Clone(c.pages[n].connections), isOld)
	for len(all) > 1 && !holds(all, 0) {
		last := len(all) - 1
		if _, err := v.placeAfter(ctx, c, n, all[last:]); err != nil {
			return err
		}
		all = all[:last]
	}
	return v.writePage(ctx, c, n, all)
}
