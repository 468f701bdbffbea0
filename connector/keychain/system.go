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
	err = call(func() (err error) {
		text, err = keyring.Get(service, user)
		return err
	})
	return text, err
}

func (system) Set(service, user, secret string) error {
	return call(func() error { return keyring.Set(service, user, secret) })
}

func (system) Delete(service, user string) error {
	return call(func() error { return keyring.Delete(service, user) })
}

func (system) DeleteAll(service string) error {
	err := call(func() error { return keyring.DeleteAll(service) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// call makes a call of go-keyring, once the system keychain can be reached.
func call(f func() error) error {
	err := reach()
	if err == nil {
		err = f()
	}
	return explain(err)
}
