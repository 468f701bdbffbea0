package connector

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// Connected is how connecting one organization ended.
type Connected struct {
	Organization check.Organization
	// Connection is the kept connection. It has no ID if nothing is kept.
	Connection Connection
	// Already says that the organization was connected with this key before. Then nothing was asked or written.
	Already bool
	// Report says what the organization's checks came to, unless it was connected already.
	Report check.Report
	// Err is why nothing was saved: [ErrNotWorking] if the report says why, or a [ConnectedError] if another key is kept for the
	// organization.
	Err error
}

// ErrNotWorking is the error of connecting an organization of which a check has failed.
var ErrNotWorking = errors.New("a check has failed")

// ConnectEach connects organizations with one key, some at the same time, until all are done or ctx ends. It calls each with how every
// one ended, one call at a time. The credentials have to name their region. Organizations that are connected with this key already are left
// as they are, so whoever calls it once more goes on where an interrupted call stopped. Those that are listed twice are connected once. The
// error is that of the keychain: with the first one ConnectEach ends.
func (c *Connector) ConnectEach(ctx context.Context, credentials check.Credentials, organizations []check.Organization, each func(Connected)) error {
	key := credentials.Cleaned().APIKey
	kept, err := c.system.List(ctx, nil)
	if err != nil {
		return err
	}
	already := make(map[string]vault.Connection)
	for _, one := range kept {
		if one.Region == credentials.Region && one.Fingerprint == vault.Fingerprint(key) {
			already[strings.ToLower(one.OrganizationID)] = one
		}
	}
	keyIsThere := false
	var fresh []Connection
	listed := make(map[string]bool)
	for _, o := range organizations {
		id := strings.ToLower(o.ID)
		one, isKept := already[id]
		switch {
		case listed[id]:
		case isKept && !c.lacksKey(ctx, one, &keyIsThere):
			last := c.lastOf(ctx, c.system, one)[one.ID]
			each(Connected{Organization: o, Connection: c.connectionOf(c.system, one, last), Already: true})
		default:
			fresh = append(fresh, Connection{Region: credentials.Region, KeyID: vault.Fingerprint(key), Organization: o})
		}
		listed[id] = true
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	var failed error
	c.batched(working, fresh, func(batch *check.Batch, one Connection) (tell func()) {
		entered := check.Credentials{Region: one.Region, APIKey: key, OrganizationID: secret.New(one.Organization.ID)}
		ended := Connected{Organization: one.Organization}
		ended.Report = batch.Validate(working, one.keyInRegion(), check.Report{}, entered, func(check.Result) {})
		if working.Err() != nil {
			return nil
		}
		if ended.Err = ErrNotWorking; ended.Report.Usable() && ended.Report.Worst() != check.Failed {
			ended.Connection, ended.Err = c.Save(working, "", entered, ended.Report)
		}
		return func() {
			if another := (*ConnectedError)(nil); ended.Err == nil || errors.Is(ended.Err, ErrNotWorking) || errors.As(ended.Err, &another) {
				each(ended)
				return
			}
			failed = cmp.Or(failed, ended.Err)
			stop()
		}
	})
	if ctx.Err() != nil {
		return nil // the caller has ended it
	}
	return failed
}

// lacksKey reports whether the key of a kept connection is gone or damaged: saving it anew repairs it. IsThere is set once the key was found,
// which the connections share.
func (c *Connector) lacksKey(ctx context.Context, kept vault.Connection, isThere *bool) bool {
	if *isThere {
		return false
	}
	_, _, err := c.system.Key(ctx, kept.ID)
	*isThere = err == nil
	return errors.Is(err, keychain.ErrNotFound) || errors.Is(err, keychain.ErrDamaged)
}
