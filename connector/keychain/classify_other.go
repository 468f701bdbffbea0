//go:build !darwin && !((dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd)

package keychain

import (
	"errors"
	"syscall"
)

// noLogonSession is Windows' ERROR_NO_SUCH_LOGON_SESSION: this logon, as one over the network, has no credential set.
const noLogonSession = syscall.Errno(1312)

// systemKind returns the kind of an error of the Windows Credential Manager, or nil.
func systemKind(err error) error {
	if errors.Is(err, noLogonSession) {
		return ErrNoProvider
	}
	return nil
}

// explain has nothing to add to what the system says.
func explain(err error) error { return err }

// reach has nothing to connect to.
func reach() error { return nil }

// NoNewBus has nothing to do where the keychain is not reached by a bus.
func NoNewBus() {}
