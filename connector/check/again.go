package check

import (
	"context"
	"slices"
	"time"
)

// keepsFor is how long what JumpCloud said of a key is taken for true when a validation is repeated.
const keepsFor = 2 * time.Minute

// Again validates once more, and repeats only what it has to: the checks that did not pass, those whose entries have
// changed, and all that come after one of them. What is kept is told to watch first. A report that is stored is
// no ground for that, nor is one whose key was asked for more than two minutes ago: then all is repeated.
func (c Validator) Again(ctx context.Context, before Report, credentials Credentials, watch func(Result)) Report {
	if before.run == nil || c.now().Sub(before.run.asked) > keepsFor {
		return c.Validate(ctx, credentials, watch)
	}
	kept := before.kept(credentials)
	if len(kept) == 0 {
		return c.Validate(ctx, credentials, watch)
	}
	v := *before.run
	v.entered = credentials
	return c.validate(ctx, &v, kept, watch)
}

// kept are the results that hold for these credentials too; none where everything has to be repeated.
func (r Report) kept(credentials Credentials) []Result {
	now := credentials.Cleaned()
	then := r.run.credentials
	if !now.APIKey.Equal(then.APIKey) || now.Region != then.Region || now.AnyRegion != then.AnyRegion ||
		credentials.Shape().State == Failed {
		return nil
	}
	repeated := r.repeated(!now.OrganizationID.Equal(then.OrganizationID))
	return slices.DeleteFunc(slices.Clone(r.Results), func(result Result) bool { return repeated[result.Check] })
}

// repeated are the checks to run again: those that did not pass with what they read, and then all that come after one
// of them. For another Organization ID, what JumpCloud said of the key still holds.
func (r Report) repeated(otherOrganization bool) map[ID]bool {
	again := make(map[ID]bool)
	for _, check := range All() {
		if r.Result(check.ID).State == Passed {
			continue
		}
		again[check.ID] = true
		if check.Of != "" && !(otherOrganization && check.ID == IDOrganization) {
			again[check.Of] = true
		}
	}
	if otherOrganization {
		again[IDOrganization] = true
	}
	for _, check := range All() { // in an order in which those that a check comes after are before it
		if slices.ContainsFunc(check.After, func(id ID) bool { return again[id] }) {
			again[check.ID] = true
		}
	}
	if otherOrganization {
		again[IDEntries] = true // it makes no request, and what comes after it does not change with it
	}
	return again
}
