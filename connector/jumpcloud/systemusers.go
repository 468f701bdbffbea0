package jumpcloud

import "context"

// systemUser is a person in the directory, as far as it is read here.
type systemUser struct {
	MFA struct {
		Configured bool `json:"configured"`
	} `json:"mfa"`
}

// SystemUsersWithMFA tells how many people the organization has, and how many of them have set up MFA (mfa.configured).
func (c *Client) SystemUsersWithMFA(ctx context.Context) (Share, error) {
	return share(ctx, c, "/api/systemusers", "mfa.configured", func(u systemUser) bool { return u.MFA.Configured })
}
