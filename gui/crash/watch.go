// Package crash keeps a report of how the program died, with nothing in it that is somebody's.
//
// What Go's runtime prints when a program dies may hold anything, for it prints the value of a panic. So a second process of the
// same program reads it from a pipe. From this text it takes only numbers: where in the program each call was. The names of these
// places come from its own symbols. The text itself is never written anywhere.
//
// A file in place of the second process would save memory, but the text would lie in it until the next start
// (TestAFileWouldHoldTheValue).
package crash

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime/debug"
)

// Watch starts the program once more, with these arguments, to read how this one ends; there [Folder.Read] is to be
// called with the standard input. It catches what no recover does: panics of any goroutine, and Go's fatal errors.
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
	go func() { _ = watcher.Wait() }() // should it end first, no trace of it stays
	if _, err := fmt.Fprintf(write, "%s%x\n", offsetLine, landmark()); err != nil {
		return fmt.Errorf("tell the watcher: %w", err)
	}
	debug.SetTraceback("system") // else there are no numbers, and the runtime's own calls are left out
	if err := debug.SetCrashOutput(write, debug.CrashOptions{}); err != nil {
		return fmt.Errorf("set the crash output: %w", err)
	}
	return nil
}

// offsetLine begins the first line in the pipe.
const offsetLine = "landmark "

// landmark is where this function is in memory. The same program may be elsewhere in each process; the difference is that
// of everything in it.
func landmark() uint64 { return uint64(reflect.ValueOf(landmark).Pointer()) }
