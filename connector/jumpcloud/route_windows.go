package jumpcloud

import "syscall"

// Windows' own numbers: those of package syscall are made up for it and never returned by a connection.
const (
	netUnreachable  = syscall.Errno(10051) // WSAENETUNREACH
	hostUnreachable = syscall.Errno(10065) // WSAEHOSTUNREACH
)
