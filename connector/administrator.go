package connector

import "context"

// checkRole asks who the key belongs to. The call is not in JumpCloud's public contract, so only a failure of the network
// or of the server counts as one.
func checkRole(ctx context.Context, v *validation) Outcome {
	defer close(v.told)
	a, err := v.client.Self(ctx)
	if err != nil {
		// What was told of the key earlier is still so.
		former := v.report.Administrator
		v.report.Administrator = Administrator{KeyCreated: former.KeyCreated, KeyExpires: former.KeyExpires, KeyNeverExpires: former.KeyNeverExpires}
		if notTold(err) {
			return outcome(CauseRoleUnreadable, Facts{})
		}
		return v.failure(err)
	}
	v.report.Administrator = Administrator{Email: a.Email, Role: a.RoleName, MFA: a.MFA()}
	v.report.Administrator.setKeyDates(a)
	if a.RoleName == "" {
		return outcome(CauseRoleUnreadable, Facts{})
	}
	cause := CauseRoleCustom
	switch {
	case isRole(a.RoleName, roleReadOnly):
		cause = CauseRole
	case isRole(a.RoleName, moreThanRead...):
		cause = CauseRolePrivileged
	}
	return outcome(cause, Facts{"Role": a.RoleName, "Email": a.Email})
}

func checkMFA(_ context.Context, v *validation) Outcome {
	if v.report.Administrator.Role == "" {
		return outcome(CauseNotTold, Facts{})
	}
	facts := Facts{"Email": v.report.Administrator.Email}
	if v.report.Administrator.MFA {
		return outcome(CauseMFA, facts)
	}
	return outcome(CauseMFAOff, facts)
}
