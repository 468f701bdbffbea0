package connector

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

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
	validated := make(chan Connected, mostUnsaved)
	go func() {
		defer close(validated)
		c.batched(working, fresh, func(batch *check.Batch, one Connection) (tell func()) {
			entered := check.Credentials{Region: one.Region, APIKey: key, OrganizationID: secret.New(one.Organization.ID)}
			ended := Connected{Organization: one.Organization}
			ended.Report = batch.Validate(working, one.keyInRegion(), check.Report{}, entered, func(check.Result) {})
			if !ended.Report.Usable() || ended.Report.Worst() == check.Failed {
				ended.Err = ErrNotWorking
			}
			if working.Err() == nil {
				validated <- ended
			}
			return nil
		})
	}()
	failed := c.saveEach(working, key, validated, each)
	stop()
	for range validated { // until all have stopped
	}
	if ctx.Err() != nil {
		return nil // the caller has ended it
	}
	return failed
}

const (
	// mostUnsaved is how many validated organizations are saved together at most. So many more may wait until these are saved.
	mostUnsaved = 64
	// restAfterSave is how long the keychain then rests, in times of what saving has taken, for a save reads all that is kept. What is validated
	// meanwhile is saved together. So saving takes a quarter of the time, however much is kept. It takes more only where so many come that
	// [mostUnsaved] wait before the rest is over: they are saved at once.
	restAfterSave = 3
	// longestRest bounds it where the clock was set forward, or the computer slept, during a save.
	longestRest = time.Minute
)

// saveEach saves organizations as they come, until all have or the keychain fails, and calls each with those and with the ones that do not work.
func (c *Connector) saveEach(ctx context.Context, key secret.Secret, validated <-chan Connected, each func(Connected)) error {
	for rested := c.after(0); ; {
		some, more := collect(validated, rested, each)
		began := c.now()
		if err := c.saveSome(ctx, key, some, each); err != nil || !more {
			return err
		}
		rested = c.after(restAfterSave * min(max(0, c.now().Sub(began)), longestRest/restAfterSave))
	}
}

// collect returns the organizations that work and have come until rested. It waits for the first one. More says that others may come. It calls
// each with those that do not work.
func collect(validated <-chan Connected, rested <-chan time.Time, each func(Connected)) (some []Connected, more bool) {
	for isRested := false; len(some) < mostUnsaved && (len(some) == 0 || !isRested); {
		select {
		case one, ok := <-validated:
			switch {
			case !ok:
				return some, false
			case one.Err != nil:
				each(one)
			default:
				some = append(some, one)
			}
		case <-rested:
			isRested = true
		}
	}
	return some, true
}

// saveSome saves organizations together, and calls each with every one that is saved, or for which another key is kept.
func (c *Connector) saveSome(ctx context.Context, key secret.Secret, some []Connected, each func(Connected)) error {
	if len(some) == 0 {
		return nil
	}
	requests := make([]saveRequest, len(some))
	for i, one := range some {
		requests[i] = c.newRequest("", key, one.Report.Region, one.Report.Organization, one.Report.WithoutKey(), nil)
	}
	ends, err := c.saveAllInSystem(ctx, requests)
	for i, end := range ends {
		some[i].Connection, some[i].Err = end.saved, end.err
		each(some[i])
	}
	return err
}

// ConnectAnyway saves organizations that [Connector.ConnectEach] has not, because a check has failed: the reports on them have to be usable. It
// asks nobody. It calls each as ConnectEach does, and its error is that of the keychain, with which it ends.
func (c *Connector) ConnectAnyway(ctx context.Context, credentials check.Credentials, some []Connected, each func(Connected)) error {
	for chunk := range slices.Chunk(slices.Clone(some), mostUnsaved) {
		if err := c.saveSome(ctx, credentials.Cleaned().APIKey, chunk, each); err != nil {
			return err
		}
	}
	return nil
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
