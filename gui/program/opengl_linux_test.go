package program

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestWithoutOpenGL starts the app without OpenGL, as in some virtual machines. The app must say so, and end.
func TestWithoutOpenGL(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		t.Run("no OpenGL", func(t *testing.T) {
			saysWhyNoWindow(t, "OpenGL 2.1", os.Environ(), closeMessage, app, "--demo")
		})
		t.Run("no screen", func(t *testing.T) {
			var env []string
			for _, variable := range os.Environ() {
				if name, _, _ := strings.Cut(variable, "="); name != "DISPLAY" {
					env = append(env, variable)
				}
			}
			saysWhyNoWindow(t, "no screen can be reached", env, nil, app, "--demo")
		})
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "xmessage")
	insideOf(t, []string{insideVar + "=" + buildApp(t), "OPENGL=no"}, "scripts/with-display")
}

// saysWhyNoWindow starts the app with the command. It must say why it has no window, and end. If it also shows a message, see looks at
// that.
func saysWhyNoWindow(t *testing.T, why string, env []string, see func(*testing.T), command ...string) {
	t.Helper()
	program := exec.Command(command[0], command[1:]...)
	program.Env = append(env, "LC_ALL=", "LANG=en_US.UTF-8")
	var out, errs bytes.Buffer
	program.Stdout, program.Stderr = &out, &errs
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	ended := time.AfterFunc(60*time.Second, func() { _ = program.Process.Kill() })
	defer ended.Stop()
	if see != nil {
		see(t)
	}
	_ = program.Wait()
	if code := program.ProcessState.ExitCode(); code != 2 || out.Len() > 0 || !strings.Contains(errs.String(), why) {
		t.Errorf("it ends with %d, prints %q and complains\n%s", code, &out, &errs)
	}
	for _, crude := range []string{"panic", "goroutine", "Fyne error"} {
		if strings.Contains(errs.String(), crude) {
			t.Errorf("it says %q to people", crude)
		}
	}
}

// closeMessage waits for the message and presses Return.
func closeMessage(t *testing.T) {
	t.Helper()
	d := &desk{t: t}
	d.until("there is a message", func() bool {
		out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^ControlMap Connect for JumpCloud$").Output()
		d.window = strings.TrimSpace(string(out))
		return d.window != ""
	})
	d.run("xdotool", "windowactivate", "--sync", d.window)
	d.key("Return")
}
