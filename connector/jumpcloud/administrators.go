package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

// Administrator is a person who may sign in to the Admin Portal; every API key belongs to one.
type Administrator struct {
	ID                string `json:"_id"`
	Email             string `json:"email"`
	RoleName          string `json:"roleName"`
	EnableMultiFactor bool   `json:"enableMultiFactor"`
	TOTPEnrolled      bool   `json:"totpEnrolled"`
	Suspended         bool   `json:"suspended"`
	APIKeyAllowed     *bool  `json:"apiKeyAllowed"` // nil where it is not told
	APIKeyUpdatedAt   Date   `json:"apiKeyUpdatedAt"`
	APIKeyHash        struct {
		CreatedAt Date `json:"createdAt"`
		ExpireAt  Date `json:"expireAt"`
	} `json:"apiKeyHash"`
}

// MFA reports whether the administrator signs in with a second factor.
func (a Administrator) MFA() bool { return a.EnableMultiFactor || a.TOTPEnrolled }

var administratorFields = url.Values{"fields": {"_id email roleName enableMultiFactor totpEnrolled suspended apiKeyUpdatedAt apiKeyHash"}}

// Administrators walks through the organization's administrators. (GET /api/users is not in the published
// contract; public clients use it.)
func (c *Client) Administrators(ctx context.Context) iter.Seq2[Administrator, error] {
	return all(ctx, v1[Administrator](c, call{path: "/api/users", query: administratorFields}))
}

// Self reads the administrator to whom the key belongs. The call is in the contract without a description, so a
// refusal says nothing about the key.
func (c *Client) Self(ctx context.Context) (Administrator, error) {
	var a Administrator
	_, err := c.get(ctx, call{path: "/api/users/getSelf"}, &a)
	return a, err
}
