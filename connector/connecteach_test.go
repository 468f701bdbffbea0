package connector_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// someClients lists organizations of the multi-tenant key.
func someClients(n int) (all []check.Organization) {
	for i := range n {
		all = append(all, check.Organization{ID: jumpcloudtest.OrganizationID(100 + i)})
	}
	return all
}

// withRegion is a key whose region is known.
func withRegion(key string) check.Credentials {
	c := with(key)
	c.Region = "r0"
	return c
}

// connectEach connects organizations, and returns how many ended in which way.
func connectEach(t *testing.T, c *connector.Connector, key string, organizations []check.Organization) map[string]int {
	t.Helper()
	ends := make(map[string]int)
	err := c.ConnectEach(t.Context(), withRegion(key), organizations, func(one connector.Connected) {
		another := (*connector.ConnectedError)(nil)
		switch {
		case one.Already && one.Err == nil && one.Connection.ID != "":
			ends["already"]++
		case errors.As(one.Err, &another) && len(another.Kept) > 0:
			ends["another key"]++
		case errors.Is(one.Err, connector.ErrNotWorking) && one.Connection.ID == "" && one.Report.Worst() == check.Failed:
			blocker, _ := one.Report.Blocker()
			ends[string(blocker.Cause)]++
		case one.Err == nil && one.Connection.Organization.Name != "" && one.Report.Worst() != check.Failed:
			ends["connected"]++
		default:
			t.Errorf("%+v", one)
		}
	})
	if err != nil {
		t.Error(err)
	}
	return ends
}

// The key's own questions are asked once, and who is connected already is not asked again.
func TestConnectEach(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	is := func(when string, got map[string]int, want string) {
		t.Helper()
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", when, got, want)
		}
	}
	one := save(t, c, "Ours", func() check.Credentials {
		credentials := withRegion(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(103))
		return credentials
	}())
	s.ResetRequests()
	all := someClients(10)
	all = append(all, all[4], check.Organization{ID: "not an id"})
	is("at first", connectEach(t, c, jumpcloudtest.SampleMultiTenantKey, all), "map[already:1 connected:9 organization_malformed:1]")
	if n := asked(s)["/api/organizations"]; n != 1 {
		t.Errorf("the organizations were asked for %d times", n)
	}
	if stored := keptIn(t, k); stored.keys != 1 || stored.connections != 10 {
		t.Errorf("kept: %+v", stored)
	}
	s.ResetRequests()
	strangers := []check.Organization{{ID: "ABCDEF0123456789ABCDEF01"}, {ID: jumpcloudtest.OrganizationID(1)}}
	is("of others", connectEach(t, c, jumpcloudtest.SampleMultiTenantKey, strangers), "map[organization_not_opened:2]")
	s.ResetRequests()
	is("again", connectEach(t, c, jumpcloudtest.SampleMultiTenantKey, someClients(10)), "map[already:10]")
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests for what is connected", n)
	}
	kept, err := c.Connections(t.Context(), nil)
	if i := slices.IndexFunc(kept, func(k connector.Connection) bool { return k.ID == one.ID }); err != nil || len(kept) != 10 || i < 0 || kept[i].Name != "Ours" {
		t.Errorf("kept are %v, %v", kept, err)
	}
}

// Another key that is kept for an organization is never replaced.
func TestConnectEachReplacesNothing(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	kept := save(t, c, "", with(jumpcloudtest.SampleKey))
	got := connectEach(t, c, jumpcloudtest.SampleSecondKey, []check.Organization{{ID: jumpcloudtest.OrganizationID(1)}})
	if got["another key"] != 1 {
		t.Errorf("it ended with %v", got)
	}
	if key, err := c.APIKey(t.Context(), kept.ID); err != nil || key.Reveal() != jumpcloudtest.SampleKey {
		t.Errorf("the kept key was replaced: %v", err)
	}
}

// What does not work is not kept, and not called connected.
func TestConnectEachKeepsWhatWorks(t *testing.T) {
	for name, f := range map[string]*jumpcloudtest.Fault{
		"refused": jumpcloudtest.Status(403), "broken": jumpcloudtest.Status(503), "limited": jumpcloudtest.Waiting(429, "86400"),
	} {
		s := newServer(t)
		c := newConnector(keychain.Memory(), s)
		s.Fail(f.On("/api/systems"))
		got := connectEach(t, c, jumpcloudtest.SampleMultiTenantKey, someClients(3))
		if kept, err := c.Connections(t.Context(), nil); got["connected"]+got["already"] > 0 || len(kept) > 0 || err != nil {
			t.Errorf("%s: %v, and %d are kept, %v", name, got, len(kept), err)
		}
	}
}

// A key that was lost is stored again, although its connections are kept.
func TestConnectEachRepairsALostKey(t *testing.T) {
	s, k := newServer(t), newRecorder()
	connectEach(t, newConnector(k, s), jumpcloudtest.SampleMultiTenantKey, someClients(3))
	if err := k.Delete(service, "key/0"); err != nil {
		t.Fatal(err)
	}
	c := newConnector(k, s)
	if got := connectEach(t, c, jumpcloudtest.SampleMultiTenantKey, someClients(3)); got["connected"] < 1 || got["connected"]+got["already"] != 3 {
		t.Errorf("it ended with %v", got)
	}
	kept, err := c.Connections(t.Context(), nil)
	if err != nil || len(kept) != 3 {
		t.Fatalf("%d are kept, %v", len(kept), err)
	}
	for _, one := range kept {
		if key, err := c.APIKey(t.Context(), one.ID); err != nil || key.Reveal() != jumpcloudtest.SampleMultiTenantKey {
			t.Errorf("%s has no key: %v", one.Name, err)
		}
	}
}

// A key that is refused is asked about once, and not for each organization.
func TestConnectEachWithARefusedKey(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	got := connectEach(t, c, jumpcloudtest.SampleRevokedKey, someClients(30))
	if got["key_unknown_here"] != 30 || len(got) != 1 {
		t.Errorf("it ended with %v", got)
	}
	if n := len(s.Requests()); n > 4 {
		t.Errorf("%d requests with a key that is refused", n)
	}
}

// Where the keychain fails, nothing more is asked. What was saved stays, and the next call goes on from there.
func TestConnectEachGoesOn(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	const all = 120 // more than are saved together
	var done []string
	ctx, cancel := context.WithCancel(t.Context())
	err := c.ConnectEach(ctx, withRegion(jumpcloudtest.SampleMultiTenantKey), someClients(all), func(one connector.Connected) {
		if done = append(done, one.Connection.ID); len(done) == 5 {
			cancel()
		}
	})
	kept, _ := c.Connections(t.Context(), nil)
	if err != nil || len(done) < 5 || len(done) == all || len(kept) < len(done) {
		t.Fatalf("cancelled: %d done, %d kept, %v", len(done), len(kept), err)
	}
	k.fail = keychain.ErrLocked
	if err := c.ConnectEach(t.Context(), withRegion(jumpcloudtest.SampleMultiTenantKey), someClients(all), func(connector.Connected) {}); !errors.Is(err, keychain.ErrLocked) {
		t.Errorf("a locked keychain: %v", err)
	}
	k.fail = nil
	got := connectEach(t, c, jumpcloudtest.SampleMultiTenantKey, someClients(all))
	if got["already"] != len(kept) || got["connected"] != all-len(kept) {
		t.Errorf("of %d kept ones, it goes on with %v", len(kept), got)
	}
}

// Between two saves the keychain rests three times as long as the save took, by the clock that the program was given. It rests no longer than a
// minute, whatever the clock says: it may have been set, or the computer has slept.
func TestTheKeychainRests(t *testing.T) {
	for _, takes := range []time.Duration{time.Second, time.Hour, -time.Hour} {
		theKeychainRests(t, takes)
	}
}

// theKeychainRests has each write take so long.
func theKeychainRests(t *testing.T, takes time.Duration) {
	t.Helper()
	const n = 100
	s := jumpcloudtest.New(theMSP(n))
	t.Cleanup(s.Close)
	var writes atomic.Int64
	now := func() time.Time { return noon.Add(time.Duration(writes.Load()) * takes) }
	k := slowKeychain{newRecorder(), &writes}
	var rests []time.Duration
	began := noon
	c := connector.New(keychain.New(k, service), connector.WithRegions(jumpcloud.Region{ID: "r0", Console: s.URL}), connector.WithHTTPClient(impatient),
		connector.WithClock(now), connector.WithTimer(func(d time.Duration) <-chan time.Time {
			if took := max(0, now().Sub(began)); len(rests) > 0 && d != min(3*took, time.Minute) {
				t.Errorf("after a save of %v it rests for %v", now().Sub(began), d)
			}
			rests, began = append(rests, d), now()
			return atOnce(d)
		}))
	if err := c.ConnectEach(t.Context(), withRegion(jumpcloudtest.SampleMultiTenantKey), someClients(n), func(connector.Connected) {}); err != nil {
		t.Fatal(err)
	}
	if len(rests) < 2 {
		t.Errorf("it rests %v", rests)
	}
}

// slowKeychain counts its writes.
type slowKeychain struct {
	*recorder
	written *atomic.Int64
}

func (k slowKeychain) Set(service, user, text string) error {
	k.written.Add(1)
	return k.recorder.Set(service, user, text)
}
