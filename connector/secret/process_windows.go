package secret

import "golang.org/x/sys/windows"

// ProtectProcess keeps Windows from offering to send a crash report, which would contain this process's memory.
func ProtectProcess() {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX)
}
