package check

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// firstOrganizations is how many organizations the first request reads: one page. An organization beyond it is asked for by its id.
const firstOrganizations = 100

// firstAnswer is the answer to the first request with a key.
type firstAnswer struct {
	region        jumpcloud.Region
	organizations []Organization
	cut           bool          // the list was not read to its end
	complete      bool          // the list holds every organization that the key opens
	unread        int           // how many rows of the list could not be read
	dated         bool          // the server told the time
	ahead         time.Duration // how far this computer's clock was ahead of the server's
	err           error
	// ofKey says that the answer is the same for every connection of the key: either JumpCloud accepts the key, or it said to every
	// request that it does not know the key. Other refusals may be due to the Organization ID that was sent.
	ofKey bool

	// If several regions were asked, and none knows the key:
	refused []string      // the regions that do not know it
	unasked []firstAnswer // from the regions that could not be asked
}

// checkReachable makes the first request. The checks of the clock, the key and the organization read its answer too.
func checkReachable(ctx context.Context, v *validation) Outcome {
	region, known := v.validator.JumpCloud.Region(v.credentials.Region)
	if v.credentials.Region != "" && !known {
		return outcome(CauseRegionUnknown, Facts{"Region": v.credentials.Region}) // nothing is sent
	}
	v.asked = v.validator.now()
	if v.everyRegion() {
		v.first = v.detect(ctx)
	} else {
		v.first = v.organizations(ctx, region)
	}
	v.client = v.clientFor(v.first.region, "")
	v.report.ClockAhead = 0
	if v.first.dated && v.first.ahead.Abs() > tolerable {
		v.report.ClockAhead = v.first.ahead
	}
	if isAboutKey(v.first.err) {
		return outcome(CauseReachable, Facts{"Host": v.first.region.Console})
	}
	return fatal(v.failure(v.first.err))
}

// everyRegion reports whether all regions are asked for the key.
func (v *validation) everyRegion() bool {
	return v.credentials.Region == "" || v.credentials.AnyRegion
}

// fatal turns "not licensed" into "no subscription": if a request that all other checks depend on is not licensed, no check can run.
func fatal(o Outcome) Outcome {
	if o.Cause == CauseNotLicensed {
		return outcome(CauseSubscription, o.Facts)
	}
	return o
}

// organizations lists the organizations that the key opens in a region, up to [firstOrganizations]. The rest is read when it is
// needed.
func (v *validation) organizations(ctx context.Context, r jumpcloud.Region) firstAnswer {
	a := v.list(ctx, r, true)
	a.ofKey = accepts(a.err)
	if refusesCall(a.err) {
		a.ofKey, a.err = v.secondRequest(ctx, r, a.err)
	}
	return a
}

// list reads the list of organizations, and compares this computer's clock with the first time that the server tells.
func (v *validation) list(ctx context.Context, r jumpcloud.Region, firstOnly bool) firstAnswer {
	var (
		once  sync.Once // several pages may come at the same time
		dated bool
		ahead time.Duration
	)
	ctx = wire.WithWatch(ctx, wire.Watch{Exchanged: func(e wire.Exchange) {
		if !e.Date.IsZero() {
			once.Do(func() { dated, ahead = true, v.validator.now().Sub(e.Date) })
		}
	}})
	a := v.readList(ctx, r, firstOnly) // when it returns, no more pages come
	a.dated, a.ahead = dated, ahead
	return a
}

// readList reads the list of organizations. If the list breaks off, or the time runs out, the rows before that count.
func (v *validation) readList(ctx context.Context, r jumpcloud.Region, firstOnly bool) firstAnswer {
	a := firstAnswer{region: r}
	for o, err := range v.clientFor(r, "").Organizations(ctx) {
		var e *wire.Error
		switch {
		case errors.Is(err, wire.ErrIncomplete) && errors.As(err, &e):
			a.unread = e.Unread
			return a
		case err != nil && len(a.organizations) > 0 && !errors.Is(err, context.Canceled):
			a.cut = true
			return a
		case err != nil:
			a.err = err
			return a
		}
		a.organizations = append(a.organizations, organizationOf(o))
		if firstOnly && len(a.organizations) == firstOrganizations {
			a.cut = true
			return a
		}
	}
	a.complete = true
	return a
}

// errNotListed says that a key is good, although it may not list its organizations. It may be the key of a service account:
// JumpCloud does not document what such a key may read.
var errNotListed = errors.New("the key may not list its organizations")

// secondRequest reads something else after JumpCloud refused the list of organizations: the key may be good all the same. It returns
// the error to use in place of the refusal: [errNotListed] if the key may read something, the refusal if it may not. If the second
// request fails for any other reason, that reason counts, because nobody knows then whether the key is good. OfKey is as in
// [firstAnswer].
func (v *validation) secondRequest(ctx context.Context, r jumpcloud.Region, refusal error) (ofKey bool, _ error) {
	ofKey = true
	for _, id := range slices.Compact([]string{v.credentials.organization(), ""}) {
		_, err := v.clientFor(r, id).Reads(ctx)
		switch {
		case err == nil:
			return true, errNotListed
		case !refusesCall(err):
			return accepts(err), err
		case !isAboutKey(refusal) && isAboutKey(err):
			refusal = err
		}
		ofKey = ofKey && errors.Is(err, jumpcloud.ErrUnauthorized)
	}
	return ofKey && errors.Is(refusal, jumpcloud.ErrUnauthorized), refusal
}

// tolerable is how far this computer's clock may be off. Requests work with a wrong clock. But the codes of authenticator apps do
// not, and reports have a wrong time.
const tolerable = 2 * time.Minute

// checkClock compares this computer's clock with the time that came with the first answer.
func checkClock(_ context.Context, v *validation) Outcome {
	if !v.first.dated {
		return outcome(CauseClockUnknown, Facts{})
	}
	off := v.first.ahead
	facts := Facts{"Off": off.Abs().Round(time.Second).String()}
	if off.Abs() <= tolerable {
		return outcome(CauseClock, facts)
	}
	if off > 0 {
		facts["Ahead"] = "yes"
	}
	return outcome(CauseClockOff, facts)
}
