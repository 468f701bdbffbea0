package jumpcloud

import "errors"

// What JumpCloud answers, told apart with errors.Is. The meanings are JumpCloud's documented ones and those reported from the
// live service. The kinds that any service may answer, and those of the network, are in package wire.
var (
	// ErrUnauthorized: the key is unknown in this region. It is mistyped, revoked, expired or of another region, or its
	// administrator is gone (401).
	ErrUnauthorized = errors.New("the key is not known here")
	// ErrNoOrganizationSelected: the key is good and belongs to a multi-tenant administrator, and x-org-id is missing (401).
	ErrNoOrganizationSelected = errors.New("no organization is selected")
	// ErrForbidden: the administrator's role may not do this, or API access is off (403).
	ErrForbidden = errors.New("the role does not allow this")
	// ErrSelectionNotAllowed: x-org-id was sent where it must not be, or names an organization that the key does not open (403).
	ErrSelectionNotAllowed = errors.New("this organization cannot be selected")
	// ErrBlocked: JumpCloud blocks this network address (403).
	ErrBlocked = errors.New("this network address is blocked")
	// ErrNotLicensed: the organization's plan does not include the feature (402).
	ErrNotLicensed = errors.New("not included in the plan")
	// ErrBadRequest: JumpCloud could not make sense of the request (400), most often of an Organization ID.
	ErrBadRequest = errors.New("the request was not understood")
	// ErrNotFound: there is nothing at this path (404).
	ErrNotFound = errors.New("not found")
	// ErrNotJumpCloud: a page or a text of somebody else came, and it does not say whose it is.
	ErrNotJumpCloud = errors.New("the answer is not from JumpCloud")
	// ErrKeyRemoved: JumpCloud asks to sign in, so no key arrived: something on the way took it out of the request.
	ErrKeyRemoved = errors.New("the key did not arrive")
)

var errTrailing = errors.New("more data after the answer")
