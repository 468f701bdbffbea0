package keychain

import (
	"errors"
	"io/fs"
	"os/exec"
)

// systemKind returns the kind of an error of the program security, or nil. Its exit code is the lowest byte of the Security
// framework's status.
func systemKind(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoProvider
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return nil
	}
	switch exit.ExitCode() {
	case 29, 36, 51, 128: // interaction required, not allowed; refused; cancelled by the user
		return ErrLocked
	case 37, 50, 53: // no default keychain, no such keychain, no keychain available
		return ErrNoProvider
	case 44: // item not found
		return ErrNotFound
	}
	return nil
}
