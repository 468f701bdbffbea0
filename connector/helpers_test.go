package connector_test

import (
	"compress/zlib"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// service is the name under which the tests' keychains keep their entries.
const service = "connector.test"

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
func with(key string) check.Credentials { return check.Credentials{APIKey: secret.New(key)} }

// ignore watches nothing.
func ignore(check.Result) {}

// kept counts what is stored in a keychain, without the code that stores it.
type kept struct{ keys, connections, reports int }

func keptIn(t *testing.T, b keychain.Backend) kept {
	t.Helper()
	k := keychain.New(b, service)
	names, err := k.Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var n kept
	for _, name := range names {
		value, err := k.Get(t.Context(), name)
		if err != nil {
			t.Errorf("%s is listed and cannot be read: %v", name, err)
			continue
		}
		var record struct {
			Connections []any
			Reports     map[string]any
		}
		if err := json.Unmarshal(inflated(t, value), &record); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		switch kind, _, _ := strings.Cut(name, "/"); kind {
		case "key":
			n.keys++
		case "connections":
			n.connections += len(record.Connections)
		case "reports":
			n.reports += len(record.Reports)
		default:
			t.Errorf("%s is there", name)
		}
	}
	return n
}

// inflated is the JSON of a record.
func inflated(t testing.TB, value secret.Secret) []byte {
	t.Helper()
	r, err := zlib.NewReader(strings.NewReader(value.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// deflated makes a record's value of its JSON.
func deflated(t testing.TB, record any) secret.Secret {
	t.Helper()
	var b strings.Builder
	w := zlib.NewWriter(&b)
	if err := json.NewEncoder(w).Encode(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return secret.New(b.String())
}
