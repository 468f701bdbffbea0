package connector_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
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

// populate replaces what is in the system keychain by n connections with one key, as an MSP has them. It copies a real one:
// to save thousands takes minutes.
func populate(b *testing.B, s *jumpcloudtest.Server, n int) (check.Credentials, check.Report) {
	b.Helper()
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100))
	one := newRecorder()
	c := newConnector(one, s)
	report := c.Validate(b.Context(), credentials, ignore)
	if _, err := c.Save(b.Context(), "", credentials, report); err != nil {
		b.Fatal(err)
	}
	_ = keyring.DeleteAll(service)
	for user, text := range manyOf(b, one, n).entries {
		if err := keyring.Set(service, user, text); err != nil {
			b.Fatal(err)
		}
	}
	return credentials, report
}

// manyOf is a keychain with n connections like the one in the template, twenty on a shelf and four reports in a bin.
func manyOf(b *testing.B, template *recorder, n int) *recorder {
	b.Helper()
	many := &recorder{entries: maps.Clone(template.entries)} // with the key, and its name in the index
	from, to := keychain.New(template, service), keychain.New(many, service)
	var shelf struct{ Connections []map[string]any }
	var bin struct{ Reports map[string]map[string]any }
	read(b, from, "connections/0", &shelf)
	read(b, from, "reports/0", &bin)
	one := shelf.Connections[0]
	shelves, bins := make(map[int][]any), make(map[int]map[string]any)
	for i := range n {
		organization := map[string]any{"id": jumpcloudtest.OrganizationID(1000 + i), "name": fmt.Sprintf("Client %04d & Partners Ltd", i)}
		id := fmt.Sprintf("report%06d", i)
		report := copyWith(bin.Reports[one["report"].(string)], map[string]any{"organization": organization})
		shelves[i/20] = append(shelves[i/20], copyWith(one, map[string]any{"place": i, "name": organization["name"], "organization": organization, "report": id}))
		if bins[i/4] == nil {
			bins[i/4] = make(map[string]any)
		}
		bins[i/4][id] = report
	}
	for i, all := range shelves {
		write(b, to, fmt.Sprintf("connections/%d", i), map[string]any{"schema": 2, "connections": all})
	}
	for i, all := range bins {
		write(b, to, fmt.Sprintf("reports/%d", i), map[string]any{"schema": 2, "reports": all})
	}
	return many
}

func copyWith(of, changed map[string]any) map[string]any {
	all := maps.Clone(of)
	maps.Copy(all, changed)
	return all
}

func read(b *testing.B, k *keychain.Keychain, name string, record any) {
	b.Helper()
	value, err := k.Get(b.Context(), name)
	if err == nil {
		err = json.Unmarshal(inflated(b, value), record)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func write(b *testing.B, k *keychain.Keychain, name string, record any) {
	b.Helper()
	if err := k.Put(b.Context(), name, deflated(b, record)); err != nil {
		b.Fatal(err)
	}
}
