package connector_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// BenchmarkStore lists, saves and removes connections on the real Secret Service, and makes the same calls of go-keyring
// alone beside it, in the same state of the keyring. It needs one of its own:
//
//	scripts/with-keyring go test ./connector -run '^$' -bench Store -benchtime 5x
//
// For each of list, save and remove it tells how many calls of the keychain that took (calls), how long (ms), and how many
// times as long as the calls alone (x).
func BenchmarkStore(b *testing.B) {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		b.Skip("skipped: there is no session bus; see above")
	}
	for _, n := range []int{1, 100, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkStore(b, n) })
	}
}

func benchmarkStore(b *testing.B, n int) {
	s := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	b.Cleanup(s.Close)
	credentials, report := populate(b, s, n)
	report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(900_000), Name: "One more client"}
	b.Setenv(lockVariable, filepath.Join(b.TempDir(), "lock"))
	traced := &tracer{Backend: keychain.System()}
	c := onSystem(traced, s)
	sums := make(map[string]*sum)
	for _, what := range []string{"list", "save", "remove"} {
		sums[what] = &sum{}
	}
	for b.Loop() {
		sums["list"].ours(b, traced, func() error {
			all, err := c.Connections(b.Context(), nil)
			if len(all) != n {
				b.Fatalf("%d connections, want %d", len(all), n)
			}
			return err
		})
		sums["list"].alone(b)
		var saved connector.Connection
		sums["save"].ours(b, traced, func() (err error) {
			saved, err = c.Save(b.Context(), "", credentials, report)
			return err
		})
		sums["remove"].ours(b, traced, func() error { return c.Remove(b.Context(), saved.ID) })
		sums["save"].alone(b) // now that it is gone again
		sums["remove"].alone(b)
	}
	for what, s := range sums {
		b.ReportMetric(float64(len(s.calls)), what+"-calls")
		b.ReportMetric(float64(s.with.Milliseconds())/float64(b.N), what+"-ms")
		b.ReportMetric(float64(s.with)/float64(s.without), what+"-x")
	}
}

// sum adds up what one thing takes, with our code and with the calls alone.
type sum struct {
	with, without time.Duration
	calls         []func() error // those of the last time
}

func (s *sum) ours(b *testing.B, t *tracer, do func() error) {
	b.Helper()
	t.calls = nil
	began := time.Now()
	if err := do(); err != nil {
		b.Fatal(err)
	}
	s.with += time.Since(began)
	s.calls = t.calls
}

// alone makes the calls of the last time again, without our code.
func (s *sum) alone(b *testing.B) {
	b.Helper()
	began := time.Now()
	for _, call := range s.calls {
		if err := call(); err != nil && err != keyring.ErrNotFound {
			b.Fatal(err)
		}
	}
	s.without += time.Since(began)
}

// tracer notes the calls of the keychain, as calls of go-keyring.
type tracer struct {
	keychain.Backend
	calls []func() error
}

func (t *tracer) Get(service, user string) (string, error) {
	t.calls = append(t.calls, func() error { _, err := keyring.Get(service, user); return err })
	return t.Backend.Get(service, user)
}

func (t *tracer) Set(service, user, text string) error {
	t.calls = append(t.calls, func() error { return keyring.Set(service, user, text) })
	return t.Backend.Set(service, user, text)
}

func (t *tracer) Delete(service, user string) error {
	t.calls = append(t.calls, func() error { return keyring.Delete(service, user) })
	return t.Backend.Delete(service, user)
}

// populate replaces what is in the system keychain by n connections with one key, as an MSP has them. It copies real
// ones: to save thousands takes minutes.
func populate(b *testing.B, s *jumpcloudtest.Server, n int) (check.Credentials, check.Report) {
	b.Helper()
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100))
	k := newRecorder()
	c := newConnector(k, s)
	crowd(b, c, 20)
	report := c.Validate(b.Context(), credentials, ignore)
	manyOf(b, k, n)
	_ = keyring.DeleteAll(service)
	for user, text := range k.entries {
		if err := keyring.Set(service, user, text); err != nil {
			b.Fatal(err)
		}
	}
	return credentials, report
}

// manyOf makes a keychain with n connections out of one with some pages: copies of its first page, with other ids and names.
func manyOf(b *testing.B, k *recorder, n int) {
	b.Helper()
	var record map[string]any
	if err := json.Unmarshal(recordOf(b, k.entries["connections/0"]), &record); err != nil {
		b.Fatal(err)
	}
	template := record["connections"].([]any)
	last := (n - 1) / len(template)
	for page := range last + 1 {
		var all []any
		for i := page * len(template); i < min(n, (page+1)*len(template)); i++ {
			one := maps.Clone(template[i%len(template)].(map[string]any))
			report := maps.Clone(one["report"].(map[string]any))
			one["id"] = strings.ToLower(rand.Text()[:10])
			one["organization"], one["name"] = jumpcloudtest.OrganizationID(1000+i), fmt.Sprintf("Client %04d & Partners Ltd", i)
			one["organizationName"], one["report"] = one["name"], report
			report["organization"] = map[string]any{"id": one["organization"], "name": one["name"]}
			all = append(all, one)
		}
		record["connections"] = all
		putRecord(b, k, fmt.Sprintf("connections/%d", page), record)
	}
	putRecord(b, k, "index", map[string]any{"schema": 1, "pages": last + 1, "keys": 1})
	for page := last + 1; k.entries[fmt.Sprintf("connections/%d", page)] != ""; page++ {
		delete(k.entries, fmt.Sprintf("connections/%d", page))
	}
}

// BenchmarkRotate replaces the key of all connections on the real Secret Service, as [BenchmarkStore] does other things. It tells how many
// calls of the keychain that took, and how long; and how long it took to try the key on all organizations, of a simulator on loopback.
func BenchmarkRotate(b *testing.B) {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		b.Skip("skipped: there is no session bus; see BenchmarkStore")
	}
	for _, n := range []int{1, 100, 500, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkRotate(b, n) })
	}
}

func benchmarkRotate(b *testing.B, n int) {
	world := jumpcloudtest.SampleWorld()
	former := &world.Keys[slices.IndexFunc(world.Keys, func(k jumpcloudtest.Key) bool { return k.Value == jumpcloudtest.SampleMultiTenantKey })]
	for i := range n {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: fmt.Sprintf("Client %04d & Partners Ltd", i), People: 20, Systems: 20}
		world.Organizations, former.Organizations = append(world.Organizations, o), append(former.Organizations, o.ID)
	}
	s := jumpcloudtest.New(world)
	b.Cleanup(s.Close)
	s.AddKey(jumpcloudtest.SampleMultiTenantKey, nextMSPKey)
	populate(b, s, n)
	traced := &tracer{Backend: keychain.System()}
	c := newConnector(traced, s)
	next, tried, replaced := []string{nextMSPKey, jumpcloudtest.SampleMultiTenantKey}, time.Duration(0), time.Duration(0)
	for i := 0; b.Loop(); i++ {
		all, err := c.Connections(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		r := connector.RotationOf(all, check.KeyInRegion{Region: all[0].Region, KeyID: all[0].KeyID})
		trial, err := c.TryKey(b.Context(), r, with(next[i%2]), connector.Trial{}, ignore, func(connector.Tried) {})
		tried += time.Since(began)
		began, traced.calls = time.Now(), nil
		rotated, failed := c.Rotate(b.Context(), trial)
		replaced += time.Since(began)
		if err != nil || failed != nil || len(rotated) != n {
			b.Fatalf("%d of %d, %v, %v", len(rotated), n, err, failed)
		}
	}
	b.ReportMetric(float64(len(traced.calls)), "calls")
	b.ReportMetric(float64(replaced.Milliseconds())/float64(b.N), "ms")
	b.ReportMetric(float64(tried.Milliseconds())/float64(b.N), "trial-ms")
}
