package jumpcloud

import "errors"

// Kinds of a [wire.Error] that only JumpCloud has, for errors.Is. Their meanings are from JumpCloud's documentation and from
// reports about the live service. The other kinds are in package wire.
var (
	// ErrUnauthorized: the region does not know the key. It is mistyped, revoked, expired or of another region, or its
	// administrator was deleted (401).
	ErrUnauthorized = errors.New("the key is not known here")
	// ErrNoOrganizationSelected: the key is good and belongs to a multi-tenant administrator, and x-org-id is missing (401).
	ErrNoOrganizationSelected = errors.New("no organization is selected")
	// ErrForbidden: the administrator's role may not do this, or API access is off (403).
	ErrForbidden = errors.New("the role does not allow this")
	// ErrSelectionNotAllowed: x-org-id is not allowed here, or names an organization that the key does not open (403).
	ErrSelectionNotAllowed = errors.New("this organization cannot be selected")
	// ErrBlocked: JumpCloud blocks this network address (403).
	ErrBlocked = errors.New("this network address is blocked")
	// ErrNotLicensed: the organization's plan does not include the feature (402).
	ErrNotLicensed = errors.New("not included in the plan")
	// ErrBadRequest: JumpCloud did not understand the request (400), most often because of an Organization ID.
	ErrBadRequest = errors.New("the request was not understood")
	// ErrNotFound: there is nothing at this path (404).
	ErrNotFound = errors.New("not found")
	// ErrNotJumpCloud: a page or a text came that is not from JumpCloud, and does not say what it is from.
	ErrNotJumpCloud = errors.New("the answer is not from JumpCloud")
	// ErrKeyRemoved: JumpCloud asks to sign in. So something on the way has removed the key from the request.
	ErrKeyRemoved = errors.New("the key did not arrive")
)
