package connector

import (
	"errors"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// readOnly is a keychain that cannot be written to for a while.
type readOnly struct {
	keychain.Backend
	is bool
}

var errReadOnly = errors.New("read-only")

// Set implements [keychain.Backend].
func (k *readOnly) Set(service, name, value string) error {
	if k.is {
		return errReadOnly
	}
	return k.Backend.Set(service, name, value)
}

// If memory fails after the system keychain, Rotate says so, returns those that have the new key, and can be repeated.
func TestRotateFailsHalfWay(t *testing.T) {
	memory := &readOnly{Backend: keychain.Memory()}
	c := New(keychain.New(keychain.Memory(), "test"))
	c.session = vault.New(keychain.New(memory, "test"), nil)
	former, next := secret.New("jca_former"), secret.New("jca_next")
	report := check.Report{At: time.Now(), Region: "us"}
	for _, one := range check.All() {
		report.Results = append(report.Results, check.Result{Check: one.ID, Outcome: check.Outcome{State: check.Passed}})
	}
	trial := Trial{Key: check.KeyInRegion{Region: "us", KeyID: KeyID(next)}, key: next}
	var all []Connection
	for id, v := range map[string]*vault.Vault{"kept": c.system, "session": c.session} {
		one, err := c.saveIn(t.Context(), v, c.newRequest(id, former, "us", check.Organization{ID: id, Name: id}, report, nil))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
		trial.Tried = append(trial.Tried, Tried{one, report})
	}
	trial.Rotation = RotationOf(all, all[0].keyInRegion())
	has := func(when string, want map[string]secret.Secret) {
		t.Helper()
		all, err := c.Connections(t.Context(), nil)
		if err != nil || len(all) != 2 {
			t.Fatalf("%s: %d connections, %v", when, len(all), err)
		}
		for _, one := range all {
			if key, err := c.APIKey(t.Context(), one.ID); err != nil || one.KeyID != KeyID(want[one.Name]) || !key.Equal(want[one.Name]) {
				t.Errorf("%s: %s has another key, %v", when, one.Name, err)
			}
		}
	}
	memory.is = true
	done, err := c.Rotate(t.Context(), trial)
	if err == nil || len(done) != 1 || done[0].Name != "kept" {
		t.Errorf("while memory fails: %d are done, %v", len(done), err)
	}
	has("while memory fails", map[string]secret.Secret{"kept": next, "session": former})
	memory.is = false
	if done, err = c.Rotate(t.Context(), trial); err != nil || len(done) != 1 || done[0].Name != "session" {
		t.Errorf("once more: %d are done, %v", len(done), err)
	}
	has("once more", map[string]secret.Secret{"kept": next, "session": next})
}
