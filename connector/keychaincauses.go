package connector

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
)

// keychainCauses lists the cause of each kind of failure of the keychain.
var keychainCauses = []struct {
	kind  error
	cause check.Cause
}{
	{keychain.ErrNoService, check.CauseNoService},
	{keychain.ErrNoProvider, check.CauseNoProvider},
	{keychain.ErrNoKeyring, check.CauseNoKeyring},
	{keychain.ErrNotPermitted, check.CauseKeychainNotPermitted},
	{keychain.ErrLocked, check.CauseKeychainLocked},
	{keychain.ErrTimeout, check.CauseKeychainTimeout},
	{keychain.ErrDamaged, check.CauseKeychainDamaged},
	{keychain.ErrNewer, check.CauseKeychainNewer},
	{keychain.ErrNotFound, check.CauseKeychainGone},
	{keychain.ErrGone, check.CauseConnectionsGone},
	{keychain.ErrIncomplete, check.CauseKeychainIncomplete},
	{keychain.ErrBusy, check.CauseKeychainBusy},
	{keychain.ErrTooBig, check.CauseKeychainTooBig},
	{keychain.ErrNotSaved, check.CauseKeychainNotKept},
	{context.Canceled, check.CauseCancelled},
}

// KeychainCause returns the cause of a failed call that uses the keychain.
func KeychainCause(err error) check.Cause {
	for _, k := range keychainCauses {
		if errors.Is(err, k.kind) {
			return k.cause
		}
	}
	return check.CauseKeychainFailed
}

// IsListPartial reports whether the keychain's index is damaged or missing: [Connector.Tidy] can mend it.
func IsListPartial(err error) bool {
	return errors.Is(err, keychain.ErrDamaged) || errors.Is(err, keychain.ErrIncomplete)
}

// KeychainCauses lists what [KeychainCause] can return, apart from a cancellation. docs/outcomes.md is made from it.
func KeychainCauses() []check.Cause {
	var all []check.Cause
	for _, k := range keychainCauses {
		if k.cause != check.CauseCancelled {
			all = append(all, k.cause)
		}
	}
	return append(all, check.CauseKeychainFailed)
}
