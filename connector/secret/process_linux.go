package secret

import "golang.org/x/sys/unix"

// ProtectProcess keeps the memory of this process, in which secrets are, out of core dumps, and other programs of the same
// user from reading it. What the system refuses is not done.
func ProtectProcess() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	// With a core_pattern that is a program, such as systemd-coredump, the limit does not hold. This does, and it closes
	// /proc/<pid>/mem and ptrace to others than root.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
