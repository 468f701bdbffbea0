//go:build unix && !linux

package secret

import "golang.org/x/sys/unix"

// ProtectProcess keeps the memory of this process, in which secrets are, out of core dumps. What the system refuses is not
// done.
func ProtectProcess() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
