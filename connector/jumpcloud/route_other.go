//go:build !windows

package jumpcloud

import "syscall"

// What the system says where it knows no way to an address.
const (
	netUnreachable  = syscall.ENETUNREACH
	hostUnreachable = syscall.EHOSTUNREACH
)
