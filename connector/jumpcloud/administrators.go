package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

// Administrator is a person who may sign in to the Admin Portal. API keys belong to administrators or to service accounts.
type Administrator struct {
	ID                Text `json:"_id"`
	Email             Text `json:"email"`
	RoleName          Text `json:"roleName"`
	Provider          Text `json:"provider"` // the MSP that the administrator belongs to
	EnableMultiFactor Flag `json:"enableMultiFactor"`
	TOTPEnrolled      Flag `json:"totpEnrolled"`
	Suspended         Flag `json:"suspended"`
	APIKeyAllowed     Flag `json:"apiKeyAllowed"`
	APIKeySet         Flag `json:"apiKeySet"`
	APIKeyUpdatedAt   Date `json:"apiKeyUpdatedAt"`
	APIKeyHash        struct {
		CreatedAt Date `json:"createdAt"`
		ExpireAt  Date `json:"expireAt"`
		Prefix    Text `json:"prefix"` // how the key begins
	} `json:"apiKeyHash"`
}

// RowID implements [wire.Row].
func (a Administrator) RowID() string { return string(a.ID) }

// MFA says whether the administrator signs in with a second factor.
func (a Administrator) MFA() Flag {
	switch {
	case a.EnableMultiFactor == Yes || a.TOTPEnrolled == Yes:
		return Yes
	case a.EnableMultiFactor == No || a.TOTPEnrolled == No:
		return No
	}
	return NotTold
}

var administratorFields = url.Values{"fields": {"_id email roleName enableMultiFactor totpEnrolled suspended apiKeyAllowed apiKeySet apiKeyUpdatedAt apiKeyHash"}}

// Administrators walks through the organization's administrators. If there may be more of them, the walk ends with
// [wire.ErrIncomplete]. GET /api/users is not in JumpCloud's published contract; public clients use it.
func (c *Client) Administrators(ctx context.Context) iter.Seq2[Administrator, error] {
	return list[Administrator](ctx, c, call{path: "/api/users", query: administratorFields})
}

// AdministratorsWithMFA counts the organization's administrators, and those who sign in with a second factor.
func (c *Client) AdministratorsWithMFA(ctx context.Context) (Tally, error) {
	return readAll(ctx, c, call{path: "/api/users", query: administratorFields}, Administrator.MFA)
}

// Self reads the administrator whom the key belongs to. JumpCloud's contract does not describe the call, so a refusal says nothing
// about the key.
func (c *Client) Self(ctx context.Context) (Administrator, error) {
	var a Administrator
	_, err := c.getObject(ctx, call{path: "/api/users/getSelf"}, &a)
	return a, err
}
