package desktop

import (
	"io"
	"os"
	"sync"

	"golang.org/x/sys/windows"
)

// Console returns the writers that the command line prints to. Windows gives a program with a window no console. So the first text
// opens the console of the terminal that started the program. A file or a pipe stays as it is. The console is not opened at the start:
// that would tie the window to the terminal, and closing the terminal would close the window without a question.
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
		return len(text), nil // a task of the scheduler may have no output; it must not fail for that
	}
	return c.file.Write(text)
}

// open opens the parent's console, unless the output goes to a file or a pipe.
func (c *console) open() {
	if kind, err := windows.GetFileType(windows.Handle(c.file.Fd())); err == nil && kind != windows.FILE_TYPE_UNKNOWN {
		return
	}
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	const parent = ^uintptr(0)                       // ATTACH_PARENT_PROCESS
	attached, _, _ := attach.Call(parent)            // fails if the other writer has attached it already
	c.file, _ = os.OpenFile("CONOUT$", os.O_RDWR, 0) // nil where there is none
	if attached != 0 && c.file != nil {
		_, _ = c.file.WriteString("\r\n") // the shell did not wait: its prompt stands on this line
	}
}
