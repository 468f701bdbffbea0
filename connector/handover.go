package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/vault"
)

// HandOver says when a person has entered the key and the Organization ID of a connection in ControlMap, and where that is.
type HandOver struct {
	// At is when a person said so. It is zero if nobody has.
	At time.Time
	// Outdated says that the connection has got another key since: ControlMap has the former one.
	Outdated bool
	// Tenant is the address of the company's ControlMap, see [ParseTenant]; "" if it is not known.
	Tenant string
}

// Done reports whether ControlMap has the key that the connection has now.
func (h HandOver) Done() bool { return !h.At.IsZero() && !h.Outdated }

// handOverOf reads what is kept of a hand-over.
func handOverOf(kept vault.Connection) HandOver {
	h := kept.HandOver
	tenant, err := ParseTenant(h.Tenant)
	if err != nil {
		tenant = "" // another program may have changed it
	}
	return HandOver{At: h.At, Outdated: !h.At.IsZero() && h.Fingerprint != kept.Fingerprint, Tenant: tenant}
}

// longestTenant is how many characters the address of a company's ControlMap may have.
const longestTenant = 200

// tenantHost matches the host of a company's ControlMap: acme.app.ctrlmap.com, or acme.app.eu.ctrlmap.com where the data lives in the EU.
var tenantHost = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.app(\.[a-z]{2})?\.ctrlmap\.com$`)

// ErrTenant is the error of an address that is not that of a company's ControlMap.
var ErrTenant = errors.New("not the address of a company's ControlMap")

// ParseTenant reads the address of a company's ControlMap as a person types or pastes it, with or without https:// and a path. It
// returns the address without a path. The error is [ErrTenant].
func ParseTenant(typed string) (address string, err error) {
	typed = strings.TrimSpace(typed)
	if typed == "" || len(typed) > 10*longestTenant { // a pasted address may have a long path
		return "", ErrTenant
	}
	if !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" {
		return "", ErrTenant
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if len(host) > longestTenant || !tenantHost.MatchString(host) {
		return "", ErrTenant
	}
	return "https://" + host, nil
}

// KeepTenant keeps the address of the company's ControlMap with a connection. The error is [ErrTenant], [ErrReplaced] if
// the connection was removed, or that of the keychain.
func (c *Connector) KeepTenant(ctx context.Context, id, tenant string) error {
	tenant, err := ParseTenant(tenant)
	if err != nil {
		return err
	}
	err = update(ctx, c.vaultOf(ctx, id), id, func(now *vault.Connection) error {
		now.HandOver.Tenant = tenant
		*now = fitting(*now)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep ControlMap's address: %w", err)
	}
	return nil
}

// MarkHandedOver keeps with a connection that a person has entered its key and Organization ID in ControlMap, now, and its
// HandOver.Tenant. The error is [ErrReplaced] if the connection was removed, or has another key than when it was read.
func (c *Connector) MarkHandedOver(ctx context.Context, read Connection) (HandOver, error) {
	var marked HandOver
	err := update(ctx, c.vaultOf(ctx, read.ID), read.ID, func(now *vault.Connection) error {
		if now.Fingerprint != read.KeyID {
			return ErrReplaced
		}
		now.HandOver = vault.HandOver{At: c.now(), Fingerprint: now.Fingerprint, Tenant: read.HandOver.Tenant}
		*now = fitting(*now)
		marked = handOverOf(*now)
		return nil
	})
	if err != nil {
		return HandOver{}, fmt.Errorf("keep the hand-over: %w", err)
	}
	return marked, nil
}

// Rename gives a connection another name, and returns the name. Without one, it is the organization's. It gets a number if another
// connection to the organization has it. The error is [ErrReplaced] if the connection was removed.
func (c *Connector) Rename(ctx context.Context, read Connection, name string) (string, error) {
	v := c.vaultOf(ctx, read.ID)
	all, err := v.List(ctx, nil)
	if err != nil && !IsListPartial(err) {
		return "", fmt.Errorf("rename the connection: %w", err)
	}
	r := saveRequest{kept: vault.Connection{Region: read.Region, OrganizationID: read.Organization.ID}}
	others := slices.DeleteFunc(r.twins(all), func(kept vault.Connection) bool { return kept.ID == read.ID })
	name = unlike(cmp.Or(printable.Line(name), read.Organization.Name, read.Organization.ID), others)
	err = update(ctx, v, read.ID, func(now *vault.Connection) error {
		now.Name = name
		*now = fitting(*now)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("rename the connection: %w", err)
	}
	return name, nil
}
