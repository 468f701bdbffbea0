package check

import (
	"context"
	"slices"
	"time"
)

// keepsFor is how long the answers about a key may be reused.
const keepsFor = 2 * time.Minute

// Again validates once more, and repeats as few checks as it can: those that did not pass, those whose entries have changed, and
// those that come after one of these. It calls watch for the kept results too. It repeats all checks if the report was stored, or if
// JumpCloud was asked about the key more than two minutes ago.
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

// kept returns the results that hold for these credentials too. It returns none if all checks have to be repeated.
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

// repeated returns the checks to run again: those that did not pass, those whose answers these read, and those that come after one of
// them. The answers about the key still hold for another Organization ID.
func (r Report) repeated(otherOrganization bool) map[ID]bool {
	again := map[ID]bool{IDOrganization: otherOrganization}
	for _, check := range All() {
		if r.Result(check.ID).State == Passed {
			continue
		}
		again[check.ID] = true
		if check.Of != "" && !(otherOrganization && check.ID == IDOrganization) {
			again[check.Of] = true
		}
	}
	for _, check := range All() { // each check comes behind the checks that it waits for
		if slices.ContainsFunc(check.After, func(id ID) bool { return again[id] }) {
			again[check.ID] = true
		}
	}
	again[IDEntries] = again[IDEntries] || otherOrganization // the checks after it need not be repeated with it
	return again
}
