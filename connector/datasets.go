package connector

import (
	"context"
	"errors"
	"strconv"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// counted is a check that passes when a list can be read, and says how long it is.
func counted(count func(*jumpcloud.Client, context.Context) (jumpcloud.Count, error)) func(context.Context, *validation) Outcome {
	return func(ctx context.Context, v *validation) Outcome {
		n, err := count(v.client, ctx)
		if err != nil {
			return v.datasetFailure(ctx, err)
		}
		return outcome(CauseCounted, Facts{"Count": n.String()})
	}
}

// shared is a check that passes when a list can be read, and says how many of its rows have what ControlMap looks for.
func shared(read func(*jumpcloud.Client, context.Context) (jumpcloud.Share, error), cause Cause, fact string) func(context.Context, *validation) Outcome {
	return func(ctx context.Context, v *validation) Outcome {
		s, err := read(v.client, ctx)
		if err != nil {
			return v.datasetFailure(ctx, err)
		}
		facts := Facts{"Count": strconv.Itoa(s.Total)}
		if s.With < 0 {
			return outcome(CauseCounted, facts)
		}
		facts[fact] = strconv.Itoa(s.With)
		return outcome(cause, facts)
	}
}

// datasetFailure is the outcome where one list cannot be read although the key is good.
func (v *validation) datasetFailure(ctx context.Context, err error) Outcome {
	o := v.failure(err)
	switch {
	case errors.Is(err, jumpcloud.ErrForbidden):
		return outcome(v.refusal(ctx), o.Facts)
	case errors.Is(err, jumpcloud.ErrUnauthorized):
		return outcome(CauseDatasetDenied, o.Facts)
	case errors.Is(err, jumpcloud.ErrNotFound), errors.Is(err, jumpcloud.ErrBadRequest):
		return outcome(CauseDatasetMissing, o.Facts)
	}
	return o
}

// refusal waits for the role, which is asked for at the same time: the one that we recommend cannot be the remedy where
// it is refused.
func (v *validation) refusal(ctx context.Context) Cause {
	select {
	case <-v.told:
		if isRole(v.report.Administrator.Role, roleReadOnly) {
			return CauseDatasetWithheld
		}
	case <-ctx.Done():
	}
	return CauseDatasetRefused
}

func checkAdministrators(ctx context.Context, v *validation) Outcome {
	total, withMFA := 0, 0
	for a, err := range v.client.Administrators(ctx) {
		if err != nil && (notOffered(err) || webPage(err)) {
			return outcome(CauseDatasetUntold, Facts{}) // the list is not in JumpCloud's public contract
		} else if err != nil {
			return v.datasetFailure(ctx, err)
		}
		total++
		if a.MFA() {
			withMFA++
		}
	}
	return outcome(CauseAdministrators, Facts{"Count": strconv.Itoa(total), "MFA": strconv.Itoa(withMFA)})
}
