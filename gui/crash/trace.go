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

// trace is what is taken from a crash.
type trace struct {
	kind  string   // one of our own words
	calls []string // the innermost first: function, file, line
}

// maxCalls are kept. An endless recursion has more.
const maxCalls = 64

// kinds are the beginnings of what Go's runtime says itself. The rest of a line may be anything, and is dropped.
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

// fatal is the kind where the runtime prints its words before it writes to the pipe. Its own calls say what it was.
const fatal = "fatal error"

// leftOut follows where a kind is the beginning of words that are not repeated.
const leftOut = "(its words are left out)"

// counter is the program counter at the end of a call's line.
var counter = regexp.MustCompile(`^\t.* pc=0x([0-9a-f]{1,16})$`)

// parse takes from what a dying program wrote what can be told of it. Without a kind, it has ended without dying.
//
// A line that a panic's value brings begins with a tab, so that it is none of the runtime's: the value can forge nothing.
func parse(text string) (trace, error) {
	first, rest, _ := strings.Cut(text, "\n")
	theirs, err := strconv.ParseUint(strings.TrimPrefix(first, offsetLine), 16, 64)
	if err != nil || !strings.HasPrefix(first, offsetLine) {
		return trace{}, errors.New("this does not come from the program") // and is not repeated
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
		if goroutine { // the first is the one that died
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

// counters reads where a goroutine was, the innermost call first, up to the empty line that ends it, and moves it to where
// the same is in this process.
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
			at++ // what traps is no call, whose counter is that of the next instruction
		}
		found, callee = append(found, uintptr(at)), function
	}
	return found
}

// calls names the places in the program's own words: function, file without its folders, line.
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
