package keychain

import (
	"context"
	"errors"
	"strings"

	"github.com/zalando/go-keyring"
)

// kinds lists all kinds of an [Error].
var kinds = []error{
	context.Canceled, context.DeadlineExceeded,
	ErrNotFound, ErrNoService, ErrNoProvider, ErrNoKeyring, ErrNotPermitted, ErrLocked, ErrTimeout,
	ErrDamaged, ErrIncomplete, ErrGone, ErrExists, ErrNewer, ErrNotSaved, ErrTooBig, ErrBusy, ErrFailed,
}

// classify returns the kind of a backend's error: the kind that it wraps, or else one by go-keyring's errors, by the operating
// system's, or at last by the words.
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

// Texts of go-keyring's errors that have no type.
const (
	saysNotUnlocked = "failed to unlock correct collection"
	aliasOfDefault  = "/org/freedesktop/secrets/aliases/default"
)

// kindByWords classifies errors that differ only in their words.
func kindByWords(message string) error {
	switch {
	case strings.Contains(message, saysNotUnlocked) && strings.Contains(message, aliasOfDefault):
		return ErrNoKeyring // no collection "login", and none behind the alias
	case strings.Contains(message, saysNotUnlocked):
		return ErrLocked
	}
	return ErrFailed
}
