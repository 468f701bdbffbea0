package connector

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// checkRole asks who the key belongs to. A refusal says nothing about the key, for the call is not documented; nor does an
// answer of another form.
func checkRole(ctx context.Context, v *validation) Outcome {
	defer close(v.told)
	v.report.Administrator = Administrator{}
	a, err := v.client.Self(ctx)
	switch {
	case err == nil && a.RoleName != "":
	case err == nil, refused(err), errors.Is(err, jumpcloud.ErrContract):
		return outcome(CauseRoleUnreadable, Facts{})
	default:
		return v.failure(err)
	}
	v.report.Administrator = Administrator{Email: a.Email, Role: a.RoleName, MFA: a.MFA(),
		KeyCreated: cmp.Or(a.APIKeyHash.CreatedAt.Time, a.APIKeyUpdatedAt.Time), KeyExpires: a.APIKeyHash.ExpireAt.Time}
	cause := CauseRoleCustom
	switch {
	case isRole(a.RoleName, roleReadOnly):
		cause = CauseRole
	case isRole(a.RoleName, moreThanRead...):
		cause = CauseRolePrivileged
	}
	return outcome(cause, Facts{"Role": a.RoleName, "Email": a.Email})
}

// refused reports whether JumpCloud would not tell, for whatever reason.
func refused(err error) bool {
	return isAny(err, jumpcloud.ErrForbidden, jumpcloud.ErrUnauthorized, jumpcloud.ErrNotFound, jumpcloud.ErrBadRequest,
		jumpcloud.ErrNotLicensed, jumpcloud.ErrStatus)
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

// When the age of a key is worth a word. JumpCloud advises to renew keys at least yearly.
const (
	oldKey     = 365 * 24 * time.Hour
	expiresNow = 30 * 24 * time.Hour
)

func checkKeyAge(_ context.Context, v *validation) Outcome {
	a, now := v.report.Administrator, v.connector.now()
	days := func(d time.Duration) string { return strconv.Itoa(int(d.Hours() / 24)) }
	if a.Role == "" {
		return outcome(CauseNotTold, Facts{})
	}
	facts := Facts{}
	if !a.KeyCreated.IsZero() {
		facts["Created"] = moment(a.KeyCreated)
	}
	switch {
	case !a.KeyExpires.IsZero() && a.KeyExpires.Sub(now) < expiresNow:
		facts["Expires"], facts["Days"] = moment(a.KeyExpires), days(max(0, a.KeyExpires.Sub(now)))
		return outcome(CauseKeyExpires, facts)
	case a.KeyCreated.IsZero():
		return outcome(CauseKeyAgeUnknown, facts)
	}
	facts["Days"] = days(now.Sub(a.KeyCreated))
	if now.Sub(a.KeyCreated) > oldKey {
		return outcome(CauseKeyOld, facts)
	}
	return outcome(CauseKeyAge, facts)
}
