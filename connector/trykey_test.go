package connector_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// What a key as a whole may be, and what is said of it. Nothing is kept of it.
func TestAKeyThatCannotTakeThePlace(t *testing.T) {
	for name, one := range map[string]struct {
		key   string
		knows func(*jumpcloudtest.Key) // nil: the server does not know it
		fault *jumpcloudtest.Fault
		want  error
		cause check.Cause
	}{
		"the former":         {key: jumpcloudtest.SampleMultiTenantKey, want: connector.ErrSameKey},
		"unknown":            {key: nextKey, want: connector.ErrNotWorking, cause: check.CauseKeyUnknown},
		"no key":             {key: jumpcloudtest.OrganizationID(1), want: connector.ErrNotWorking, cause: check.CauseKeyIsOrganizationID},
		"command runner":     {key: nextKey, knows: func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }, want: connector.ErrNotWorking, cause: check.CauseRoleRefused},
		"it tells its role":  {key: nextKey, knows: func(k *jumpcloudtest.Key) { k.Role, k.TellsSelf = jumpcloudtest.RoleCommandRunner, true }, want: connector.ErrNotWorking, cause: check.CauseCommandRunner},
		"the server":         {key: nextKey, knows: unchanged, fault: jumpcloudtest.Status(http.StatusServiceUnavailable), want: connector.ErrNotKnown, cause: check.CauseServer},
		"limit":              {key: nextKey, knows: unchanged, fault: jumpcloudtest.Waiting(http.StatusTooManyRequests, "86400"), want: connector.ErrNotKnown, cause: check.CauseRateLimited},
		"the network":        {key: nextKey, knows: unchanged, fault: jumpcloudtest.Drop(), want: connector.ErrNotKnown, cause: check.CauseBroken},
		"a network's portal": {key: nextKey, knows: unchanged, fault: jumpcloudtest.CaptivePortal(), want: connector.ErrNotKnown, cause: check.CauseSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			r := beforeRotation(t, 4)
			if one.knows != nil {
				r.setKey(one.knows)
			}
			if one.fault != nil {
				r.s.Fail(one.fault)
			}
			trial, _, err := r.try(one.key, connector.Trial{})
			blocker, _ := trial.Report.Blocker()
			if !errors.Is(err, one.want) || blocker.Cause != one.cause || trial.Complete() && len(trial.Lost()) == 0 {
				t.Errorf("%v, %q", err, blocker.Cause)
			}
			if rotated, err := r.Rotate(t.Context(), trial, connector.LeavingLost()); err == nil {
				t.Errorf("%d are rotated", len(rotated))
			}
			r.have("then", map[string]int{jumpcloudtest.SampleMultiTenantKey: 4})
		})
	}
}

// A key of another region cannot take the place: JumpCloud knows a key only in its own.
func TestAKeyOfAnotherRegion(t *testing.T) {
	here, elsewhere := newServer(t), newServer(t)
	c := newConnector(newRecorder(), here, elsewhere)
	save(t, c, "", withRegion(jumpcloudtest.SampleKey))
	elsewhere.SetKey(jumpcloudtest.Key{Value: nextKey, Role: jumpcloudtest.RoleReadOnly, Organizations: []string{jumpcloudtest.OrganizationID(1)}})
	all, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := connector.RotationOf(all, check.KeyInRegion{Region: "r0", KeyID: all[0].KeyID})
	trial, err := c.TryKey(t.Context(), r, with(nextKey), connector.Trial{}, ignore, func(connector.Tried) { t.Error("told of a connection") })
	if !errors.Is(err, connector.ErrOtherRegion) || trial.Report.Region != "r1" {
		t.Errorf("%v in %q", err, trial.Report.Region)
	}
	if _, err := c.Rotate(t.Context(), trial, connector.LeavingLost()); !errors.Is(err, connector.ErrNotTried) {
		t.Errorf("then: %v", err)
	}
}

// What could not be found out is not lost. It is tried again, and only that.
func TestATrialGoesOn(t *testing.T) {
	const all, early = 20, 4
	for name, breaks := range map[string]func(rotating, context.CancelFunc){
		"network": func(r rotating, _ context.CancelFunc) { r.s.Fail(jumpcloudtest.Drop()) },
		"limit":   func(r rotating, _ context.CancelFunc) { r.s.Fail(jumpcloudtest.Waiting(429, "86400")) },
		"one": func(r rotating, _ context.CancelFunc) {
			r.s.Fail(jumpcloudtest.Status(503).Of(jumpcloudtest.OrganizationID(100 + all - 1)))
		},
		"cancelled": func(_ rotating, cancel context.CancelFunc) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			r := beforeRotation(t, all)
			r.setKey(unchanged)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			told := 0
			trial, err := r.TryKey(ctx, r.rotation(), with(nextKey), connector.Trial{}, ignore, func(connector.Tried) {
				if told++; told == early {
					breaks(r, cancel)
				}
			})
			if err != nil || trial.Complete() || len(trial.Lost()) > 0 || len(trial.Works()) < early || name == "network" && len(trial.Tried) == all {
				t.Fatalf("%v: %d tried, %d lost", err, len(trial.Tried), len(trial.Lost()))
			}
			if _, err := r.Rotate(t.Context(), trial, connector.LeavingLost()); !errors.Is(err, connector.ErrNotTried) {
				t.Errorf("rotated: %v", err)
			}
			r.have("then", map[string]int{jumpcloudtest.SampleMultiTenantKey: all})
			r.s.Heal()
			known := len(trial.Works())
			trial, told, err = r.try(nextKey, trial)
			if err != nil || !trial.Complete() || told != all-known {
				t.Fatalf("again: %v, told of %d although %d were known", err, told, known)
			}
			if rotated, err := r.Rotate(t.Context(), trial); err != nil || len(rotated) != all {
				t.Errorf("%d are rotated, %v", len(rotated), err)
			}
			r.have("in the end", map[string]int{nextKey: all})
		})
	}
}

// Where nothing can be found out about some connections, the others are tried all the same.
func TestATrialGoesAroundWhatIsInTheWay(t *testing.T) {
	const all, silent = 14, 10
	r := beforeRotation(t, all)
	r.setKey(unchanged)
	var ids []string
	for _, one := range r.all()[:silent] {
		ids = append(ids, one.Organization.ID)
	}
	r.s.Fail(jumpcloudtest.Status(http.StatusServiceUnavailable).Of(ids...))
	trial, _, err := r.try(nextKey, connector.Trial{})
	if err != nil || len(trial.Works()) == all-silent {
		t.Errorf("at first: %v, %d work", err, len(trial.Works()))
	}
	if trial, _, err = r.try(nextKey, trial); err != nil || len(trial.Works()) != all-silent || len(trial.Lost()) > 0 {
		t.Errorf("then: %v, %d work, %d are lost", err, len(trial.Works()), len(trial.Lost()))
	}
}
