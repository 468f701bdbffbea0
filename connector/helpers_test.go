package connector_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// service is the name under which the tests' keychains keep their entries.
const service = "connector.test"

// noon is the time that the tests' reports bear.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// impatient makes HTTP clients that retry at once.
func impatient() *http.Client {
	h := jumpcloud.NewHTTPClient()
	h.Transport.(*jumpcloud.Retry).Wait = func(context.Context, time.Duration) error { return nil }
	return h
}

// newServer starts a simulator of the sample world.
func newServer(t testing.TB) *jumpcloudtest.Server {
	t.Helper()
	s := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	t.Cleanup(s.Close)
	s.SetClock(time.Until(noon))
	return s
}

// newConnector makes a Connector on a keychain, with the servers as its regions: r0, r1 and so on.
func newConnector(k keychain.Backend, servers ...*jumpcloudtest.Server) *connector.Connector {
	var regions []jumpcloud.Region
	for i, s := range servers {
		regions = append(regions, jumpcloud.Region{ID: "r" + string(rune('0'+i)), Console: s.URL})
	}
	return connector.New(keychain.New(k, service, keychain.WithTimeouts(10*time.Millisecond, 2*time.Second)),
		connector.WithRegions(regions...), connector.WithHTTPClient(impatient),
		connector.WithClock(func() time.Time { return noon }), connector.WithUserAgent("test/1"))
}

// with makes credentials of a key.
func with(key string) connector.Credentials { return connector.Credentials{APIKey: secret.New(key)} }

// ignore watches nothing.
func ignore(connector.Result) {}
