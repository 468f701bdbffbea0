package connector

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"
)

// checkRole asks who the key belongs to. A refusal says nothing about the key: the call is not documented.
func checkRole(ctx context.Context, v *validation) Outcome {
	v.report.Administrator = Administrator{}
	a, err := v.client.Self(ctx)
	if err != nil && !errors.Is(err, context.Canceled) || err == nil && a.RoleName == "" {
		return outcome(CauseRoleUnreadable, Facts{})
	}
	if err != nil {
		return v.failure(err)
	}
	v.report.Administrator = Administrator{Email: a.Email, Role: a.RoleName, MFA: a.MFA(),
		KeyCreated: cmp.Or(a.APIKeyHash.CreatedAt.Time, a.APIKeyUpdatedAt.Time), KeyExpires: a.APIKeyHash.ExpireAt.Time}
	cause := CauseRole
	if a.RoleName != roleReadOnly {
		cause = CauseRolePrivileged
	}
	return outcome(cause, Facts{"Role": a.RoleName, "Email": a.Email})
}

func checkMFA(_ context.Context, v *validation) Outcome {
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
