//go:build !windows

package wire

import "syscall"

// The system's error numbers for a failed connection.
var (
	noRoute      = []error{syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN}
	refused      = []error{syscall.ECONNREFUSED}
	notPermitted = []error{syscall.EPERM, syscall.EACCES}
	broken       = []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, syscall.ENETRESET, syscall.ENOTCONN}
	noFiles      = []error{syscall.EMFILE, syscall.ENFILE}
	noPorts      = []error{syscall.EADDRNOTAVAIL, syscall.EADDRINUSE}
	noMemory     = []error{syscall.ENOMEM, syscall.ENOBUFS}
)
