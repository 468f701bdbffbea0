package check

import (
	"context"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// checkRole asks whose key it is. The call is not in JumpCloud's public contract, so only a failure of the network or of the server
// is a failure of the check.
func checkRole(ctx context.Context, v *validation) Outcome {
	defer close(v.roleAsked)
	a, err := v.client.Self(ctx)
	v.roleErr = err
	if err != nil {
		v.report.Administrator = v.report.Administrator.keyDates()
		if notTold(err) {
			return outcome(CauseRoleUnreadable, Facts{})
		}
		return v.failure(err)
	}
	email, role := string(a.Email), string(a.RoleName)
	v.mfa = a.MFA()
	v.report.Administrator = Administrator{Email: email, Role: role, MFA: v.mfa == jumpcloud.Yes}
	v.report.Administrator.setKeyDates(a)
	if role == "" {
		return outcome(CauseRoleUnreadable, Facts{})
	}
	cause := CauseRoleCustom
	switch {
	case isRole(role, roleReadOnly):
		cause = CauseRole
	case isRole(role, moreThanRead...):
		cause = CauseRolePrivileged
	}
	return outcome(cause, Facts{"Role": role, "Email": email})
}

func checkMFA(_ context.Context, v *validation) Outcome {
	if v.report.Administrator.Role == "" {
		return outcome(CauseNotTold, Facts{})
	}
	facts := Facts{"Email": v.report.Administrator.Email}
	switch v.mfa {
	case jumpcloud.Yes:
		return outcome(CauseMFA, facts)
	case jumpcloud.No:
		return outcome(CauseMFAOff, facts)
	}
	return outcome(CauseMFAUnknown, facts)
}
