// Firstframe starts a program and prints how many milliseconds pass until its window shows something, for scripts/measure, and how many
// milliseconds of a processor its threads have taken by then: these depend less on what else runs. With -type it
// then types a key, and prints how many pass until that shows. It looks every millisecond or two: the X server copies pixels
// of the window to it, which takes a fraction of that.
//
//	firstframe [-type WIDTHxHEIGHT+X+Y] WIDTHxHEIGHT+X+Y COMMAND…
//
// The area is the part of the window that is looked at. It shows something once it has more than 24 colours: text alone has dozens, what is
// there before has one. Then it ends the program.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

const (
	// pause is how long it waits between two looks, so that it takes little of the processor from what is measured.
	pause = time.Millisecond
	// wait is how long it waits for what it looks for.
	wait = time.Minute
	// blank is the most colours of a part that shows nothing.
	blank = 24
)

func main() {
	typed := flag.String("type", "", "the part of the window that shows a typed key")
	flag.Parse()
	if err := run(flag.Args(), *typed); err != nil {
		fmt.Fprintln(os.Stderr, "firstframe:", err)
		os.Exit(1)
	}
}

func run(args []string, typed string) error {
	if len(args) < 2 {
		return errors.New("usage: firstframe [-type AREA] AREA COMMAND…")
	}
	frame, err := areaOf(args[0])
	if err != nil {
		return err
	}
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		return err
	}
	defer conn.Close()
	program := exec.Command(args[1], args[2:]...)
	began := time.Now()
	if err := program.Start(); err != nil {
		return err
	}
	defer func() {
		_ = program.Process.Signal(syscall.SIGTERM)
		_ = program.Wait()
	}()
	l := looker{conn: conn, pid: uint32(program.Process.Pid)}
	if err := l.until(func() bool { return colours(l.look(frame)) > blank }); err != nil {
		return err
	}
	fmt.Print(time.Since(began).Milliseconds(), " ", processor(program.Process.Pid).Milliseconds())
	if typed != "" {
		if err := l.typeInto(typed); err != nil {
			return err
		}
		fmt.Print(" ", time.Since(began).Milliseconds())
	}
	fmt.Println()
	return nil
}

// processor returns the time that the threads of a process have run; 0 where the system does not tell.
//
// Source: Documentation/scheduler/sched-stats.rst of Linux: the first number of schedstat, in nanoseconds.
func processor(pid int) (took time.Duration) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, thread := range threads {
		var ran int64
		if stat, err := os.ReadFile(thread); err == nil {
			_, _ = fmt.Sscan(string(stat), &ran)
		}
		took += time.Duration(ran)
	}
	return took
}

// area is a part of a window, in pixels.
type area struct {
	x, y          int16
	width, height uint16
}

func areaOf(s string) (a area, err error) {
	if _, err = fmt.Sscanf(s, "%dx%d+%d+%d", &a.width, &a.height, &a.x, &a.y); err != nil {
		err = fmt.Errorf("%q is no area such as 500x300+300+0: %w", s, err)
	}
	return a, err
}

// looker looks at the window of a process.
type looker struct {
	conn   *xgb.Conn
	pid    uint32
	window xproto.Window // 0 until it is known
}

// until looks until there is what is looked for.
func (l *looker) until(there func() bool) error {
	for end := time.Now().Add(wait); !there(); time.Sleep(pause) {
		if time.Now().After(end) {
			return errors.New("the window does not show what is waited for")
		}
	}
	return nil
}

// look returns the pixels of a part of the window, four bytes each; none while there is no window.
func (l *looker) look(a area) []byte {
	if l.window == 0 {
		if l.window = l.find(); l.window == 0 {
			return nil
		}
	}
	image, err := xproto.GetImage(l.conn, xproto.ImageFormatZPixmap, xproto.Drawable(l.window), a.x, a.y, a.width, a.height, 1<<32-1).Reply()
	if err != nil { // it is not shown yet, or has another size
		return nil
	}
	return image.Data
}

// find finds the process's window among those that the window manager has on the screen; 0 if it is not there.
func (l *looker) find() xproto.Window {
	root := xproto.Setup(l.conn).DefaultScreen(l.conn).Root
	for _, window := range l.values(root, "_NET_CLIENT_LIST") {
		if pid := l.values(xproto.Window(window), "_NET_WM_PID"); len(pid) == 1 && pid[0] == l.pid {
			return xproto.Window(window)
		}
	}
	return 0
}

// values reads a property that is a list of numbers.
func (l *looker) values(window xproto.Window, property string) (all []uint32) {
	atom, err := xproto.InternAtom(l.conn, false, uint16(len(property)), property).Reply()
	if err != nil {
		return nil
	}
	reply, err := xproto.GetProperty(l.conn, false, window, atom.Atom, xproto.GetPropertyTypeAny, 0, 1<<10).Reply()
	if err != nil || reply.Format != 32 {
		return nil
	}
	for rest := reply.Value; len(rest) >= 4; rest = rest[4:] {
		all = append(all, xgb.Get32(rest))
	}
	return all
}

// colours counts how many colours there are, at most one more than what counts as blank.
func colours(pixels []byte) int {
	seen := make(map[uint32]bool, blank+1)
	var last uint32
	for ; len(pixels) >= 4 && len(seen) <= blank; pixels = pixels[4:] {
		if pixel := xgb.Get32(pixels); pixel != last || len(seen) == 0 { // most are like the one before
			last, seen[pixel] = pixel, true
		}
	}
	return len(seen)
}

// typeInto types until this part of the window shows it: again every two seconds, for the window may not have had the keyboard.
func (l *looker) typeInto(part string) error {
	field, err := areaOf(part)
	if err != nil {
		return err
	}
	empty, next := l.look(field), time.Now()
	var typing error
	err = l.until(func() bool {
		if time.Now().After(next) {
			typing, next = exec.Command("xdotool", "type", "--delay", "0", "xxx").Run(), next.Add(2*time.Second)
		}
		return typing != nil || !bytes.Equal(l.look(field), empty)
	})
	return errors.Join(typing, err)
}
