package check

import (
	"context"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// checkRole asks for the administrator whose key it is. The call is not in JumpCloud's public contract. So the check fails only if
// the network or the server fails.
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
	opensOne := v.first.complete && len(v.first.organizations) == 1
	v.report.Administrator = Administrator{Email: email, Role: role, MFA: v.mfa == jumpcloud.Yes, OfOrganization: opensOne && a.Provider == ""}
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

// checkMFA reads from the answer about the role whether the administrator has MFA.
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

// JumpCloud's names for some roles. Read Only reads everything and changes nothing. The other roles here may not use the API.
const (
	roleReadOnly                 = "Read Only"
	roleCommandRunner            = "Command Runner"
	roleCommandRunnerWithBilling = "Command Runner With Billing"
	roleBillingOnly              = "Billing Only"
)

// moreThanRead lists JumpCloud's own roles that can use the API and do more than read. An organization can add roles.
var moreThanRead = []string{"Administrator With Billing", "Administrator", "Manager", "Help Desk"}

// isRole reports whether a role is one of those given. JumpCloud writes the same role with different capitals in different places.
func isRole(name string, of ...string) bool {
	return slices.ContainsFunc(of, func(role string) bool { return strings.EqualFold(name, role) })
}
