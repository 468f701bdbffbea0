package connector_test

import (
	"context"
	"flag"
	"net"
	"net/http"
	"slices"
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

// many is a run in which many organizations are connected.
type many struct {
	organizations, perSecond int // no limit if it is 0
	latency                  time.Duration
}

// ran is what a run came to. The time is that of the bubble, so the machine does not count.
type ran struct {
	took              time.Duration
	requests, refused int // answered requests, and refused ones
}

// limit returns how long the limit alone takes.
func (r ran) limit(perSecond int) time.Duration {
	return time.Duration(r.requests) * time.Second / time.Duration(perSecond)
}

// connect connects the organizations with calls of ConnectEach for so many at once.
func (m many) connect(t *testing.T, atOnce int) (r ran) {
	synctest.Test(t, func(t *testing.T) {
		s := jumpcloudtest.NewPiped(theMSP(m.organizations))
		defer s.Close()
		s.SetLatency(m.latency)
		s.LimitRate(m.perSecond, time.Second)
		c, began, done := pipedConnector(s), time.Now(), 0
		for batch := range slices.Chunk(someClients(m.organizations), atOnce) {
			err := c.ConnectEach(t.Context(), withRegion(jumpcloudtest.SampleMultiTenantKey), batch, func(one connector.Connected) {
				if one.Err != nil || one.Report.Worst() == check.Failed {
					t.Errorf("%s: %v, %s", one.Organization.ID, one.Err, one.Report.Worst())
				}
				r.refused += refusedIn(one.Report)
				done++
			})
			if err != nil {
				t.Error(err)
			}
		}
		r.took, r.requests = time.Since(began), len(s.Requests())-r.refused
		if done != m.organizations {
			t.Errorf("%d of %d are connected", done, m.organizations)
		}
	})
	return r
}

// refusedIn counts the requests of a report that were refused for too many.
func refusedIn(report check.Report) (n int) {
	for _, r := range report.Results {
		for _, e := range r.Exchanges {
			if e.Status == http.StatusTooManyRequests {
				n++
			}
		}
	}
	return n
}

// Connecting many takes little longer than the service's limit alone needs, and few requests are refused. For a hundred, learning the limit is a
// good part of the time: it takes 1.25 times. For more see TestSpeeds, and TestThePaceOfALimit in package wire.
func TestConnectingManyIsFast(t *testing.T) {
	m := many{organizations: 100, perSecond: 50, latency: 80 * time.Millisecond}
	r := m.connect(t, m.organizations)
	alone := r.took.Seconds() / r.limit(m.perSecond).Seconds()
	t.Logf("%v, %.2f times what the limit alone needs; %d were refused", r.took, alone, r.refused)
	if alone > 1.35 || r.refused > 30 {
		t.Errorf("%v is %.2f times what the limit alone needs; %d were refused", r.took, alone, r.refused)
	}
}

var speeds = flag.Bool("speeds", false, "TestSpeeds connects many organizations at many limits, which takes minutes")

// TestSpeeds compares the time for many organizations with what the limit alone needs, with the time without a limit, and with that of one after
// the other:
//
//	go test ./connector -run TestSpeeds -speeds -v
func TestSpeeds(t *testing.T) {
	if !*speeds {
		t.Skip("skipped: only with -speeds")
	}
	for _, latency := range []time.Duration{80 * time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond} {
		free := many{organizations: 300, latency: latency}.connect(t, 300)
		t.Logf("300 organizations at %v without a limit: %v, %.0f requests a second", latency, free.took.Round(time.Second), float64(free.requests)/free.took.Seconds())
		for _, perSecond := range []int{5, 20, 50, 200} {
			m := many{organizations: 300, perSecond: perSecond, latency: latency}
			if perSecond == 50 && latency == 80*time.Millisecond {
				m.organizations = 1000
			}
			r := m.connect(t, m.organizations)
			few := many{organizations: 20, perSecond: perSecond, latency: latency} // one after the other; the others would take as long each
			single := few.connect(t, 1).took.Seconds() / float64(few.organizations) * float64(m.organizations)
			alone, needed := r.took.Seconds()/r.limit(perSecond).Seconds(), max(r.limit(perSecond).Seconds(), free.took.Seconds()*float64(m.organizations)/300)
			t.Logf("%4d organizations at %v and %d requests a second: %v, %.2f times what the limit alone needs, %.1f times as fast as one by one; %d requests, and %d refused",
				m.organizations, latency, perSecond, r.took.Round(time.Second), alone, single/r.took.Seconds(), r.requests, r.refused)
			if r.took.Seconds() > 1.25*needed {
				t.Errorf("%v is more than 1.25 times what the limit or the latency needs: %.0f s", r.took, needed)
			}
		}
	}
}
