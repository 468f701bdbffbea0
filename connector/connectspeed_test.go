package connector_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/wire"
)

// theMSP is a world with so many client organizations of one key.
func theMSP(n int) jumpcloudtest.World {
	key := jumpcloudtest.Key{Value: jumpcloudtest.SampleMultiTenantKey, Email: "audit@northgate-msp.example", Role: jumpcloudtest.RoleReadOnly, MFA: true, MultiTenant: true}
	w := jumpcloudtest.World{Seed: 7}
	for i := range n {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(100 + i), People: 20 + i%50, Systems: 10 + i%60, Administrators: 1 + i%3, Groups: 2, Policies: 3,
			Applications: 4, RequireAdminMFA: true}
		w.Organizations, key.Organizations = append(w.Organizations, o), append(key.Organizations, o.ID)
	}
	w.Keys = []jumpcloudtest.Key{key}
	return w
}

// pipedConnector makes a Connector that reaches the server through pipes, with real waits. It is for a bubble of synctest.
func pipedConnector(s *jumpcloudtest.Server) *connector.Connector {
	return connector.New(keychain.New(keychain.Memory(), service), connector.WithRegions(jumpcloud.Region{ID: "r0", Console: s.URL}),
		connector.WithHTTPClient(func() *http.Client {
			h := wire.NewHTTPClient()
			base := h.Transport.(*wire.Retry).Base.(*http.Transport)
			base.Proxy = nil
			base.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return s.Dial(ctx) }
			return h
		}))
}

// Connecting many takes about 1.8 times what the service's limit alone needs. The time is that of the bubble, so the machine does not count.
func TestConnectingManyIsFast(t *testing.T) {
	const many, latency, perSecond = 100, 80 * time.Millisecond, 50
	measure := func(n, perSecond int, connect func(context.Context, *connector.Connector, []check.Organization, func(connector.Connected))) (took time.Duration, requests int) {
		synctest.Test(t, func(t *testing.T) {
			s := jumpcloudtest.NewPiped(theMSP(many))
			defer s.Close()
			s.SetLatency(latency)
			if perSecond > 0 {
				s.LimitRate(perSecond, time.Second)
			}
			began, done := time.Now(), 0
			connect(t.Context(), pipedConnector(s), someClients(n), func(one connector.Connected) {
				if one.Err != nil || one.Report.Worst() == check.Failed {
					t.Errorf("%s: %v, %s", one.Organization.ID, one.Err, one.Report.Worst())
				}
				done++
			})
			if took, requests = time.Since(began), len(s.Requests()); done != n {
				t.Errorf("%d of %d are connected", done, n)
			}
		})
		return took, requests
	}
	atOnce := func(ctx context.Context, c *connector.Connector, all []check.Organization, each func(connector.Connected)) {
		if err := c.ConnectEach(ctx, withRegion(jumpcloudtest.SampleMultiTenantKey), all, each); err != nil {
			t.Error(err)
		}
	}
	together, _ := measure(many, perSecond, atOnce)
	_, requests := measure(many, 0, atOnce) // none is refused: this is what it takes
	const few = 20                          // one after the other; the others would take as long each
	single, _ := measure(few, perSecond, func(ctx context.Context, c *connector.Connector, all []check.Organization, each func(connector.Connected)) {
		for _, o := range all {
			if err := c.ConnectEach(ctx, withRegion(jumpcloudtest.SampleMultiTenantKey), []check.Organization{o}, each); err != nil {
				t.Error(err)
			}
		}
	})
	limit := time.Duration(requests) * time.Second / perSecond
	alone, faster := together.Seconds()/limit.Seconds(), single.Seconds()/few*float64(many)/together.Seconds()
	t.Logf("%d organizations at %v and %d requests a second: %v with %d requests, %.2f times what the limit needs, %.1f times as fast as one by one",
		many, latency, perSecond, together.Round(time.Second), requests, alone, faster)
	if alone > 2.2 || faster < 1 {
		t.Errorf("%.2f times what the limit alone needs, %.1f times as fast as one by one", alone, faster)
	}
}
