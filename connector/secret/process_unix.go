//go:build unix && !linux

package secret

import "golang.org/x/sys/unix"

// ProtectProcess keeps this process's memory, which holds secrets, out of core dumps. It ignores errors.
func ProtectProcess() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
