package connector

import (
	"context"
	"errors"
	"slices"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
)

// What may be wrong with a new key as a whole.
var (
	// ErrSameKey is the error of trying the key that the connections use already.
	ErrSameKey = errors.New("the new key is the former key")
	// ErrOtherRegion is the error of trying a key of another region than the connections. Report.Region of the trial names it.
	ErrOtherRegion = errors.New("the new key is of another region")
	// ErrNotKnown is the error of a trial that found nothing out about the key: the network, a server or a limit was in the way. Report of
	// the trial says what.
	ErrNotKnown = errors.New("whether the key works could not be found out")
)

// TryKey tries a new key in place of the former one: on the first organization in full, then on all others, some at the same time. Only the
// APIKey of credentials counts. It calls watch with each change of the checks of the first organization, and each with what every connection
// came to: one call at a time, from other goroutines. Nothing is kept.
//
// Before is an earlier trial of the same key, or the zero Trial: what was found out in it is not asked again, and each is not called for it.
//
// If the key as a whole cannot take the place, the error is [ErrSameKey], [ErrOtherRegion], [ErrNotKnown], or [ErrNotWorking] if Report says
// why the key is refused. It is [ErrReplaced] if there are no connections. If ctx ends, the trial is what was found out until then.
func (c *Connector) TryKey(ctx context.Context, r Rotation, credentials check.Credentials, before Trial, watch func(check.Result), each func(Tried)) (Trial, error) {
	key := credentials.Cleaned().APIKey
	t := Trial{Rotation: r, Key: check.KeyInRegion{Region: r.Former.Region, KeyID: KeyID(key)}, key: key}
	switch {
	case len(r.Connections) == 0:
		return t, ErrReplaced
	case t.Key.KeyID == r.Former.KeyID:
		return t, ErrSameKey
	}
	credentials.Region, credentials.AnyRegion = r.Former.Region, false
	trying := &trying{c: c, trial: t, entered: credentials, watch: watch, each: each}
	untried := trying.adopt(before)
	if len(untried) > 0 {
		trying.tryAll(ctx, untried)
	}
	slices.SortFunc(trying.trial.Tried, func(a, b Tried) int { return byName(a.Connection, b.Connection) })
	if ctx.Err() != nil {
		return trying.trial, nil
	}
	return trying.trial, trying.err()
}

// trying is a trial that is under way.
type trying struct {
	c       *Connector
	trial   Trial
	entered check.Credentials
	watch   func(check.Result)
	each    func(Tried)

	accepted bool // JumpCloud has accepted the key
	inVain   int  // how many connections in a row nothing could be found out about
	refused  error
}

// adopt takes over what an earlier trial of the key has found out, and returns the other connections. Those that it found nothing out about
// come last: the same may be in the way again.
func (t *trying) adopt(before Trial) (untried []Connection) {
	earlier := make(map[string]Tried)
	if before.Key == t.trial.Key {
		for _, one := range before.Tried {
			earlier[one.Connection.ID] = one
		}
	}
	var inVain []Connection
	for _, one := range t.trial.Rotation.Connections {
		switch tried, isTried := earlier[one.ID]; {
		case !isTried, tried.Connection.Organization.ID != one.Organization.ID:
			untried = append(untried, one)
		case tried.NotKnown():
			inVain = append(inVain, one)
		default:
			tried.Connection = one
			t.take(tried)
		}
	}
	return append(untried, inVain...)
}

// mostInVain is how many connections in a row are tried although nothing can be found out about them. Then the network is probably gone.
const mostInVain = 2 * checksAtOnce

// tryAll tries the key on connections. It stops if the key is refused, or if nothing can be found out any more.
func (t *trying) tryAll(ctx context.Context, untried []Connection) {
	formers := make(map[string]Connection)
	var next []Connection
	for _, one := range untried {
		formers[one.ID] = one
		one.KeyID = t.trial.Key.KeyID
		next = append(next, one)
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	t.c.batched(working, next, func(batch *check.Batch, one Connection) (tell func()) {
		former, watch := formers[one.ID], func(check.Result) {}
		if one.ID == next[0].ID {
			watch = t.watch
		}
		tried := Tried{Connection: former}
		last := check.Report{Former: former.Report.Figures()} // the rest of the last report is about the former key
		entered := t.entered
		entered.OrganizationID = secret.New(one.Organization.ID)
		tried.Report = batch.Validate(working, one.keyInRegion(), last, entered, watch)
		if tried.Report.Result(check.IDKey).Cause == check.CauseKeyUnknownHere && working.Err() == nil {
			tried.Report = elsewhere(working, batch, one.KeyID, last, entered, tried.Report, watch)
		}
		if working.Err() != nil {
			return nil
		}
		return func() {
			t.take(tried)
			if t.refused != nil || t.inVain == mostInVain {
				stop()
			}
			if t.refused == nil {
				t.each(tried)
			}
		}
	})
}

// take takes over what trying the key on a connection came to.
func (t *trying) take(tried Tried) {
	report, key := tried.Report, tried.Report.Result(check.IDKey)
	isAccepted := report.AcceptsKey()
	if t.trial.Report.At.IsZero() || isAccepted && !t.accepted {
		t.trial.Report = report
	}
	switch {
	case isAccepted && report.Region != t.trial.Key.Region:
		t.refused = ErrOtherRegion
	case isAccepted:
		t.accepted = true
	case tried.NotKnown(), key.Cause == check.CauseRoleRefused: // it may be about the organization
	default:
		t.refused = ErrNotWorking
	}
	if t.inVain++; !tried.NotKnown() {
		t.inVain = 0
	}
	if t.refused == nil {
		t.trial.Tried = append(t.trial.Tried, tried)
	}
}

// err says what is wrong with the key as a whole.
func (t *trying) err() error {
	switch {
	case t.refused != nil:
		return t.refused
	case t.accepted:
		return nil
	case (Tried{Report: t.trial.Report}).NotKnown():
		return ErrNotKnown
	}
	return ErrNotWorking
}
