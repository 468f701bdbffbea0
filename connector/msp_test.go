package connector_test

import (
	"flag"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// connectMSP connects all clients of an MSP with its key, and some with their own keys too. It returns how each connection is going to break.
func connectMSP(t *testing.T, c *connector.Connector, m *jumpcloudtest.MSP) map[string]jumpcloudtest.Way {
	t.Helper()
	var organizations []check.Organization
	byID, ways := make(map[string]jumpcloudtest.Client), make(map[string]jumpcloudtest.Way)
	for _, client := range m.Clients {
		organizations = append(organizations, check.Organization{ID: client.ID, Name: client.Name})
		byID[client.ID] = client
	}
	began := time.Now()
	err := c.ConnectEach(t.Context(), withRegion(m.Key.Value), organizations, func(one connector.Connected) {
		if one.Err != nil || one.Report.Worst() != check.Passed {
			t.Errorf("%s: %v, %s", one.Organization.ID, one.Err, one.Report.Worst())
		}
		if ways[one.Connection.ID] = byID[one.Organization.ID].Breaks; byID[one.Organization.ID].Own.Value != "" {
			ways[one.Connection.ID] = "" // the MSP's key works on
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d organizations took %v of the bubble's time", len(organizations), time.Since(began).Round(time.Second))
	for _, client := range m.Clients {
		if client.Own.Value != "" {
			credentials := check.Credentials{Region: "r0", APIKey: secret.New(client.Own.Value)}
			ways[save(t, c, "", credentials, connector.KeepingBoth()).ID] = client.Breaks
		}
	}
	return ways
}

var mspClients = flag.Int("clients", 200, "how many clients the MSP of TestAnMSPWithManyBrokenClients has")

// An MSP of many clients, of whom 3 % break in each way: a check of all finds out who, and why, and nothing else. Each save reads all pages of the
// keychain, and in the bubble a save takes no time, so that the keychain never rests and most organizations are saved one by one. So 2,000 clients
// take eight minutes, and the usual run has fewer:
//
//	go test ./connector -run TestAnMSP -clients 2000 -v -timeout 1h
func TestAnMSPWithManyBrokenClients(t *testing.T) {
	causes := map[jumpcloudtest.Way]check.Cause{jumpcloudtest.WayEnds: "", jumpcloudtest.WayGenerated: check.CauseKeyReplaced, jumpcloudtest.WayRevoked: check.CauseKeyDeleted,
		jumpcloudtest.WayRemoved: check.CauseOwnerRemoved, jumpcloudtest.WaySuspended: check.CauseSuspended, jumpcloudtest.WayAccessOff: check.CauseAPIAccessOff,
		jumpcloudtest.WayRole: check.CauseCommandRunner, jumpcloudtest.WayClosed: check.CauseNotOpened, jumpcloudtest.WayWithheld: check.CauseDatasetWithheld,
		jumpcloudtest.WayFails: check.CauseServer, "": ""}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(noon)) // a bubble begins in the year 2000, when there were no such keys
		m := jumpcloudtest.NewMSP(7, *mspClients, 3, time.Now())
		s := jumpcloudtest.NewPiped(m.World())
		defer s.Close()
		s.LimitRate(100, time.Second)
		c := pipedConnector(s)
		ways := connectMSP(t, c, m)
		m.Break(s)
		all, err := c.Connections(t.Context(), nil)
		if err != nil || len(all) != len(ways) {
			t.Fatalf("%d connections, %v", len(all), err)
		}
		began, wanted, found := time.Now(), make(map[check.Cause]int), make(map[check.Cause]int)
		for _, way := range ways {
			wanted[causes[way]]++
		}
		c.CheckEachTwice(t.Context(), all, func(int) {}, func(id string, report check.Report, err error) {
			blocker, _ := report.Blocker()
			if found[blocker.Cause]++; err != nil || blocker.Cause != causes[ways[id]] {
				t.Errorf("%s is %q, want %q, %v", ways[id], blocker.Cause, causes[ways[id]], err)
			}
		})
		t.Logf("%d checks took %v of the bubble's time, and found %v", len(all), time.Since(began).Round(time.Second), found)
		if !maps.Equal(found, wanted) || found[check.CauseKeyReplaced] != *mspClients*3/100 {
			t.Errorf("found %v, want %v", found, wanted)
		}
		theirKeysEnd(t, c, s, all, ways)
	})
}

// theirKeysEnd lets keys end while a watcher runs. It says so once of each.
func theirKeysEnd(t *testing.T, c *connector.Connector, s *jumpcloudtest.Server, all []connector.Connection, ways map[string]jumpcloudtest.Way) {
	s.Heal()
	all, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(one connector.Connection) bool { return ways[one.ID] != jumpcloudtest.WayEnds })
	watch, doubted, told := connector.NewWatch(time.Hour), make(map[string]int), make(map[string]int)
	for range 30 * 60 {
		due, again := watch.Due(all, time.Now())
		for _, run := range []struct {
			of    []connector.Connection
			again bool
		}{{again, true}, {due, false}} {
			c.WatchEach(t.Context(), run.of, all, run.again, func(seen connector.Watched) {
				i := slices.IndexFunc(all, func(one connector.Connection) bool { return one.ID == seen.ID })
				watch.Note(all[i], seen, time.Now())
				switch blocker, _ := seen.Report.Blocker(); {
				case seen.News == connector.Doubtful:
					doubted[seen.ID]++
					return
				case seen.News == connector.Changed && blocker.Cause == check.CauseKeyEnded:
					told[seen.ID]++
				case seen.News != connector.NoNews || seen.Err != nil:
					t.Errorf("%s: news %d of %q, %v", seen.ID, seen.News, blocker.Cause, seen.Err)
				}
				all[i].Report = seen.Report
			})
		}
		time.Sleep(connector.WatchTick)
	}
	for _, one := range all {
		if doubted[one.ID] != 1 || told[one.ID] != 1 {
			t.Errorf("%s ended: doubted %d times, told %d times", one.Name, doubted[one.ID], told[one.ID])
		}
	}
	if len(all) != *mspClients*3/100 {
		t.Errorf("%d keys end", len(all))
	}
}
