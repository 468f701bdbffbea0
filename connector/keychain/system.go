package keychain

import (
	"errors"

	"github.com/zalando/go-keyring"
)

// Backend is what a [Keychain] is built on: entries by service and user, read, written and deleted one by one.
// A missing entry is [ErrNotFound] or go-keyring's error of that name.
type Backend interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
	// DeleteAll deletes all entries of a service. That there are none is no error.
	DeleteAll(service string) error
}

// System returns the keychain of the operating system.
func System() Backend { return system{} }

type system struct{}

func (system) Get(service, user string) (string, error) {
	text, err := keyring.Get(service, user)
	return text, explain(err)
}

func (system) Set(service, user, secret string) error {
	return explain(keyring.Set(service, user, secret))
}

func (system) Delete(service, user string) error {
	return explain(keyring.Delete(service, user))
}

func (system) DeleteAll(service string) error {
	if err := keyring.DeleteAll(service); !errors.Is(err, keyring.ErrNotFound) {
		return explain(err)
	}
	return nil
}
