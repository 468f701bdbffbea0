package keychain

import (
	"context"
	"errors"
	"strings"

	"github.com/zalando/go-keyring"
)

// kinds are all that an [Error] can have as its kind.
var kinds = []error{
	context.Canceled, context.DeadlineExceeded,
	ErrNotFound, ErrNoService, ErrNoProvider, ErrNoKeyring, ErrNotPermitted, ErrLocked, ErrTimeout,
	ErrDamaged, ErrIncomplete, ErrGone, ErrExists, ErrNewer, ErrNotSaved, ErrTooBig, ErrBusy, ErrFailed,
}

// classify returns the kind of an error of a backend: the one in its chain if there is one, as System's errors may
// have, else what go-keyring, the operating system's types and, at last, the words say.
func classify(err error) error {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return kind
		}
	}
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooBig
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return ErrNoProvider
	}
	if kind := systemKind(err); kind != nil {
		return kind
	}
	return kindByWords(err.Error())
}

// What go-keyring says without a type.
const (
	saysNotUnlocked = "failed to unlock correct collection"
	aliasOfDefault  = "/org/freedesktop/secrets/aliases/default"
)

// kindByWords classifies the errors that only their words tell apart.
func kindByWords(message string) error {
	switch {
	case strings.Contains(message, saysNotUnlocked) && strings.Contains(message, aliasOfDefault):
		return ErrNoKeyring // no collection "login", and none behind the alias
	case strings.Contains(message, saysNotUnlocked):
		return ErrLocked
	}
	return ErrFailed
}
