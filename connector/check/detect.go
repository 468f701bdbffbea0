package check

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// How long detect waits for silent regions. The wait begins anew with each answer.
const (
	// tieWait is how long detect waits for the regions before one that accepts the key, in the order of the table. A key is known in
	// one region only. Should several accept it, the first one in the table counts, even if it is a little slower.
	tieWait = time.Second
	// silenceWait is how long detect waits for the other regions after one has said clearly whether it knows the key.
	silenceWait = 3 * time.Second
)

// errSilent is the error of a region that has not answered.
var errSilent error = &wire.Error{Path: "/api/organizations", Kind: wire.ErrTimeout}

// detect asks all regions at the same time whether they know the key. When the answers suffice, it ends the other requests.
func (v *validation) detect(ctx context.Context) firstAnswer {
	type arrival struct {
		region int
		firstAnswer
	}
	regions := v.validator.JumpCloud.AllRegions()
	answers := make([]firstAnswer, len(regions)) // in the order of the table
	arrivals := make(chan arrival, len(regions))
	var requests sync.WaitGroup
	defer requests.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for i, r := range regions {
		answers[i] = firstAnswer{region: r, err: errSilent}
		requests.Go(func() { arrivals <- arrival{i, v.organizations(ctx, r)} })
	}
	var late <-chan time.Time // nil while there is no limit
	for range regions {
		select {
		case a := <-arrivals:
			answers[a.region] = a.firstAnswer
		case <-late:
			return combine(answers)
		}
		wait, limited := waitFor(answers)
		if limited && wait == 0 {
			break
		}
		if limited {
			late = time.After(wait)
		}
	}
	return combine(answers)
}

// waitFor returns how long detect waits for the silent regions: no time if their answers cannot matter, without limit if no region has
// said whether it knows the key.
func waitFor(answers []firstAnswer) (wait time.Duration, limited bool) {
	silentBefore := false
	for _, a := range answers {
		switch {
		case a.err == errSilent:
			silentBefore = true
		case clarityOf(a) == acceptsKey && silentBefore:
			return tieWait, true
		case clarityOf(a) == acceptsKey:
			return 0, true
		case clarityOf(a) >= refusesKey:
			limited = true
		}
	}
	return silenceWait, limited
}

// clarity is how much an answer says about the key.
type clarity int

const (
	saysNothing clarity = iota
	fails               // the region answers, but not about the key
	refusesKey          // the region does not know the key
	forbidsKey          // the region knows the key, and does not let it do anything
	acceptsKey
)

func clarityOf(a firstAnswer) clarity {
	var e *wire.Error
	switch err := a.err; {
	case accepts(err):
		return acceptsKey
	case isAny(err, jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed):
		return forbidsKey
	case errors.Is(err, jumpcloud.ErrUnauthorized):
		return refusesKey
	case errors.As(err, &e) && e.Status != 0:
		return fails
	}
	return saysNothing
}

// combine picks the answer that says most about the key. If several say the same, the first one in the table counts, in whatever order
// they came. If no region knows the key, the result names the regions that could not be asked, because one of them may know it.
func combine(answers []firstAnswer) firstAnswer {
	best := answers[0]
	for _, a := range answers[1:] {
		if clarityOf(a) > clarityOf(best) {
			best = a
		}
	}
	if clarityOf(best) != refusesKey {
		return best
	}
	for _, a := range answers {
		if clarityOf(a) == refusesKey {
			best.refused = append(best.refused, a.region.ID)
		} else {
			best.unasked = append(best.unasked, a)
		}
	}
	return best
}

// unknownWhereAsked is the outcome if some regions do not know the key and the others could not be asked. Its facts also say why the
// first of the others could not be asked.
func (v *validation) unknownWhereAsked() Outcome {
	first := v.first.unasked[0]
	why := fatal(v.failureIn(first.region, first.err))
	var unasked []string
	for _, a := range v.first.unasked {
		unasked = append(unasked, a.region.ID)
	}
	facts := why.Facts
	facts["Why"], facts["Refused"], facts["Unasked"] = string(why.Cause), strings.Join(v.first.refused, ","), strings.Join(unasked, ",")
	delete(facts, "Region") // the key's region is not known
	return outcome(CauseKeyUnknownPartly, facts)
}
