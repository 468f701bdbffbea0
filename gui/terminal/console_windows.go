package terminal

import (
	"io"
	"os"
	"sync"

	"golang.org/x/sys/windows"
)

// Console returns the standard output and the standard error. Windows gives a program with a window no console. So the first text
// opens the console of the terminal that started the program, unless the output is a file or a pipe. It is not opened earlier,
// because closing the terminal would then close the window, too.
func Console() (out, errs io.Writer) {
	return &console{file: os.Stdout}, &console{file: os.Stderr}
}

type console struct {
	once sync.Once
	file *os.File // nil if there is no console
}

// Write implements [io.Writer]. Without a console it does nothing, so a program that a scheduler starts ends with the same exit code.
func (c *console) Write(text []byte) (int, error) {
	c.once.Do(c.open)
	if c.file == nil {
		return len(text), nil
	}
	return c.file.Write(text)
}

// open opens the parent's console, unless the output is a file, a pipe or a console already.
func (c *console) open() {
	if kind, err := windows.GetFileType(windows.Handle(c.file.Fd())); err == nil && kind != windows.FILE_TYPE_UNKNOWN {
		return
	}
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	const parent = ^uintptr(0)                       // ATTACH_PARENT_PROCESS
	attached, _, _ := attach.Call(parent)            // fails if the other output has attached already
	c.file, _ = os.OpenFile("CONOUT$", os.O_RDWR, 0) // nil if there is none
	if attached != 0 && c.file != nil {
		_, _ = c.file.WriteString("\r\n") // the shell did not wait, so its prompt is in this line
	}
}
