package connector_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// BenchmarkConnectEach connects many organizations of one key on the real Secret Service, which has to be one of its own:
//
//	scripts/with-keyring go test ./connector -run '^$' -bench ConnectEach -benchtime 1x -timeout 30m
//
// It tells how many calls of the keychain a connection takes (calls/one), how long connecting it takes (ms/one), and how many times as long that
// is as with a keychain in memory (x), which takes no time.
func BenchmarkConnectEach(b *testing.B) {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		b.Skip("skipped: there is no session bus; see above")
	}
	b.Setenv(lockVariable, filepath.Join(b.TempDir(), "lock"))
	for _, n := range []int{40, 500, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			traced := &tracer{Backend: keychain.System()}
			var real, inMemory time.Duration
			for b.Loop() {
				_ = keyring.DeleteAll(service)
				traced.calls = nil
				inMemory += connectAll(b, keychain.Memory(), n)
				real += connectAll(b, traced, n)
			}
			b.ReportMetric(float64(len(traced.calls))/float64(n), "calls/one")
			b.ReportMetric(float64(real.Milliseconds())/float64(b.N*n), "ms/one")
			b.ReportMetric(float64(real)/float64(inMemory), "x")
		})
	}
}

// connectAll connects so many organizations, and returns how long that takes.
func connectAll(b *testing.B, k keychain.Backend, n int) time.Duration {
	b.Helper()
	s := jumpcloudtest.New(theMSP(n))
	defer s.Close()
	c, done := onSystem(k, s), 0
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.Region = "us"
	began := time.Now()
	err := c.ConnectEach(b.Context(), credentials, someClients(n), func(one connector.Connected) {
		if one.Err == nil {
			done++
		}
	})
	if err != nil || done != n {
		b.Fatalf("%d of %d are connected: %v", done, n, err)
	}
	return time.Since(began)
}
