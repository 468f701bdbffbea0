package connector_test

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
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
		connector.WithClock(func() time.Time { return noon }), connector.WithTimer(atOnce), connector.WithUserAgent("test/1"))
}

// atOnce waits for nothing.
func atOnce(time.Duration) <-chan time.Time { return time.After(0) }

// checkTwice checks a connection until it is sure.
func checkTwice(t testing.TB, c *connector.Connector, id string) (checked check.Report, failed error) {
	t.Helper()
	all, _ := c.Connections(t.Context(), nil)
	all = slices.DeleteFunc(all, func(one connector.Connection) bool { return one.ID != id })
	c.CheckEachTwice(t.Context(), all, func(int) {}, func(_ string, report check.Report, err error) { checked, failed = report, err })
	return checked, failed
}

// with makes credentials of a key.
func with(key string) check.Credentials { return check.Credentials{APIKey: secret.New(key)} }

// ignore watches nothing.
func ignore(check.Result) {}

// kept counts what is stored in a keychain, without the code that stores it.
type kept struct{ keys, connections, reports int }

func keptIn(t *testing.T, k *recorder) kept {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	return keptAmong(t, k.entries)
}

func keptAmong(t *testing.T, entries map[string]string) kept {
	t.Helper()
	var n kept
	for name, entry := range entries {
		var record struct {
			Connections []struct{ Report map[string]any }
			Pages, Keys int
		}
		if err := json.Unmarshal(recordOf(t, entry), &record); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		switch kind, _, _ := strings.Cut(name, "/"); kind {
		case "index":
			if _, ok := entries[fmt.Sprintf("connections/%d", record.Pages)]; ok {
				t.Errorf("the index counts %d pages, and there is a further one", record.Pages)
			}
		case "key":
			n.keys++
		case "connections":
			n.connections += len(record.Connections)
			for _, one := range record.Connections {
				if one.Report != nil {
					n.reports++
				}
			}
		default:
			t.Errorf("%s is there", name)
		}
	}
	return n
}

// pages reads the names of the connections on each page, without the code that stores them.
func pages(t testing.TB, k *recorder) (pages [][]string) {
	t.Helper()
	for n := 0; k.entries[fmt.Sprintf("connections/%d", n)] != ""; n++ {
		var record struct{ Connections []struct{ Name string } }
		if err := json.Unmarshal(recordOf(t, k.entries[fmt.Sprintf("connections/%d", n)]), &record); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range record.Connections {
			names = append(names, one.Name)
		}
		pages = append(pages, names)
	}
	return pages
}

// recordOf is the JSON of an entry.
func recordOf(t testing.TB, entry string) []byte {
	t.Helper()
	_, encoded, _ := strings.Cut(entry, "\n")
	deflated, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(deflated)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// putRecord stores the JSON of a record.
func putRecord(t testing.TB, b keychain.Backend, name string, record any) {
	t.Helper()
	var deflated bytes.Buffer
	w, err := flate.NewWriter(&deflated, flate.DefaultCompression)
	if err == nil {
		err = json.NewEncoder(w).Encode(record)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = keychain.New(b, service).Put(t.Context(), name, secret.New(deflated.String()))
	}
	if err != nil {
		t.Fatal(err)
	}
}
