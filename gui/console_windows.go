package gui

import (
	"io"
	"os"
	"sync"

	"golang.org/x/sys/windows"
)

// Console returns what the command line prints to. Windows gives a program with a window no console, so the first text
// opens that of the terminal that started it; a file or a pipe stays as it is. It is not opened at the start, for that
// would tie the window to the terminal: closing one would close the other, with no question asked.
func Console() (out, errs io.Writer) {
	return &console{file: os.Stdout}, &console{file: os.Stderr}
}

type console struct {
	once sync.Once
	file *os.File // nil where nobody reads it
}

func (c *console) Write(text []byte) (int, error) {
	c.once.Do(c.open)
	if c.file == nil {
		return len(text), nil // what a scheduler starts may have no output, and is to end as it would with one
	}
	return c.file.Write(text)
}

// open finds the parent's console, unless the output leads somewhere already.
func (c *console) open() {
	if kind, err := windows.GetFileType(windows.Handle(c.file.Fd())); err == nil && kind != windows.FILE_TYPE_UNKNOWN {
		return
	}
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	const parent = ^uintptr(0)                       // ATTACH_PARENT_PROCESS
	attached, _, _ := attach.Call(parent)            // fails where the other of the two has done it
	c.file, _ = os.OpenFile("CONOUT$", os.O_RDWR, 0) // nil where there is none
	if attached != 0 && c.file != nil {
		_, _ = c.file.WriteString("\r\n") // the shell has not waited, and its prompt stands there
	}
}
