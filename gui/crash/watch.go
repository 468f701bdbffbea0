// Package crash writes crash reports without secrets and personal data.
//
// When a program crashes, Go's runtime prints the value of the panic, which may be anything. So a second process of the same program
// reads this text from a pipe. It uses only the program counters of the calls, and finds their names in its own symbols. The text
// itself is never written to disk.
//
// A file in place of the second process would save memory, but the text would stay in it until the next start
// (TestAFileWouldHoldTheValue).
package crash

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime/debug"
)

// Watch starts the program once more with these arguments, to report a crash of this process. With these arguments, the program has
// to call [Folder.Read] with its standard input. The report covers panics of all goroutines and Go's fatal errors, which recover
// does not catch.
func Watch(arguments ...string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's own file: %w", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	defer read.Close()
	defer write.Close()
	watcher := exec.Command(program, arguments...)
	watcher.Stdin = read
	if err := watcher.Start(); err != nil {
		return fmt.Errorf("start the watcher: %w", err)
	}
	giveWay(watcher.Process.Pid)
	go func() { _ = watcher.Wait() }() // otherwise it would stay a zombie if it ends first
	if _, err := fmt.Fprintf(write, "%s%x\n", offsetLine, landmark()); err != nil {
		return fmt.Errorf("tell the watcher: %w", err)
	}
	debug.SetTraceback("system") // otherwise the counters and the runtime's own calls are missing
	if err := debug.SetCrashOutput(write, debug.CrashOptions{}); err != nil {
		return fmt.Errorf("set the crash output: %w", err)
	}
	return nil
}

// offsetLine begins the first line in the pipe.
const offsetLine = "landmark "

// landmark returns the address of this function. The program may be at another address in each process, so the difference of two
// landmarks is the shift between their counters.
func landmark() uint64 { return uint64(reflect.ValueOf(landmark).Pointer()) }
