package connector_test

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// How often processes that connect many are killed, and how many organizations they connect. More of both, with a line for every 20 kills:
//
//	go test ./connector -run TestProcesses/connecting -timeout 0 -v -connect-kills 1000 -connect-organizations 500
var (
	connectKills  = flag.Int("connect-kills", 40, "TestProcesses: how often to kill processes that connect many")
	connectedMany = flag.Int("connect-organizations", 25, "TestProcesses: how many organizations these connect")
)

const (
	// killsAKeyring is how many are killed with one keyring: gnome-keyring keeps about 1 MB of memory for each, with 500 organizations.
	killsAKeyring = 100
	// longestLife is how much such a process tells of at most before it is killed: of about 25 organizations. So one connect of many
	// is killed and resumed many times, at any part of its way.
	longestLife = 50
	// saidSaved is what it writes for each connection that is said to be saved. For each write to the keychain it writes 1.
	saidSaved = 2
)

// msp is the world of the key that opens many.
func msp(t *testing.T, organizations int) *jumpcloudtest.Server {
	s := jumpcloudtest.New(theMSP(organizations))
	t.Cleanup(s.Close)
	return s
}

// connectMany connects so many organizations, and tells of each that is said to be saved.
func connectMany(t *testing.T, b keychain.Backend, number string) error {
	organizations, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.Region = "us"
	return onSystem(b, msp(t, organizations)).ConnectEach(t.Context(), credentials, someClients(organizations), func(one connector.Connected) {
		if one.Err != nil {
			t.Error(one.Err)
		} else if !one.Already {
			_, _ = syscall.Write(3, []byte{saidSaved})
		}
	})
}

// connectingKilled kills processes that connect many at random moments. What was said to be saved is there each time, with its key, and the
// next process goes on from there.
func connectingKilled(t *testing.T) {
	var kills, organizations int
	var seed uint64
	if _, err := fmt.Sscan(os.Getenv(connectVariable), &kills, &organizations, &seed); err != nil {
		t.Fatal(err)
	}
	dice, c := rand.New(rand.NewPCG(14, seed)), onSystem(keychain.System(), msp(t, organizations))
	kept, done, resumed, rounds, known := 0, 0, 0, 0, make(map[string]bool)
	for tries := 0; done < kills && !t.Failed() && tries < 10*kills; tries++ {
		said, killed := connectAndKill(t, organizations, dice.IntN(longestLife))
		all := keptWithKeys(t, c, known)
		if len(all) < kept+said {
			t.Fatalf("%d connections, although %d were kept and %d said to be saved", len(all), kept, said)
		}
		if kept > 0 && said > 0 {
			resumed++
		}
		if kept = len(all); kept >= organizations {
			completed(t, c, kept, organizations)
			kept, rounds, known = 0, rounds+1, make(map[string]bool)
		}
		if killed {
			if done++; done%20 == 0 {
				t.Logf("%s: %d killed, nothing lost; %d went on where another was killed; %d times all were connected; %d are kept now; the keyring takes %s",
					time.Now().Format(time.TimeOnly), done, resumed, rounds, kept, keyringMemory(t))
			}
		}
	}
	if done < kills || resumed < kills/10 {
		t.Errorf("%d processes were killed, and %d went on where another was killed", done, resumed)
	}
	t.Logf("%d processes that connect were killed; %d went on where another was killed", done, resumed)
	reset(t)
}

// keptWithKeys lists what is kept. All of it works, and what is not known yet has its key, as the first one still has, which is that of all.
func keptWithKeys(t *testing.T, c *connector.Connector, known map[string]bool) []connector.Connection {
	t.Helper()
	all, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, one := range all {
		if !one.Report.Usable() {
			t.Fatalf("%s has lost its report: %s", one.Name, one.Trouble)
		}
		if i > 0 && known[one.ID] {
			continue
		}
		known[one.ID] = true
		if key, err := c.APIKey(t.Context(), one.ID); err != nil || key.Reveal() != jumpcloudtest.SampleMultiTenantKey {
			t.Fatalf("%s has lost its key: %v", one.Name, err)
		}
	}
	return all
}

// completed looks closely at what is kept once all are connected, and removes it.
func completed(t *testing.T, c *connector.Connector, kept, organizations int) {
	t.Helper()
	keptWithKeys(t, c, make(map[string]bool))
	if kept > organizations {
		t.Fatalf("%d connections to %d organizations", kept, organizations)
	}
	if _, err := c.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	nothingOrphaned(t, kept, 1)
	reset(t)
}

// keyringMemory returns the resident memory of the program that keeps the keyring.
func keyringMemory(t *testing.T) string {
	t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	var pid uint32
	if err := bus.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.secrets").Store(&pid); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	line, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(line)
}

// connectAndKill starts a process that connects many, and kills it after it has told so often of what it does. It returns how many
// connections were said to be saved, and whether the process lived until then.
func connectAndKill(t *testing.T, organizations, after int) (said int, killed bool) {
	t.Helper()
	tells, told, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer tells.Close()
	p, out := startTelling(t, fmt.Sprintf("connect %d", organizations), -1, told)
	told.Close()
	for one := make([]byte, 1); ; after-- {
		if after == 0 {
			_ = p.Process.Kill()
		}
		if _, err := io.ReadFull(tells, one); err != nil {
			return said, finish(t, p, out)
		}
		if one[0] == saidSaved {
			said++
		}
	}
}
