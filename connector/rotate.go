package connector

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/vault"
)

var (
	// ErrNotTried is the error of replacing a key before it is known of all its connections whether the new one works. A connection may have
	// been saved since the key was tried.
	ErrNotTried = errors.New("the new key was not tried on all connections")
	// ErrLost is the error of replacing a key by one that does not work for all its connections, without [LeavingLost].
	ErrLost = errors.New("the new key does not work for all connections")
	// ErrUncertain is the error of replacing a key if the keychain failed at the write that counts, and could not be asked afterwards. Either
	// all connections have the new key or all have the former one. [Connector.Connections] tells, once the keychain can be read.
	ErrUncertain = vault.ErrUncertain
)

// RotateOption says what a person has decided about a rotation.
type RotateOption func(*rotateRequest)

// rotateRequest is a rotation, and what a person has decided about it.
type rotateRequest struct {
	trial       Trial
	at          time.Time
	leavingLost bool
	tried       map[string]Tried // by the id of the connection
}

// LeavingLost replaces the key of the connections that the new key works for. The others keep the former one.
func LeavingLost() RotateOption { return func(r *rotateRequest) { r.leavingLost = true } }

// Rotate replaces the former key by the tried one, for all connections in one step. It returns those that have the new key now, sorted by
// name. It stores the new key and reads it back before it replaces anything. Then the former key is deleted, unless a connection keeps it.
// Ending ctx has no effect once the key is replaced. A connection that was removed or got another key since the trial is left as it is.
//
// After an error, those that are returned have the new key, and all others the former one, unless it is [ErrUncertain]. Some are returned only
// if memory fails after the system keychain; the same trial can then be used again. The error is [ErrNotTried], [ErrLost], [ErrReplaced] if no
// connection has the former key any more, or that of the keychain.
func (c *Connector) Rotate(ctx context.Context, t Trial, options ...RotateOption) ([]Connection, error) {
	r := &rotateRequest{trial: t, at: c.now(), tried: make(map[string]Tried)}
	for _, option := range options {
		option(r)
	}
	switch works := len(t.Works()); {
	case !t.Complete():
		return nil, ErrNotTried
	case works == 0, works < len(t.Tried) && !r.leavingLost:
		return nil, ErrLost
	}
	for _, one := range t.Tried {
		r.tried[one.Connection.ID] = one
	}
	c.forgetKeys()
	defer c.forgetKeys()
	if err := c.moving.Take(ctx); err != nil {
		return nil, err
	}
	defer c.moving.Leave()
	return c.rotateBoth(ctx, r)
}

// rotateBoth replaces the key in the system keychain, and then in memory. Memory is locked meanwhile: so nothing is saved there with the former
// key, and everything that can be refused is refused before anything is written.
func (c *Connector) rotateBoth(ctx context.Context, r *rotateRequest) (all []Connection, err error) {
	former := r.trial.Rotation.Former.KeyID
	var inSystem []vault.Connection
	uncancelled := context.WithoutCancel(ctx) // for when the system keychain has the new key
	inSession, err := c.session.Rotate(uncancelled, former, r.trial.key, func(formers []vault.Connection) ([]vault.Connection, error) {
		next, err := r.decide(formers)
		err = cmp.Or(err, ctx.Err())
		if err == nil && !r.isInSession() { // else there may be no system keychain
			inSystem, err = c.system.Rotate(ctx, former, r.trial.key, r.decide)
		}
		return next, err
	})
	all = append(c.rotated(uncancelled, c.system, r, inSystem), c.rotated(uncancelled, c.session, r, inSession)...)
	if err == nil && len(all) == 0 {
		err = ErrReplaced
	}
	sortByName(all)
	return all, err
}

// rotated returns connections as they are with the new key, and adds the trial to their history.
func (c *Connector) rotated(ctx context.Context, v *vault.Vault, r *rotateRequest, kept []vault.Connection) (all []Connection) {
	for _, k := range kept {
		one := c.connectionOf(v, k, history.Outcome{})
		one.Report = r.tried[k.ID].Report
		c.note(ctx, v, k.ID, one.Report)
		all = append(all, one)
	}
	return all
}

// isInSession reports whether all connections are in memory only.
func (r *rotateRequest) isInSession() bool {
	return !slices.ContainsFunc(r.trial.Tried, func(one Tried) bool { return !one.Connection.SessionOnly })
}

// decide returns those of the connections with the former key that get the new one, as they are to be stored. The error is [ErrNotTried] if
// there is one that the new key was not tried on.
func (r *rotateRequest) decide(formers []vault.Connection) (next []vault.Connection, err error) {
	for _, kept := range formers {
		if kept.Region != r.trial.Rotation.Former.Region {
			continue
		}
		tried, isTried := r.tried[kept.ID]
		if !isTried || !strings.EqualFold(tried.Connection.Organization.ID, kept.OrganizationID) {
			return nil, ErrNotTried
		}
		if tried.Works() {
			next = append(next, r.withNewKey(kept, tried))
		}
	}
	return next, nil
}

// withNewKey returns a connection as it is with the new key. Its HandOver still names the former one, which ControlMap has.
func (r *rotateRequest) withNewKey(kept vault.Connection, tried Tried) vault.Connection {
	stage, _ := stageOf(tried.Report, tried.Report.At) // the person has just read when this key ends
	kept.Reminded = vault.Reminded{Fingerprint: r.trial.Key.KeyID, Stage: stage}
	kept.Saved = r.at
	return withReport(kept, tried.Report)
}
