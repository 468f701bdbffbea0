//go:build windows

// Wineprobe is what TestWindowsProgram looks into Windows with, sharing no code with the app:
//
//	wineprobe credentials PREFIX      lists the entries of the Credential Manager that begin so
//	wineprobe console PROGRAM ARGS…   runs a program in a console of its own, as a shell does, and prints what it shows there
package main

import (
	"fmt"
	"os"
	"strings"
	"unsafe"

	"github.com/danieljoos/wincred"
	"golang.org/x/sys/windows"
)

func main() {
	var err error
	switch code := 0; os.Args[1] {
	case "credentials":
		err = credentials(os.Args[2])
	case "console":
		if code, err = console(os.Args[2:]); err == nil {
			os.Exit(code)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(99)
	}
}

func credentials(prefix string) error {
	all, err := wincred.List()
	if err != nil {
		return err
	}
	for _, c := range all {
		if strings.HasPrefix(c.TargetName, prefix) {
			fmt.Println(c.TargetName)
		}
	}
	return nil
}

// console runs the program in a new console, of which it is told nothing, and returns its exit code.
func console(args []string) (int, error) {
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	_, _, _ = kernel.NewProc("FreeConsole").Call()
	if made, _, err := kernel.NewProc("AllocConsole").Call(); made == 0 {
		return 0, fmt.Errorf("AllocConsole: %w", err)
	}
	for _, handle := range []uint32{windows.STD_INPUT_HANDLE, windows.STD_OUTPUT_HANDLE, windows.STD_ERROR_HANDLE} {
		if err := windows.SetStdHandle(handle, 0); err != nil {
			return 0, err
		}
	}
	line, err := windows.UTF16PtrFromString(windows.ComposeCommandLine(args))
	if err != nil {
		return 0, err
	}
	var process windows.ProcessInformation
	start := windows.StartupInfo{Cb: uint32(unsafe.Sizeof(windows.StartupInfo{}))}
	if err := windows.CreateProcess(nil, line, nil, nil, false, 0, nil, nil, &start, &process); err != nil {
		return 0, fmt.Errorf("CreateProcess: %w", err)
	}
	if _, err := windows.WaitForSingleObject(process.Process, windows.INFINITE); err != nil {
		return 0, err
	}
	var code uint32
	if err := windows.GetExitCodeProcess(process.Process, &code); err != nil {
		return 0, err
	}
	return int(code), printScreen(kernel.NewProc("ReadConsoleOutputCharacterW"))
}

// printScreen prints what the console shows, up to its cursor.
func printScreen(read *windows.LazyProc) error {
	screen, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(screen.Fd()), &info); err != nil {
		return err
	}
	row := make([]uint16, info.Size.X)
	for y := range int(info.CursorPosition.Y) + 1 {
		var n uint32
		if ok, _, err := read.Call(screen.Fd(), uintptr(unsafe.Pointer(&row[0])), uintptr(len(row)), uintptr(y<<16),
			uintptr(unsafe.Pointer(&n))); ok == 0 {
			return err
		}
		fmt.Println(strings.TrimRight(windows.UTF16ToString(row[:n]), " \x00"))
	}
	return nil
}
