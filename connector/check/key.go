package check

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// checkKey says what the first answer means for the key.
func checkKey(ctx context.Context, v *validation) Outcome {
	region := v.first.region.ID
	switch err := v.first.err; {
	case accepts(err):
		v.report.Region, v.report.Worked = region, v.validator.now()
		if chosen := v.credentials.Region; chosen != "" && chosen != region {
			return outcome(CauseKeyElsewhere, Facts{"Region": region, "Chosen": chosen})
		}
		return outcome(CauseKeyAccepted, Facts{"Region": region})
	case errors.Is(err, jumpcloud.ErrUnauthorized):
		return v.unknownKey()
	case errors.Is(err, jumpcloud.ErrForbidden):
		return v.refusedKey(ctx)
	default:
		return v.failure(err)
	}
}

// unknownKey is the outcome for a key that JumpCloud does not know. A key that used to work was revoked or has expired. If only one
// region was asked, the key may be of another region.
func (v *validation) unknownKey() Outcome {
	region := v.first.region.ID
	end := v.report.Administrator.keyEnd(v.now())
	switch {
	case end.Cause == CauseKeyEnded:
		return end
	case len(v.first.unasked) > 0:
		return v.unknownWhereAsked()
	case !v.report.Worked.IsZero():
		facts := Facts{"Worked": moment(v.report.Worked), "Region": region}
		if end.Cause != CauseKeyEndUnknown {
			facts["EndRuledOut"] = "yes"
		}
		return outcome(CauseKeyStopped, facts)
	case v.everyRegion():
		return outcome(CauseKeyUnknown, Facts{})
	}
	return outcome(CauseKeyUnknownHere, Facts{"Region": region})
}

// refusedKey is the outcome for a key that JumpCloud knows and refuses. The refusal does not say why, but the administrator of the
// key may show it. It is not documented whether a refused key can still ask for its administrator, so refusedKey tries it, unless
// another connection of the key already has the answer.
func (v *validation) refusedKey(ctx context.Context) Outcome {
	if v.whyRefused.State.Final() {
		return v.whyRefused
	}
	a, err := v.client.Self(ctx)
	switch {
	case err == nil:
		v.whyRefused = refusalOf(a)
		v.whyRefused.Facts["Region"] = v.first.region.ID
	case refusesCall(err):
		v.whyRefused = v.failure(v.first.err)
	default:
		return v.failure(v.first.err)
	}
	return v.whyRefused
}

// refusalOf says why JumpCloud refuses the key of this administrator.
func refusalOf(a jumpcloud.Administrator) Outcome {
	role := string(a.RoleName)
	facts := Facts{"Email": string(a.Email), "Role": role}
	switch {
	case a.Suspended == jumpcloud.Yes:
		return outcome(CauseSuspended, facts)
	case isRole(role, roleCommandRunner, roleCommandRunnerWithBilling):
		return outcome(CauseCommandRunner, facts)
	case isRole(role, roleBillingOnly):
		return outcome(CauseBillingOnly, facts)
	case a.APIKeyAllowed == jumpcloud.No:
		return outcome(CauseAPIAccessOff, facts)
	}
	return outcome(CauseRoleRefused, facts)
}
