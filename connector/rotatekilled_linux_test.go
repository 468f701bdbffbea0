package connector_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

const (
	// rotateKills is how often a process that replaces a key is killed.
	rotateKills = 40
	// nextMSPKey opens what the sample's multi-tenant key opens.
	nextMSPKey = "jca_TESTnextmsp000000000000000000000000000001"
)

// rotateKey gives the connections of the first one's key another key. If one is saved meanwhile, it tries the key on that, too.
func rotateKey(t *testing.T, c *connector.Connector, words ...string) error {
	var trial connector.Trial
	for {
		all, err := c.Connections(t.Context(), nil)
		if err != nil || len(all) == 0 {
			return err
		}
		i := max(0, slices.IndexFunc(all, func(one connector.Connection) bool { return one.KeyID != connector.KeyID(with(words[0]).APIKey) }))
		r := connector.RotationOf(all, check.KeyInRegion{Region: all[i].Region, KeyID: all[i].KeyID})
		if trial, err = c.TryKey(t.Context(), r, with(words[0]), trial, ignore, func(connector.Tried) {}); err != nil {
			return err
		}
		if _, err := c.Rotate(t.Context(), trial); !errors.Is(err, connector.ErrNotTried) {
			return err
		}
	}
}

// rotatingKilled kills processes that replace the key of many connections, before one of their writes or at random moments. Each time all of
// them have one key, and it can be read. The next process goes on from there.
func rotatingKilled(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv(rotateVariable))
	if err != nil {
		t.Fatal(err)
	}
	reset(t, "connect")
	dice, key, next := rand.New(rand.NewPCG(1, 14)), jumpcloudtest.SampleMultiTenantKey, nextMSPKey
	done, replaced, began := 0, 0, time.Now()
	for tries := 0; done < kills && !t.Failed() && tries < 10*kills; tries++ {
		var killed bool
		if dice.IntN(2) == 0 {
			p, out := start(t, "rotate "+next, dice.IntN(10))
			killed = finish(t, p, out)
		} else {
			killed = killedWhileWriting(t, "rotate "+next, time.Duration(dice.IntN(150))*time.Millisecond)
		}
		c := onSystem(keychain.System(), world(t))
		keys := keysOf(t, c)
		if len(keys) != 1 || keys[key]+keys[next] != connectedAtOnce || !killed && keys[next] == 0 {
			t.Fatalf("try %d, killed: %v: the connections have %v", tries, killed, keys)
		}
		if killed {
			done++
		}
		if keys[next] > 0 {
			key, next = next, key
			if killed {
				replaced++
			}
		}
		if tries%5 == 4 {
			tidiedTo(t, c, connectedAtOnce, 1)
		}
	}
	if done < kills || replaced < kills/10 || replaced > kills*9/10 {
		t.Errorf("%d processes were killed, %d of them after they had replaced the key", done, replaced)
	}
	t.Logf("%d processes that replace a key were killed in %s, %d of them after that had happened", done, time.Since(began).Round(time.Second), replaced)
	reset(t)
}

// keysOf returns how many connections have which key.
func keysOf(t *testing.T, c *connector.Connector) map[string]int {
	t.Helper()
	all, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := make(map[string]int)
	for _, one := range all {
		key, err := c.APIKey(t.Context(), one.ID)
		if err != nil {
			t.Fatalf("%s has no key: %v", one.Name, err)
		}
		keys[key.Reveal()]++
	}
	return keys
}

// tidiedTo tidies, and looks with secret-tool for what is there then.
func tidiedTo(t *testing.T, c *connector.Connector, connections, keys int) {
	t.Helper()
	if _, err := c.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if there := keptAmong(t, systemEntries(t)); there.connections != connections || there.keys != keys {
		t.Errorf("for %d connections with %d keys there are %+v", connections, keys, there)
	}
}

// rotatingBesideOthers has a process replace the key of many connections, while others remove some of them and save further ones with the
// former key.
func rotatingBesideOthers(t *testing.T) {
	reset(t, "connect")
	var all sync.WaitGroup
	for _, words := range []string{"rotate " + nextMSPKey, "remove " + oneClient + " " + anotherClient,
		"fill " + jumpcloudtest.OrganizationID(140) + " " + jumpcloudtest.OrganizationID(141)} {
		p, out := start(t, words, -1)
		all.Go(func() { finish(t, p, out) })
	}
	all.Wait()
	c := onSystem(keychain.System(), world(t))
	found, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	next := connector.KeyID(with(nextMSPKey).APIKey)
	for _, one := range found {
		late := one.Organization.ID >= jumpcloudtest.OrganizationID(140)
		if one.KeyID != next && !late || one.Organization.ID == oneClient || one.Organization.ID == anotherClient {
			t.Errorf("%s is there with the former key, or was removed", one.Name)
		}
	}
	keys := keysOf(t, c)
	if len(found) != connectedAtOnce || keys[nextMSPKey]+keys[jumpcloudtest.SampleMultiTenantKey] != connectedAtOnce {
		t.Errorf("%d connections, with %v", len(found), keys)
	}
	t.Logf("the connections have %v", keys)
	tidiedTo(t, c, len(found), len(keys))
	reset(t)
}
