package wire

import "syscall"

// Windows' own error numbers for a failed connection. The Unix names in package syscall are invented numbers on Windows; no
// connection returns them.
var (
	noRoute = []error{syscall.Errno(10050), syscall.Errno(10051), // WSAENETDOWN, WSAENETUNREACH
		syscall.Errno(10064), syscall.Errno(10065)} // WSAEHOSTDOWN, WSAEHOSTUNREACH
	refused      = []error{syscall.Errno(10061)}                                             // WSAECONNREFUSED
	notPermitted = []error{syscall.Errno(10013), syscall.ERROR_ACCESS_DENIED}                // WSAEACCES
	broken       = []error{syscall.Errno(10052), syscall.Errno(10053), syscall.Errno(10054), // WSAENETRESET, WSAECONNABORTED, WSAECONNRESET
		syscall.Errno(10057), syscall.Errno(10058), syscall.ERROR_BROKEN_PIPE} // WSAENOTCONN, WSAESHUTDOWN
	noFiles  = []error{syscall.Errno(10024), syscall.Errno(4)}                    // WSAEMFILE, ERROR_TOO_MANY_OPEN_FILES
	noPorts  = []error{syscall.Errno(10049), syscall.Errno(10048)}                // WSAEADDRNOTAVAIL, WSAEADDRINUSE
	noMemory = []error{syscall.Errno(10055), syscall.Errno(8), syscall.Errno(14)} // WSAENOBUFS, ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY
)
