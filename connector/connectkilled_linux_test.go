package connector_test

import (
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

const (
	// connectKills is how often a process that connects many is killed.
	connectKills = 40
	// connectedAtOnce is how many organizations it connects.
	connectedAtOnce = 25
	// saidSaved is what it writes for each connection that is said to be saved. For each write to the keychain it writes 1.
	saidSaved = 2
)

// connectMany connects organizations, and tells of each that is said to be saved.
func connectMany(t *testing.T, c *connector.Connector, _ ...string) error {
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.Region = "us"
	return c.ConnectEach(t.Context(), credentials, someClients(connectedAtOnce), func(one connector.Connected) {
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
	kills, err := strconv.Atoi(os.Getenv(connectVariable))
	if err != nil {
		t.Fatal(err)
	}
	dice, c := rand.New(rand.NewPCG(1, 14)), onSystem(keychain.System(), world(t))
	kept, done, resumed := 0, 0, 0
	for tries := 0; done < kills && !t.Failed() && tries < 10*kills; tries++ {
		said, killed := connectAndKill(t, dice.IntN(2*connectedAtOnce))
		if killed {
			done++
		}
		all, err := c.Connections(t.Context(), nil)
		if err != nil || len(all) < kept+said {
			t.Fatalf("%d connections, although %d were kept and %d said to be saved: %v", len(all), kept, said, err)
		}
		for _, one := range all {
			if key, err := c.APIKey(t.Context(), one.ID); err != nil || key.Reveal() != jumpcloudtest.SampleMultiTenantKey || !one.Report.Usable() {
				t.Fatalf("%s has lost its key or its report: %v", one.Name, err)
			}
		}
		if kept > 0 && said > 0 {
			resumed++
		}
		if kept = len(all); kept < connectedAtOnce {
			continue
		}
		if kept > connectedAtOnce {
			t.Fatalf("%d connections to %d organizations", kept, connectedAtOnce)
		}
		if _, err := c.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		nothingOrphaned(t, kept, 1)
		reset(t)
		kept = 0
	}
	if done < kills || resumed < kills/10 {
		t.Errorf("%d processes were killed, and %d went on where another was killed", done, resumed)
	}
	t.Logf("%d processes that connect were killed; %d went on where another was killed", done, resumed)
	reset(t)
}

// connectAndKill starts a process that connects many, and kills it after it has told so often of what it does. It returns how many
// connections were said to be saved, and whether the process lived until then.
func connectAndKill(t *testing.T, after int) (said int, killed bool) {
	t.Helper()
	tells, told, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer tells.Close()
	p, out := startTelling(t, "connect", -1, told)
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
