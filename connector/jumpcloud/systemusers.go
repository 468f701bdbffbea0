package jumpcloud

import "context"

// systemUser is a person in the directory, as far as it is read here.
type systemUser struct {
	identity
	MFA struct {
		Configured Flag `json:"configured"`
	} `json:"mfa"`
}

// SystemUsersWithMFA tells how many people the organization has, and how many of them have set up MFA (mfa.configured).
func (c *Client) SystemUsersWithMFA(ctx context.Context) (Tally, error) {
	return share(ctx, c, "/api/systemusers", "mfa.configured", func(u systemUser) Flag { return u.MFA.Configured })
}
