package keychain

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// listenAs listens on a socket, and does this with whoever connects. It returns the bus address of the socket.
func listenAs(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "bus") // shorter than t.TempDir, for the path of a socket has its limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	path := filepath.Join(folder, "bus")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			do(c)
			c.Close()
		}
	}()
	return "unix:path=" + path
}

// answering answers each line that comes with this one, as a bus does before it lets a program in.
func answering(line string) func(net.Conn) {
	return func(c net.Conn) {
		lines := bufio.NewScanner(c)
		for lines.Scan() {
			fmt.Fprintf(c, "%s\r\n", line)
		}
	}
}

// TestNoBus has addresses at which there is no session bus that can be used. Each says so, and no bus is started.
func TestNoBus(t *testing.T) {
	if bus := fmt.Sprintf("/run/user/%d/bus", os.Getuid()); exists(bus) {
		t.Skipf("the D-Bus library would find %s, which is not this test's", bus)
	}
	if isBusKnown() {
		t.Skip("skipped: this process may be connected to a bus already")
	}
	// A program dbus-launch that notes that it was started, in place of a real one, which would leave a daemon behind.
	folder := t.TempDir()
	started := filepath.Join(folder, "started")
	launch := "#!/bin/sh\n: >" + started + "\necho DBUS_SESSION_BUS_ADDRESS=unix:path=" + folder + "/none\n"
	if err := os.WriteFile(filepath.Join(folder, "dbus-launch"), []byte(launch), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(folder, "dead")
	if l, err := net.ListenUnix("unix", &net.UnixAddr{Name: dead, Net: "unix"}); err == nil {
		l.SetUnlinkOnClose(false)
		l.Close()
	}
	for name, address := range map[string]string{
		"not set":            "",
		"to be launched":     "autolaunch:",
		"launched elsewhere": "autolaunch:scope=install-path",
		"disabled":           "disabled:",
		"a device":           "/dev/null",
		"a device's path":    "unix:path=/dev/null",
		"a file's":           "unix:path=" + file,
		"a folder's":         "unix:path=" + folder,
		"no such path":       "unix:path=" + folder + "/none",
		"nobody listens":     "unix:path=" + dead,
		"no such name":       "unix:abstract=/tmp/dbus-TEST-none",
		"no path":            "unix:",
		"two paths":          "unix:path=/a,abstract=b",
		"for servers":        "unix:tmpdir=/tmp",
		"a program":          "unixexec:path=/bin/false",
		"no port":            "tcp:host=localhost",
		"a closed port":      "tcp:host=127.0.0.1,port=1",
		"some":               "disabled:;unix:path=" + folder + "/none;tcp:",
		"blanks":             "   ",
		"garbage":            "\x01\x02 garbage",
		"a long path":        "unix:path=/" + strings.Repeat("x", 300),
		"hangs up":           listenAs(t, func(net.Conn) {}),
		"says nothing known": listenAs(t, answering("HELLO")),
		"lets nobody in":     listenAs(t, answering("REJECTED EXTERNAL")),
		"offers nothing":     listenAs(t, answering("REJECTED")),
		"answers http":       listenAs(t, answering("HTTP/1.1 400 Bad Request")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(busVariable, address)
			k := New(System(), testService, WithTimeouts(time.Second, 20*time.Second))
			for range 3 {
				_, err := k.Get(t.Context(), "key/1")
				failed(t, err, ErrNoService, "")
			}
			NoNewBus()
			if now := os.Getenv(busVariable); now == "" || now == "autolaunch:" {
				t.Errorf("other libraries would start a bus, at %q", now)
			}
			if exists(started) {
				t.Fatal("a bus was started")
			}
		})
	}
}
