package connector_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// clients is how many connections of one key the tests have.
const clients = 20

// keptClients keeps connections of the multi-tenant key, one for each of the first client organizations.
func keptClients(t *testing.T, s *jumpcloudtest.Server) (*connector.Connector, []connector.Connection) {
	t.Helper()
	c := newConnector(keychain.Memory(), s)
	var kept []connector.Connection
	for n := range clients {
		credentials := with(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100 + n))
		kept = append(kept, save(t, c, "", credentials))
	}
	s.ResetRequests()
	return c, kept
}

// checkEach checks all connections and returns their reports.
func checkEach(t *testing.T, c *connector.Connector, kept []connector.Connection) map[string]check.Report {
	t.Helper()
	reports := make(map[string]check.Report)
	c.CheckEach(t.Context(), kept, func(id string, report check.Report, err error) {
		if err != nil && !errors.Is(err, connector.ErrDoubtful) {
			t.Errorf("%s: %v", id, err)
		}
		reports[id] = report
	})
	if len(reports) != len(kept) {
		t.Errorf("%d of %d connections were checked", len(reports), len(kept))
	}
	return reports
}

// asked counts the requests for each path. The second page of the organizations is asked for ahead, and may be given up before
// it arrives: it does not count.
func asked(s *jumpcloudtest.Server) map[string]int {
	of := make(map[string]int)
	for _, r := range s.Requests() {
		if r.Path != "/api/organizations" || strings.Contains(r.Query, "skip=0&") {
			of[r.Path]++
		}
	}
	return of
}

// Many connections of one key ask once about the key, and each of them about its organization.
func TestAKeyIsAskedOnce(t *testing.T) {
	s := newServer(t)
	c, kept := keptClients(t, s)
	reports := checkEach(t, c, kept)
	of := asked(s)
	t.Logf("%d requests for %d connections of one key: %v", len(s.Requests()), clients, of)
	for _, path := range []string{"/api/organizations", "/api/users/getSelf"} {
		if of[path] != 1 {
			t.Errorf("%s was asked for %d times", path, of[path])
		}
		delete(of, path)
	}
	inTurn := make(map[string]int)
	for _, one := range kept {
		s.ResetRequests()
		alone, err := c.Check(t.Context(), one.ID, ignore)
		if err != nil {
			t.Fatal(err)
		}
		for path, n := range asked(s) {
			inTurn[path] += n
		}
		sameResults(t, reports[one.ID], alone)
	}
	if inTurn["/api/organizations"] != clients || inTurn["/api/users/getSelf"] != clients {
		t.Errorf("one at a time, the key was asked about %d and %d times", inTurn["/api/organizations"], inTurn["/api/users/getSelf"])
	}
	delete(inTurn, "/api/organizations")
	delete(inTurn, "/api/users/getSelf")
	if !maps.Equal(of, inTurn) {
		t.Errorf("the organizations were asked about %v, one at a time %v", of, inTurn)
	}
}

// A connection that was removed or got another key after the list was read asks nothing about the key of the others. One of the
// others does, once.
func TestAKeyIsAskedOnceWithoutItsFirstConnections(t *testing.T) {
	for name, c := range map[string]struct {
		first  int // so many connections at the beginning of the list
		change func(*connector.Connector, connector.Connection) error
		want   error
		keys   int // how many keys are asked about
	}{
		"one was removed": {1, func(c *connector.Connector, one connector.Connection) error { return c.Remove(t.Context(), one.ID) },
			connector.ErrReplaced, 1},
		"five were removed": {5, func(c *connector.Connector, one connector.Connection) error { return c.Remove(t.Context(), one.ID) },
			connector.ErrReplaced, 1},
		"one has another key": {1, func(c *connector.Connector, one connector.Connection) error {
			report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
			report.Organization = one.Organization
			_, err := c.Save(t.Context(), "", with(jumpcloudtest.SampleKey), report, connector.Replacing(one))
			return err
		}, connector.ErrDoubtful, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			con, kept := keptClients(t, s)
			for _, one := range kept[:c.first] {
				if err := c.change(con, one); err != nil {
					t.Fatal(err)
				}
			}
			s.ResetRequests()
			con.CheckEach(t.Context(), kept, func(id string, report check.Report, err error) {
				if i := slices.IndexFunc(kept, func(one connector.Connection) bool { return one.ID == id }); i < c.first {
					if !errors.Is(err, c.want) {
						t.Errorf("connection %d: %v, want %v", i, err, c.want)
					}
				} else if err != nil || !report.Usable() {
					t.Errorf("connection %d: %s, %v", i, report.Worst(), err)
				}
			})
			// The other key does not open the organization, so the program does not ask whose it is.
			if of := asked(s); of["/api/organizations"] != c.keys || of["/api/users/getSelf"] != 1 {
				t.Errorf("the keys were asked about %d and %d times, want %d and 1", of["/api/organizations"], of["/api/users/getSelf"], c.keys)
			}
		})
	}
}

// sameResults fails unless both reports say the same of the same connection.
func sameResults(t *testing.T, got, want check.Report) {
	t.Helper()
	if got.Organization != want.Organization || got.Administrator != want.Administrator || got.Region != want.Region || got.Worked.IsZero() {
		t.Errorf("the report is about %v, %v, %s, want %v, %v, %s", got.Organization, got.Administrator, got.Region,
			want.Organization, want.Administrator, want.Region)
	}
	if len(got.Results) != len(check.All()) {
		t.Fatalf("the report has %d checks", len(got.Results))
	}
	for i, r := range got.Results {
		w := want.Results[i]
		if r.Check != w.Check || r.State != w.State || r.Cause != w.Cause || r.Check != check.IDClock && !maps.Equal(r.Facts, w.Facts) {
			t.Errorf("%s: %s %s %v, want %s %s %v", r.Check, r.State, r.Cause, r.Facts, w.State, w.Cause, w.Facts)
		}
	}
}

// What JumpCloud refuses holds for all connections of the key. Where it could not be asked, each asks anew.
func TestWhichAnswersConnectionsOfAKeyShare(t *testing.T) {
	for name, c := range map[string]struct {
		prepare  func(*jumpcloudtest.Server)
		path     string
		most     int // requests for that path
		usable   int // connections that work
		withRole int
	}{
		"a revoked key": {func(s *jumpcloudtest.Server) {
			s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleMultiTenantKey, Revoked: true})
		}, "/api/organizations", 1, 0, clients}, // the last reports say whose it was
		"a role that is not told": {func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.Status(404).On("/api/users/getSelf")) },
			"/api/users/getSelf", 1, clients, 0},
		"a server that fails at first": {func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.Status(500).On("/api/organizations").Times(3)) },
			"/api/organizations", 3 + 4, clients - 1, clients},
		"a role that cannot be asked at first": {func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.Status(500).On("/api/users/getSelf").Times(3)) },
			"/api/users/getSelf", 3 + 4, clients, clients - 1},
		"a guest network's page for a role": {func(s *jumpcloudtest.Server) {
			s.Fail(jumpcloudtest.CaptivePortal().On("/api/users/getSelf").Times(1))
		}, "/api/users/getSelf", 1 + 4, clients, clients - 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			con, kept := keptClients(t, s)
			c.prepare(s)
			usable, withRole := 0, 0
			for _, report := range checkEach(t, con, kept) {
				if report.Usable() {
					usable++
				}
				if report.Administrator.Role != "" {
					withRole++
				}
				if n := len(report.Results); n != len(check.All()) {
					t.Errorf("a report has %d checks", n)
				}
			}
			if n := asked(s)[c.path]; n > c.most || usable != c.usable || withRole != c.withRole {
				t.Errorf("%s was asked for %d times, %d connections work, %d know the role; want at most %d, %d, %d",
					c.path, n, usable, withRole, c.most, c.usable, c.withRole)
			}
		})
	}
}

// Where the list of organizations is refused, a request with the Organization ID of the first connection shows whether the key is
// good. If this request fails, that counts for the first connection only.
func TestARefusalOfOneConnectionIsItsOwn(t *testing.T) {
	for _, refusedAs := range []int{401, 403} {
		s := newServer(t)
		key := jumpcloudtest.Key{Value: serviceKey, ServiceAccount: true, MultiTenant: true, RefusedAs: refusedAs}
		for n := range 6 {
			key.Organizations = append(key.Organizations, jumpcloudtest.OrganizationID(100+n))
		}
		s.SetKey(key)
		c := newConnector(keychain.Memory(), s)
		var kept []connector.Connection
		for _, id := range key.Organizations {
			kept = append(kept, save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(serviceKey), OrganizationID: secret.New(id)}))
		}
		s.Fail(jumpcloudtest.Status(500).On("/api/systemusers").Times(3))
		usable := 0
		for _, report := range checkEach(t, c, kept) {
			if report.Usable() {
				usable++
			} else if r := report.Result(check.IDReachable); r.Cause != check.CauseServer {
				t.Errorf("refused as %d: the first connection says %s", refusedAs, r.Cause)
			}
		}
		if usable != 5 {
			t.Errorf("refused as %d: %d connections work, want 5", refusedAs, usable)
		}
	}
}

// Why a key is refused is asked once, whether JumpCloud tells it or not.
func TestWhyAKeyIsRefusedIsAskedOnce(t *testing.T) {
	for _, tells := range []bool{true, false} {
		s := newServer(t)
		c, kept := keptClients(t, s)
		s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleMultiTenantKey, Role: jumpcloudtest.RoleCommandRunner, TellsSelf: tells,
			MultiTenant: true})
		want := check.CauseRoleRefused
		if tells {
			want = check.CauseCommandRunner
		}
		for _, report := range checkEach(t, c, kept) {
			if r := report.Result(check.IDKey); r.Cause != want {
				t.Errorf("the key is %s, want %s", r.Cause, want)
			}
		}
		if n := asked(s)["/api/users/getSelf"]; n != 1 {
			t.Errorf("%s: whose key it is was asked %d times", want, n)
		}
	}
}

// Where JumpCloud does not tell the end of a key, each connection keeps the end that it knew.
func TestTheEndOfASharedKeyIsKept(t *testing.T) {
	s := newServer(t)
	end := noon.AddDate(0, 0, 60)
	key := jumpcloudtest.Key{Value: datedKey, Email: "dana@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true, MultiTenant: true,
		Created: noon.AddDate(0, 0, -30), Refused: []string{"/api/users/getSelf"}}
	for n := range 4 {
		key.Organizations = append(key.Organizations, jumpcloudtest.OrganizationID(100+n))
	}
	c := newConnector(keychain.Memory(), s)
	var kept []connector.Connection
	for n, id := range key.Organizations {
		if n > 0 { // JumpCloud tells the others
			key.Refused, key.Expires = nil, end
		}
		s.SetKey(key)
		kept = append(kept, save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(datedKey), OrganizationID: secret.New(id)}))
	}
	key.Refused = []string{"/api/users/getSelf"}
	s.SetKey(key)
	s.ResetRequests()
	for id, report := range checkEach(t, c, kept) {
		if got := report.Administrator.KeyExpires; got.IsZero() != (id == kept[0].ID) {
			t.Errorf("the key of %s ends %s", id, got)
		}
	}
	if n := asked(s)["/api/users/getSelf"]; n != 1 {
		t.Errorf("the role was asked for %d times", n)
	}
}

// A connection whose organization the key does not open any more costs the others nothing.
func TestAnOrganizationThatIsGoneIsItsOwn(t *testing.T) {
	s := newServer(t)
	c, kept := keptClients(t, s)
	var opened []string
	for n := 1; n < clients; n++ {
		opened = append(opened, jumpcloudtest.OrganizationID(100+n))
	}
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleMultiTenantKey, Email: "audit@northgate-msp.example", Role: jumpcloudtest.RoleReadOnly,
		MFA: true, MultiTenant: true, Organizations: opened, Created: noon.AddDate(0, -1, 0)})
	for id, report := range checkEach(t, c, kept) {
		want := check.CauseOrganization
		if id == kept[0].ID {
			want = check.CauseNotOpened
		}
		if r := report.Result(check.IDOrganization); r.Cause != want {
			t.Errorf("%s: %s, want %s", id, r.Cause, want)
		}
		if role := report.Result(check.IDRole); id != kept[0].ID && role.Cause != check.CauseRole {
			t.Errorf("%s: the role is %s", id, role.Cause)
		}
	}
}

// A report tells only the requests that its own connection made, and how long these took.
func TestRequestsAreToldOnce(t *testing.T) {
	s := newServer(t)
	c, kept := keptClients(t, s)
	told := make(map[string]int)
	for _, report := range checkEach(t, c, kept) {
		for _, r := range report.Results {
			for _, e := range r.Exchanges {
				told[e.Path]++
			}
			if asks := r.Check == check.IDReachable || r.Check == check.IDRole; asks && len(r.Exchanges) == 0 && r.Took != 0 {
				t.Errorf("%s made no request and took %s", r.Check, r.Took)
			}
		}
	}
	for _, path := range []string{"/api/organizations", "/api/users/getSelf"} {
		if told[path] < 1 || told[path] > 2 { // organizations come in two pages
			t.Errorf("%d requests for %s are told", told[path], path)
		}
	}
}

// Connections whose key waits for its first answer do not hold up those of another key. It makes no difference whether the first
// connections of the waiting key are there, or fail before their region hangs.
func TestAKeyThatHangsHoldsUpNoOther(t *testing.T) {
	for name, c := range map[string]struct{ removed, failed int }{
		"all are there":        {},
		"one was removed":      {removed: 1},
		"three were removed":   {removed: 3},
		"one fails":            {failed: 1},
		"two fail":             {failed: 2},
		"one of each, at last": {removed: 1, failed: 1},
	} {
		t.Run(name, func(t *testing.T) {
			silent, good := newServer(t), newServer(t)
			con := newConnector(keychain.Memory(), silent, good)
			var kept []connector.Connection
			for _, region := range []string{"r0", "r0", "r0", "r0", "r0", "r0", "r0", "r1", "r1", "r1"} {
				credentials := with(jumpcloudtest.SampleMultiTenantKey)
				credentials.Region, credentials.OrganizationID = region, secret.New(jumpcloudtest.OrganizationID(100+len(kept)))
				kept = append(kept, save(t, con, "", credentials))
			}
			for _, one := range kept[:c.removed] {
				if err := con.Remove(t.Context(), one.ID); err != nil {
					t.Fatal(err)
				}
			}
			silent.Fail(jumpcloudtest.Status(500).On("/api/organizations").Times(3 * c.failed)) // each is tried three times
			silent.Fail(jumpcloudtest.Hang().On("/api/organizations"))
			usable := make(map[string]int) // by region
			con.CheckEach(t.Context(), kept, func(_ string, report check.Report, err error) {
				if err == nil && report.Usable() {
					usable[report.Region]++
				}
				if usable["r1"] == 3 && usable["r0"] == 0 {
					silent.Heal()
					silent.Release()
				}
			})
			if want := 7 - c.removed - c.failed; usable["r1"] != 3 || usable["r0"] != want {
				t.Errorf("%d and %d connections work, want %d and 3", usable["r0"], usable["r1"], want)
			}
		})
	}
}

// When the context ends, CheckEach returns, whatever still waits.
func TestCheckEachEndsWithItsContext(t *testing.T) {
	s := newServer(t)
	c, kept := keptClients(t, s)
	for _, after := range []int{0, 1, 5} {
		ctx, cancel := context.WithCancel(t.Context())
		done := 0
		if after == 0 {
			s.Fail(jumpcloudtest.Hang())
			s.ResetRequests()
			go func() {
				for len(s.Requests()) == 0 {
					time.Sleep(time.Millisecond)
				}
				cancel()
			}()
		}
		c.CheckEach(ctx, kept, func(string, check.Report, error) {
			if done++; done == after {
				cancel()
			}
		})
		if done >= clients {
			t.Errorf("after %d connections are done and the context has ended, %d are done", after, done)
		}
		cancel()
		s.Heal()
	}
	c.CheckEach(t.Context(), nil, func(string, check.Report, error) { t.Error("there is none") })
}
