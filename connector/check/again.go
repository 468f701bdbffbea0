package check

import (
	"context"
	"slices"
	"time"
)

// keepsFor is how long the answers about a key may be used again.
const keepsFor = 2 * time.Minute

// Again validates once more, and repeats only the checks that it has to: those that did not pass, those whose entries have
// changed, and all that come after one of them. It calls watch for the kept results too. It repeats all checks where the report is
// a stored one, or where JumpCloud was asked about the key more than two minutes ago.
func (v Validator) Again(ctx context.Context, before Report, credentials Credentials, watch func(Result)) Report {
	if before.run == nil || v.now().Sub(before.run.asked) > keepsFor {
		return v.Validate(ctx, credentials, watch)
	}
	kept := before.kept(credentials)
	if len(kept) == 0 {
		return v.Validate(ctx, credentials, watch)
	}
	run := *before.run
	run.entered, run.whyRefused = credentials, Outcome{}
	return v.validate(ctx, &run, kept, watch)
}

// kept are the results that hold for these credentials too. There are none where everything has to be repeated.
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

// repeated are the checks to run again: those that did not pass, the checks whose answers they read, and all that come after one of
// these. For another Organization ID, the answers about the key still hold.
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
	for _, check := range All() { // the list has each check behind those that it comes after
		if slices.ContainsFunc(check.After, func(id ID) bool { return again[id] }) {
			again[check.ID] = true
		}
	}
	if otherOrganization {
		again[IDEntries] = true // it makes no request, and the checks after it need not be repeated with it
	}
	return again
}
