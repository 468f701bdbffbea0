package keychain

import (
	"errors"

	"github.com/zalando/go-keyring"
)

// Backend stores the entries of a [Keychain] by service and user. The error for a missing entry is [ErrNotFound] or go-keyring's
// ErrNotFound.
type Backend interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
	// DeleteAll deletes all entries of a service. It returns nil if there are none.
	DeleteAll(service string) error
}

// System returns the keychain of the operating system.
func System() Backend { return system{} }

type system struct{}

func (system) Get(service, user string) (text string, err error) {
	if err = reach(); err == nil {
		text, err = keyring.Get(service, user)
	}
	return text, explain(err)
}

func (system) Set(service, user, secret string) error {
	err := reach()
	if err == nil {
		err = keyring.Set(service, user, secret)
	}
	return explain(err)
}

func (system) Delete(service, user string) error {
	err := reach()
	if err == nil {
		err = keyring.Delete(service, user)
	}
	return explain(err)
}

func (system) DeleteAll(service string) error {
	err := reach()
	if err == nil {
		err = keyring.DeleteAll(service)
	}
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return explain(err)
}
