package connector

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector/keychain"
)

// keychainCauses says which cause each kind of failure of the keychain is.
var keychainCauses = []struct {
	kind  error
	cause Cause
}{
	{keychain.ErrNoService, CauseNoService},
	{keychain.ErrNoProvider, CauseNoProvider},
	{keychain.ErrNoKeyring, CauseNoKeyring},
	{keychain.ErrNotPermitted, CauseKeychainNotPermitted},
	{keychain.ErrLocked, CauseKeychainLocked},
	{keychain.ErrTimeout, CauseKeychainTimeout},
	{keychain.ErrDamaged, CauseKeychainDamaged},
	{keychain.ErrNewer, CauseKeychainNewer},
	{keychain.ErrNotFound, CauseKeychainGone},
	{keychain.ErrGone, CauseShelfGone},
	{keychain.ErrIncomplete, CauseKeychainIncomplete},
	{keychain.ErrBusy, CauseKeychainBusy},
	{keychain.ErrTooBig, CauseKeychainTooBig},
	{keychain.ErrNotSaved, CauseKeychainNotKept},
	{context.Canceled, CauseCancelled},
}

// KeychainCause names why a call that uses the keychain failed.
func KeychainCause(err error) Cause {
	for _, k := range keychainCauses {
		if errors.Is(err, k.kind) {
			return k.cause
		}
	}
	return CauseKeychainFailed
}

// IsListPartial reports whether the keychain's list of names is damaged or lacks names: [Connector.Tidy] can mend that.
func IsListPartial(err error) bool { return isPartial(err) }

// KeychainCauses lists what [KeychainCause] can say, but for a cancellation.
func KeychainCauses() []Cause {
	var all []Cause
	for _, k := range keychainCauses {
		if k.cause != CauseCancelled {
			all = append(all, k.cause)
		}
	}
	return append(all, CauseKeychainFailed)
}
