package vault

import (
	"context"

	"controlmap-jumpcloud/connector/keychain"
)

const indexName = "index"

// index says how far the numbers of pages and keys go. What is stored beyond them is found too, if it follows directly.
type index struct {
	Schema int `json:"schema"`
	Pages  int `json:"pages"`
	Keys   int `json:"keys"`
}

// readIndex reads the index. Its error is ErrNotFound, ErrDamaged, ErrNewer, or stops everything.
func (v *Vault) readIndex(ctx context.Context) (index, error) {
	var x index
	_, err := v.get(ctx, indexName, &x)
	if err == nil && (x.Pages < 0 || x.Pages > maxNumber || x.Keys < 0 || x.Keys > maxNumber) {
		err = recordError(indexName, keychain.ErrDamaged)
	}
	if err != nil {
		return index{}, err
	}
	return x, nil
}

// startIndex stores an index where there is none and nothing else: so a page without an index tells that something else has
// deleted the index.
func (v *Vault) startIndex(ctx context.Context, c *contents) error {
	if c.index.Schema > 0 || c.trouble != nil {
		return nil
	}
	c.index = index{Schema: schema}
	return v.put(ctx, indexName, c.index)
}

// updateIndex has the index say what is stored, and then deletes the empty pages at the end. Without any connection it deletes
// the index too.
func (v *Vault) updateIndex(ctx context.Context, c *contents) error {
	if isNewer(c.trouble) {
		return nil
	}
	used := c.lastUsed()
	want := index{schema, used, max(c.keysEnd(), c.keys)}
	if used == 0 || c.trouble != nil {
		k, err := v.readKeyring(ctx, c)
		if err != nil {
			return err
		}
		if used == 0 {
			if err := v.deleteUnused(ctx, &k); err != nil {
				return err
			}
		}
		want.Keys = k.end
	}
	if err := v.writeIndex(ctx, c, want); err != nil {
		return err
	}
	for n := len(c.pages) - 1; n >= used; n-- {
		if err := v.keychain.Delete(ctx, pageName(n)); err != nil {
			return err
		}
	}
	c.pages = c.pages[:used]
	return nil
}

func (v *Vault) writeIndex(ctx context.Context, c *contents, want index) error {
	var err error
	switch {
	case want.Pages == 0 && want.Keys == 0:
		want = index{}
		if c.index.Schema > 0 || c.trouble != nil {
			err = v.keychain.Delete(ctx, indexName)
		}
	case want != c.index || c.trouble != nil:
		err = v.put(ctx, indexName, want)
	}
	if err == nil {
		c.index, c.trouble = want, nil
	}
	return err
}
