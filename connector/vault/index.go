package vault

import (
	"cmp"
	"context"

	"controlmap-jumpcloud/connector/keychain"
)

const indexName = "index"

// index says which numbers are in use. Pages is one more than the highest number of a page. Keys is above all numbers of keys.
// Readers also try the next number, which a crash may have left uncounted.
type index struct {
	Schema int `json:"schema"`
	Pages  int `json:"pages"`
	Keys   int `json:"keys"`
}

// readIndex reads the index. Its error is ErrNotFound, ErrDamaged, ErrNewer, or fatal.
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

// startIndex stores an empty index before anything else is stored. So if there are pages and no index, another program has
// deleted the index.
func (v *Vault) startIndex(ctx context.Context, c *contents) error {
	if c.index.Schema > 0 || c.trouble != nil {
		return nil
	}
	c.index = index{Schema: schema}
	return v.putIndex(ctx, c.index)
}

func (v *Vault) putIndex(ctx context.Context, x index) error {
	_, err := putFunc(v.keychain.Put).record(ctx, indexName, x)
	return err
}

// countKeys makes the index count all keys below end and all keys that connections use, before a key is deleted. A crash may have left
// the index behind. Keys are found by counting: after a deletion, those that the index does not count could not be found any more.
func (v *Vault) countKeys(ctx context.Context, c *contents, end int) error {
	end = max(end, c.keysEnd())
	if c.index.Schema == 0 || c.trouble != nil || c.index.Keys == end {
		return nil
	}
	return v.writeIndex(ctx, c, index{schema, c.index.Pages, end})
}

// updateIndex writes what is stored now into the index, and then deletes the empty pages at the end. If there is no connection,
// it deletes the index too.
func (v *Vault) updateIndex(ctx context.Context, c *contents) error {
	if isNewer(c.trouble) {
		return nil
	}
	used := c.lastUsed()
	want := index{schema, used, cmp.Or(c.keys, c.keysEnd())}
	if used == 0 || c.trouble != nil {
		k, err := v.readKeyring(ctx, c)
		if err != nil {
			return err
		}
		if used == 0 {
			if err := v.deleteUnused(ctx, c, &k); err != nil {
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
		err = v.putIndex(ctx, want)
	}
	if err == nil {
		c.index, c.trouble = want, nil
	}
	return err
}
