package secret

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A process protects itself, and looks at what the system then says of it.
func TestProtectProcess(t *testing.T) {
	if os.Getenv("SECRET_TEST_PROTECT") == "1" {
		ProtectProcess()
		dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		limits, _ := os.ReadFile("/proc/self/limits")
		for line := range strings.Lines(string(limits)) {
			if f := strings.Fields(line); strings.HasPrefix(line, "Max core file size") && (f[4] != "0" || f[5] != "0") {
				t.Error(line)
			}
		}
		if err != nil || dumpable != 0 || len(limits) == 0 {
			t.Errorf("it can be dumped: %d, %v", dumpable, err)
		}
		return
	}
	process := exec.Command(os.Args[0], "-test.run=^TestProtectProcess$", "-test.v")
	process.Env = append(os.Environ(), "SECRET_TEST_PROTECT=1")
	if out, err := process.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
