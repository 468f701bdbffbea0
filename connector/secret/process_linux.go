package secret

import "golang.org/x/sys/unix"

// ProtectProcess keeps this process's memory, which holds secrets, out of core dumps, and keeps other programs of the user from
// reading it. It ignores errors.
func ProtectProcess() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	// The limit has no effect if core_pattern is a program, such as systemd-coredump. This has, and it also closes
	// /proc/<pid>/mem and ptrace to everyone but root.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
