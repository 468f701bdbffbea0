package check

import (
	"context"
	"errors"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// errNotListed says that a key is good, although it may not list its organizations. This may be the key of a service account:
// JumpCloud does not document what such a key may ask.
var errNotListed = errors.New("the organizations of the key are not told")

// accepts reports whether the answer to the first request says that the key is good.
func accepts(err error) bool {
	return err == nil || isAny(err, jumpcloud.ErrNoOrganizationSelected, errNotListed)
}

// secondRequest reads something else after JumpCloud refused the list of organizations: the key may be good all the same. It returns
// the error to use in place of the refusal: errNotListed if the key may read something, the refusal if it may not. If the second
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
		case !answersOfTheKey(refusal) && answersOfTheKey(err):
			refusal = err
		}
		ofKey = ofKey && errors.Is(err, jumpcloud.ErrUnauthorized)
	}
	return ofKey && errors.Is(refusal, jumpcloud.ErrUnauthorized), refusal
}

// unlistedOrganization checks the entered Organization ID where JumpCloud does not tell which organizations the key opens. The id
// counts if JumpCloud answers a request with it.
func (v *validation) unlistedOrganization(ctx context.Context, want string) Outcome {
	id, err := v.clientForOrganization(want).Reads(ctx)
	switch {
	// Where no row names its organization, the answer alone counts: JumpCloud has no call that tells a service account its own.
	case err == nil && (id == "" || strings.EqualFold(id, want)):
		v.found(Organization{ID: want})
		return outcome(CauseOrganizationUnnamed, Facts{"OrganizationID": want})
	case err == nil, refusesCall(err):
		return notOpened(want, nil)
	}
	return v.firstRequestFailure(err)
}
