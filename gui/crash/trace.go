package crash

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// trace is what a report holds of a crash.
type trace struct {
	kind  string   // one of kinds, or fatal; empty if the program did not crash
	calls []string // the innermost first: function, file, line
}

// maxCalls is how many calls a report holds. An endless recursion has more.
const maxCalls = 64

// kinds lists how lines of Go's runtime about a crash begin. The rest of such a line is dropped, because it may hold anything.
var kinds = []string{
	"panic: assignment to entry in nil map",
	"panic: close of closed channel",
	"panic: close of nil channel",
	"panic: interface conversion",
	"panic: runtime error: comparing uncomparable type",
	"panic: runtime error: hash of unhashable type",
	"panic: runtime error: index out of range",
	"panic: runtime error: integer divide by zero",
	"panic: runtime error: invalid memory address or nil pointer dereference",
	"panic: runtime error: makeslice: len out of range",
	"panic: runtime error: slice bounds out of range",
	"panic: send on closed channel",
	"panic: sync: negative WaitGroup counter",
	"panic: ",
	"SIGABRT: abort",
	"SIGQUIT: quit",
	"SIGSEGV: segmentation violation",
}

// fatal is the kind of crashes whose words the runtime does not write to the pipe. The calls show what happened.
const fatal = "fatal error"

// leftOut replaces words that are not repeated.
const leftOut = "(its words are left out)"

// counter matches the line of a call, with its program counter at the end.
var counter = regexp.MustCompile(`^\t.* pc=0x([0-9a-f]{1,16})$`)

// parse returns the trace in a program's last text.
//
// Go's runtime indents the lines of a panic's value with a tab, so the value cannot forge a line of the runtime.
func parse(text string) (trace, error) {
	first, rest, _ := strings.Cut(text, "\n")
	theirs, err := strconv.ParseUint(strings.TrimPrefix(first, offsetLine), 16, 64)
	if err != nil || !strings.HasPrefix(first, offsetLine) {
		return trace{}, errors.New("the text is not from the program") // without the text
	}
	lines := strings.Split(rest, "\n")
	t := trace{}
	for i, line := range lines {
		goroutine := strings.HasPrefix(line, "goroutine ")
		switch {
		case goroutine || strings.HasPrefix(line, "runtime stack:"):
			t.calls = append(t.calls, calls(counters(lines[i+1:], landmark()-theirs))...)
			if t.kind == "" {
				t.kind = fatal
			}
		case t.kind == "":
			t.kind = kindOf(line)
		}
		if goroutine { // the first one crashed
			break
		}
	}
	return t, nil
}

func kindOf(line string) string {
	for _, kind := range kinds {
		switch {
		case !strings.HasPrefix(line, kind):
		case strings.HasSuffix(kind, ": "):
			return kind + leftOut
		default:
			return kind
		}
	}
	return ""
}

// counters returns the program counters of a goroutine's calls, the innermost first. Its lines end at an empty line. Shift is added
// to each counter, to get the counter in this process.
func counters(lines []string, shift uint64) (found []uintptr) {
	function, callee := "", ""
	for _, line := range lines {
		if line == "" || strings.HasPrefix(line, "created by ") || len(found) == maxCalls {
			break
		}
		match := counter.FindStringSubmatch(line)
		if match == nil {
			function, _, _ = strings.Cut(line, "(")
			continue
		}
		at, err := strconv.ParseUint(match[1], 16, 64)
		if err != nil {
			continue
		}
		at += shift
		if callee == "runtime.sigpanic" {
			at++ // CallersFrames expects the counter after a call, but this is the counter of the instruction that trapped
		}
		found, callee = append(found, uintptr(at)), function
	}
	return found
}

// calls returns function, file without its folders, and line of each counter.
func calls(counters []uintptr) (named []string) {
	if len(counters) == 0 {
		return nil
	}
	frames := runtime.CallersFrames(counters)
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if f.Function != "" {
			named = append(named, fmt.Sprintf("%s %s:%d", f.Function, path.Base(f.File), f.Line))
		}
	}
	return named
}
