//go:build !darwin && !((dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd)

package keychain

import (
	"errors"
	"syscall"
)

// noLogonSession is Windows' ERROR_NO_SUCH_LOGON_SESSION: this logon, for example over the network, has no credential set.
const noLogonSession = syscall.Errno(1312)

// systemKind returns the kind of an error of the Windows Credential Manager, or nil.
func systemKind(err error) error {
	if errors.Is(err, noLogonSession) {
		return ErrNoProvider
	}
	return nil
}
