package check_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// noon is the time that the tests' reports bear.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// impatient makes HTTP clients that retry at once.
func impatient() *http.Client {
	h := wire.NewHTTPClient()
	h.Transport.(*wire.Retry).Wait = func(context.Context, time.Duration) error { return nil }
	return h
}

// newServer starts a simulator of the sample world.
func newServer(t testing.TB) *jumpcloudtest.Server {
	t.Helper()
	return atNoon(t, jumpcloudtest.New(jumpcloudtest.SampleWorld()))
}

// pipedServer starts such a simulator without a network, for tests in a bubble of package synctest: there, waiting takes no time.
func pipedServer(t testing.TB) *jumpcloudtest.Server {
	t.Helper()
	return atNoon(t, jumpcloudtest.NewPiped(jumpcloudtest.SampleWorld()))
}

// atNoon sets the clock of a server, and closes the server in the end.
func atNoon(t testing.TB, s *jumpcloudtest.Server) *jumpcloudtest.Server {
	t.Helper()
	t.Cleanup(s.Close)
	s.SetClock(time.Until(noon))
	return s
}

// patient makes a Validator with piped servers as its regions. It waits as long as a real one.
func patient(servers ...*jumpcloudtest.Server) check.Validator {
	v := newValidator(servers...)
	v.JumpCloud.NewHTTP = func() *http.Client {
		h := wire.NewHTTPClient()
		base := h.Transport.(*wire.Retry).Base.(*http.Transport)
		base.Proxy = nil
		base.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
			i := slices.IndexFunc(servers, func(s *jumpcloudtest.Server) bool { return s.URL == "http://"+address })
			return servers[i].Dial(ctx)
		}
		return h
	}
	return v
}

// newValidator makes a Validator with the servers as its regions: r0, r1 and so on. Its clock stands at noon, and it retries at
// once.
func newValidator(servers ...*jumpcloudtest.Server) check.Validator {
	var addresses []string
	for _, s := range servers {
		addresses = append(addresses, s.URL)
	}
	return validatorOf(addresses...)
}

// validatorOf makes such a Validator with these addresses as its regions.
func validatorOf(addresses ...string) check.Validator {
	regions := []jumpcloud.Region{}
	for i, address := range addresses {
		regions = append(regions, jumpcloud.Region{ID: fmt.Sprint("r", i), Console: address})
	}
	return check.Validator{JumpCloud: jumpcloud.Factory{Regions: regions, NewHTTP: impatient, UserAgent: "test/1"},
		Now: func() time.Time { return noon }}
}

// withLimits gives a Validator other time limits.
func withLimits(v check.Validator, one, all time.Duration) check.Validator {
	v.CheckLimit, v.Limit = one, all
	return v
}

// atTime gives a Validator another clock.
func atTime(v check.Validator, now func() time.Time) check.Validator {
	v.Now = now
	return v
}

// with makes credentials of a key.
func with(key string) check.Credentials { return check.Credentials{APIKey: secret.New(key)} }

// ignore watches nothing.
func ignore(check.Result) {}
