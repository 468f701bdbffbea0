package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

const systemUsersPath = "/api/systemusers"

// SystemUser is a person in the directory.
type SystemUser struct {
	ID          Text `json:"_id"`
	Username    Text `json:"username"`
	Email       Text `json:"email"`
	DisplayName Text `json:"displayname"`
	Department  Text `json:"department"`
	JobTitle    Text `json:"jobTitle"`
	// State is STAGED, ACTIVATED or SUSPENDED.
	State     Text `json:"state"`
	Suspended Flag `json:"suspended"`
	Created   Date `json:"created"`
	MFA       struct {
		// Configured: the person has set up a second factor.
		Configured Flag `json:"configured"`
		// Exclusion: the person need not have one.
		Exclusion Flag `json:"exclusion"`
	} `json:"mfa"`
	PasswordNeverExpires Flag `json:"password_never_expires"`
	Sudo                 Flag `json:"sudo"`
}

// RowID implements [wire.Row].
func (u SystemUser) RowID() string { return string(u.ID) }

var systemUserFields = url.Values{"fields": {"_id username email displayname department jobTitle state suspended created mfa password_never_expires sudo"}}

// SystemUsers walks through the organization's people. If there may be more of them, the walk ends with
// [wire.ErrIncomplete].
func (c *Client) SystemUsers(ctx context.Context) iter.Seq2[SystemUser, error] {
	return list[SystemUser](ctx, c, call{path: systemUsersPath, query: systemUserFields})
}

// SystemUsersWithMFA counts the organization's people, and those who have set up MFA (mfa.configured).
func (c *Client) SystemUsersWithMFA(ctx context.Context) (Tally, error) {
	return share(ctx, c, systemUsersPath, "mfa.configured", func(u SystemUser) Flag { return u.MFA.Configured })
}
