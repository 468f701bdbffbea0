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
	"controlmap-jumpcloud/connector/secret"
)

// BenchmarkConnectEach connects many organizations of one key on the real Secret Service, which has to be one of its own:
//
//	scripts/with-keyring go test ./connector -run '^$' -bench ConnectEach -benchtime 1x -timeout 30m
//
// It tells how many calls of the keychain a connection takes (calls/one), how long connecting it takes (ms/one), and how many times as long that
// is as with a keychain in memory (x), which takes no time. For comparison, it tells how many calls a connection takes if each is saved by
// itself, as the form does (calls/one-by-one); not for 1,000, for which that takes long.
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
			if n <= 500 {
				b.ReportMetric(float64(savedOneByOne(b, n))/float64(n), "calls/one-by-one")
			}
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

// savedOneByOne counts the calls of the keychain for so many connections, each saved by itself.
func savedOneByOne(b *testing.B, n int) int {
	b.Helper()
	s := jumpcloudtest.New(theMSP(n))
	defer s.Close()
	k := newRecorder()
	c := onSystem(k, s)
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100))
	report := c.Validate(b.Context(), credentials, ignore)
	for _, o := range someClients(n) {
		report.Organization = o
		if _, err := c.Save(b.Context(), "", credentials, report); err != nil {
			b.Fatal(err)
		}
	}
	return k.calls
}
