package secret

import "golang.org/x/sys/windows"

// ProtectProcess keeps Windows from asking whether to send a crash report, with the memory of this process in it.
func ProtectProcess() {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX)
}
