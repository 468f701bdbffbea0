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

// secondRequest asks for something else after the list of organizations was refused: the key may be good all the same. It returns
// the error that takes the place of the refusal. This is errNotListed where the key may read something. OfKey is as in
// [firstAnswer].
func (v *validation) secondRequest(ctx context.Context, r jumpcloud.Region, refusal error) (ofKey bool, _ error) {
	ofKey = true
	for _, id := range slices.Compact([]string{v.credentials.organization(), ""}) {
		_, err := v.clientFor(r, id).Reads(ctx)
		switch {
		case err == nil:
			return true, errNotListed
		case isAny(err, jumpcloud.ErrNoOrganizationSelected, context.Canceled):
			return accepts(err), err
		case !refusesCall(err):
			return false, refusal
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
