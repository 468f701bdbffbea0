package connector_test

import (
	"encoding/json"
	"fmt"
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
)

const (
	deadKey  = "jca_TESTdead00000000000000000000000000000001"
	newerKey = "jca_TESTnewer0000000000000000000000000000002"
	otherKey = "jca_TESTother0000000000000000000000000000003"
)

// larkspur and juniper are organizations of the sample world.
var larkspur, juniper = jumpcloudtest.OrganizationID(1), jumpcloudtest.OrganizationID(2)

// ownedKey is the key that is going to be refused.
func ownedKey() jumpcloudtest.Key {
	return jumpcloudtest.Key{Value: deadKey, Email: "audit@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{larkspur}, Created: noon.AddDate(0, -2, 0)}
}

// hash is what JumpCloud tells of a key, with dates that the test gives.
func hash(created, expires time.Time, prefix string) map[string]any {
	h := map[string]any{}
	for name, t := range map[string]time.Time{"createdAt": created, "expireAt": expires} {
		if !t.IsZero() {
			h[name] = t.Format(time.RFC3339)
		}
	}
	if prefix != "" {
		h["prefix"] = prefix
	}
	return map[string]any{"apiKeyHash": h, "apiKeyUpdatedAt": nil}
}

// refusedWith has JumpCloud refuse the key, and changes what it tells of its owner.
func refusedWith(f *jumpcloudtest.Fault, change func(*jumpcloudtest.Key)) func(*jumpcloudtest.Server) {
	return func(s *jumpcloudtest.Server) {
		k := ownedKey()
		k.Fault = f
		change(&k)
		s.SetKey(k)
	}
}

// A way in which a key that worked comes to be refused.
type death struct {
	happens func(*jumpcloudtest.Server)
	before  func(*jumpcloudtest.Key) // how the key was when it worked
	cause   check.Cause              // as another key tells it
	alone   check.Cause              // as it is without another key
	facts   check.Facts              // some of those that another key tells
	byKey   bool                     // only an administrator's key can tell: its own row shows what a prefix is
}

const stopped, refused = check.CauseKeyStopped, check.CauseRoleRefused

func deaths() map[string]death {
	unknown, forbidden := jumpcloudtest.Unauthorized, jumpcloudtest.Forbidden
	made := ownedKey().Created
	odd := func(created, expires time.Time, prefix string) func(*jumpcloudtest.Server) {
		return refusedWith(unknown(), func(k *jumpcloudtest.Key) { k.Odd = hash(created, expires, prefix) })
	}
	unexplained := func(open string) death {
		return death{cause: check.CauseKeyUnexplained, alone: stopped, facts: check.Facts{"Open": open}}
	}
	of := func(happens func(*jumpcloudtest.Server), d death) death { d.happens = happens; return d }
	return map[string]death{
		"a newer key": {happens: func(s *jumpcloudtest.Server) { s.Generate(deadKey, newerKey, 0) }, cause: check.CauseKeyReplaced, alone: stopped,
			facts: check.Facts{"Created": noon.Format(time.RFC3339), "Email": "audit@larkspur.example"}},
		"revoked": {happens: func(s *jumpcloudtest.Server) { s.Revoke(deadKey) }, cause: check.CauseKeyDeleted, alone: stopped},
		"removed": {happens: func(s *jumpcloudtest.Server) { s.Remove(deadKey) }, cause: check.CauseOwnerRemoved, alone: stopped,
			facts: check.Facts{"Organization": "Larkspur Robotics"}},
		"suspended": {happens: refusedWith(nil, func(k *jumpcloudtest.Key) { k.Suspended = true }), cause: check.CauseSuspended, alone: stopped},
		"suspended, 403": {happens: refusedWith(forbidden(), func(k *jumpcloudtest.Key) { k.Suspended = true }),
			cause: check.CauseSuspended, alone: refused},
		"command runner": {happens: refusedWith(nil, func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }),
			cause: check.CauseCommandRunner, alone: refused},
		"command runner, 401": {happens: refusedWith(unknown(), func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }),
			cause: check.CauseCommandRunner, alone: stopped},
		"billing only": {happens: refusedWith(nil, func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleBillingOnly }),
			cause: check.CauseBillingOnly, alone: refused},
		"API access off": {happens: refusedWith(nil, func(k *jumpcloudtest.Key) { k.APIAccessOff = true }), cause: check.CauseAPIAccessOff, alone: refused},
		"another role, 403": {happens: refusedWith(forbidden(), func(k *jumpcloudtest.Key) { k.Role = "Auditor" }),
			cause: check.CauseRoleChanged, alone: refused, facts: check.Facts{"Former": jumpcloudtest.RoleReadOnly, "Role": "Auditor"}},
		"another role, 401": {happens: refusedWith(unknown(), func(k *jumpcloudtest.Key) { k.Role = "Auditor" }),
			cause: check.CauseRoleChanged, alone: stopped},
		"another role and a newer key": {happens: refusedWith(unknown(), func(k *jumpcloudtest.Key) { k.Role, k.Created = "Auditor", noon }),
			cause: check.CauseKeyReplaced, alone: stopped},
		"its end, which was known": {before: func(k *jumpcloudtest.Key) { k.Expires = noon.Add(time.Hour) },
			happens: func(s *jumpcloudtest.Server) { s.SetClock(time.Until(noon.Add(2 * time.Hour))) }, cause: check.CauseKeyEnded, alone: check.CauseKeyEnded},
		"its end, 403": {before: func(k *jumpcloudtest.Key) { k.Expires = noon.Add(time.Hour) }, cause: check.CauseKeyEnded, alone: refused,
			happens: func(s *jumpcloudtest.Server) {
				s.SetClock(time.Until(noon.Add(2 * time.Hour)))
				refusedWith(forbidden(), func(k *jumpcloudtest.Key) { k.Expires = noon.Add(time.Hour) })(s)
			}},
		"its end, which was not told": {happens: odd(made, noon.Add(-time.Minute), ""), cause: check.CauseKeyEnded, alone: stopped},
		"nothing that shows":          of(refusedWith(unknown(), func(*jumpcloudtest.Key) {}), unexplained("end")),
		"nothing that shows, 403": {happens: refusedWith(forbidden(), func(*jumpcloudtest.Key) {}), cause: check.CauseKeyUnexplained, alone: refused,
			facts: check.Facts{"RuledOut": "generated,removed,suspended,access,role"}},
		"nothing told": of(refusedWith(unknown(), func(k *jumpcloudtest.Key) {
			k.Odd = map[string]any{"apiKeyHash": nil, "apiKeyUpdatedAt": nil, "suspended": nil, "apiKeyAllowed": "yes", "roleName": 7}
		}), unexplained("end,generated,suspended,access,role")),
		"dates that contradict each other":  of(odd(noon, noon.AddDate(0, 0, -1), ""), unexplained("end,generated")),
		"a key of the future":               of(odd(noon.AddDate(0, 0, 5), time.Time{}, ""), unexplained("end,generated")),
		"a key that is older":               of(odd(made.AddDate(0, 0, -5), time.Time{}, ""), unexplained("end,generated")),
		"a newer key while this one worked": of(odd(noon.AddDate(0, 0, -5), time.Time{}, ""), unexplained("end,generated")),
		"the same second, written apart":    of(odd(made.Add(900*time.Millisecond), time.Time{}, ""), unexplained("end")),
		"another prefix": {happens: odd(time.Time{}, time.Time{}, "jca_TESTnew"), cause: check.CauseKeyReplaced, alone: stopped,
			facts: check.Facts{"Created": ""}, byKey: true},
		"the same prefix": of(odd(time.Time{}, time.Time{}, "jca_TESTdead"), unexplained("end,generated")),
	}
}

// serviceAccount names one of the askers.
const serviceAccount = "a service account's key"

// asker is another connection to the same organization, or none.
type asker struct {
	key    func(*jumpcloudtest.Key)
	broken func(*jumpcloudtest.Key) // what becomes of it later
	asked  string                   // the fact NotAsked where it cannot be asked
}

func askers() map[string]asker {
	return map[string]asker{
		"no other key":              {asked: "no_other_key"},
		"a key that may read":       {key: func(*jumpcloudtest.Key) {}},
		"a multi-tenant key":        {key: func(k *jumpcloudtest.Key) { k.MultiTenant, k.Organizations = true, []string{juniper, larkspur} }},
		serviceAccount:              {key: func(k *jumpcloudtest.Key) { k.ServiceAccount = true }},
		"a key that may not read":   {key: func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/users"} }, asked: "refused"},
		"a key that is refused too": {key: func(*jumpcloudtest.Key) {}, broken: func(k *jumpcloudtest.Key) { k.Revoked = true }, asked: "refused"},
		"a key in trouble": {key: func(*jumpcloudtest.Key) {}, asked: "trouble",
			broken: func(k *jumpcloudtest.Key) {
				k.Fault = jumpcloudtest.Status(http.StatusServiceUnavailable).On("/api/users")
			}},
	}
}

// connect keeps a connection with the key, and one with each other key.
func connect(t *testing.T, s *jumpcloudtest.Server, c *connector.Connector, keys ...jumpcloudtest.Key) (all []connector.Connection) {
	t.Helper()
	for _, k := range keys {
		s.SetKey(k)
		credentials := check.Credentials{Region: "r0", APIKey: secret.New(k.Value), OrganizationID: secret.New(larkspur)}
		all = append(all, save(t, c, "", credentials, connector.KeepingBoth()))
	}
	return all
}

// otherwise is the key that is asked.
func otherwise(change func(*jumpcloudtest.Key)) jumpcloudtest.Key {
	k := jumpcloudtest.Key{Value: otherKey, Email: "dana@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{larkspur}, Created: noon.AddDate(-1, 0, 0)}
	change(&k)
	return k
}

// asks wants the other key to have asked for the administrators of our organization only, and returns how often.
func asks(t *testing.T, s *jumpcloudtest.Server) (times int) {
	t.Helper()
	for _, r := range s.Requests() {
		if !r.Key.Equal(secret.New(otherKey)) {
			continue
		}
		times++
		if r.Method != http.MethodGet || r.Path != "/api/users" || r.OrganizationID != larkspur {
			t.Errorf("the other key was used for %s %s of %s", r.Method, r.Path, r.OrganizationID)
		}
	}
	return times
}

// Each way in which a key dies, with each other key that may be there.
func TestWhyAKeyIsRefused(t *testing.T) {
	for way, d := range deaths() {
		for who, a := range askers() {
			t.Run(way+", "+who, func(t *testing.T) {
				s := newServer(t)
				c := newConnector(keychain.Memory(), s)
				dead := ownedKey()
				if d.before != nil {
					d.before(&dead)
				}
				keys := []jumpcloudtest.Key{dead}
				if a.key != nil {
					keys = append(keys, otherwise(a.key))
				}
				kept := connect(t, s, c, keys...)
				if a.broken != nil {
					k := otherwise(a.key)
					a.broken(&k)
					s.SetKey(k)
				}
				d.happens(s)
				s.ResetRequests()
				report, err := checkTwice(t, c, kept[0].ID)
				if err != nil {
					t.Fatal(err)
				}
				result := report.Result(check.IDKey)
				switch {
				case d.alone == check.CauseKeyEnded: // nobody has to be asked
					if n := asks(t, s); result.Cause != check.CauseKeyEnded || n > 0 {
						t.Errorf("it is %s, and the other key was used %d times", result.Cause, n)
					}
				case a.asked != "":
					if result.Cause != d.alone || result.Facts["NotAsked"] != a.asked {
						t.Errorf("it is %s %v, want %s", result.Cause, result.Facts, d.alone)
					}
				default:
					explained(t, d, who, result)
				}
				if n := asks(t, s); n > 4 { // a server's failure is tried again
					t.Errorf("the other key was used %d times", n)
				}
				if reread := keptReport(t, c, kept[0].ID).Result(check.IDKey); reread.Cause != result.Cause {
					t.Errorf("it is kept as %s", reread.Cause)
				}
			})
		}
	}
}

// explained wants what another key tells.
func explained(t *testing.T, d death, who string, result check.Result) {
	t.Helper()
	if who == serviceAccount && d.byKey {
		d.cause, d.facts = check.CauseKeyUnexplained, nil
	}
	if who == serviceAccount && d.facts["Organization"] != "" {
		d.facts = check.Facts{"Organization": larkspur} // its name is not told
	}
	if result.Cause != d.cause || result.State != check.Failed || result.Facts["AnotherKey"] != "yes" || result.Facts["NotAsked"] != "" {
		t.Errorf("it is %s %s %v, want %s", result.State, result.Cause, result.Facts, d.cause)
	}
	for name, want := range d.facts {
		if result.Facts[name] != want {
			t.Errorf("%s is %q, want %q", name, result.Facts[name], want)
		}
	}
}

// A prefix says nothing if the asking key does not begin as is told of it.
func TestAPrefixOfAnUnknownFormSaysNothing(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	kept := connect(t, s, c, ownedKey(), otherwise(func(k *jumpcloudtest.Key) { k.Odd = hash(noon, time.Time{}, "••••0003") }))
	refusedWith(jumpcloudtest.Unauthorized(), func(k *jumpcloudtest.Key) { k.Odd = hash(time.Time{}, time.Time{}, "••••0001") })(s)
	if report, err := checkTwice(t, c, kept[0].ID); err != nil || report.Result(check.IDKey).Cause != check.CauseKeyUnexplained {
		t.Errorf("it is %s, %v", report.Result(check.IDKey).Cause, err)
	}
}

// JumpCloud writes email addresses in other capitals in its list, and may not tell the owner of a key at all.
func TestWhoseKeyItWas(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	kept := connect(t, s, c, ownedKey(), otherwise(func(*jumpcloudtest.Key) {}))
	refusedWith(nil, func(k *jumpcloudtest.Key) { k.Email, k.Suspended = "Audit@LARKSPUR.example", true })(s)
	if report, err := checkTwice(t, c, kept[0].ID); err != nil || report.Result(check.IDKey).Cause != check.CauseSuspended {
		t.Errorf("it is %s, %v", report.Result(check.IDKey).Cause, err)
	}
	for name, untold := range map[string]jumpcloudtest.Key{
		"service account": {Value: deadKey, ServiceAccount: true, Organizations: []string{larkspur}},
		"not told":        {Value: deadKey, Role: jumpcloudtest.RoleReadOnly, Refused: []string{"/api/users/getSelf"}, Organizations: []string{larkspur}},
	} {
		s := newServer(t)
		c := newConnector(keychain.Memory(), s)
		kept := connect(t, s, c, untold, otherwise(func(*jumpcloudtest.Key) {}))
		s.Revoke(deadKey)
		s.ResetRequests()
		report, err := checkTwice(t, c, kept[0].ID)
		key := report.Result(check.IDKey)
		if err != nil || key.Cause != check.CauseKeyStopped || key.Facts["NotAsked"] != check.OwnerUnknown || asks(t, s) > 0 {
			t.Errorf("%s: it is %s %v, %v", name, key.Cause, key.Facts, err)
		}
	}
}

// An owner who is not in the list was removed only if the list would have them.
func TestAListThatNeedNotHaveTheOwner(t *testing.T) {
	for name, one := range map[string]struct {
		owner  func(*jumpcloudtest.Key)
		change []jumpcloudtest.Change
	}{
		"the asker is not listed either": {change: []jumpcloudtest.Change{jumpcloudtest.Total("1"), jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage { return rows[:1] })}},
		"the list breaks off":            {change: []jumpcloudtest.Change{jumpcloudtest.Total("7000")}},
		"an MSP's administrator, of whom one organization is kept": {owner: func(k *jumpcloudtest.Key) {
			k.MultiTenant, k.Organizations = true, []string{larkspur, juniper}
		}},
		"an MSP that is not named": {owner: func(k *jumpcloudtest.Key) {
			k.MultiTenant, k.Organizations, k.Odd = true, []string{larkspur, juniper}, map[string]any{"provider": nil}
		}},
		"an MSP with one client":         {owner: func(k *jumpcloudtest.Key) { k.MultiTenant = true }},
		"what the key opens is not told": {owner: func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/organizations"} }},
	} {
		s := newServer(t)
		c := newConnector(keychain.Memory(), s)
		owned := ownedKey()
		if one.owner != nil {
			one.owner(&owned)
		}
		kept := connect(t, s, c, owned, otherwise(func(*jumpcloudtest.Key) {}))
		s.Remove(deadKey)
		if one.change != nil {
			s.Fail(jumpcloudtest.Changed(one.change...).On("/api/users"))
		}
		report, err := checkTwice(t, c, kept[0].ID)
		key := report.Result(check.IDKey)
		if err != nil || key.Cause != check.CauseKeyUnexplained || !strings.Contains(key.Facts["Open"], "removed") {
			t.Errorf("%s: it is %s %v, %v", name, key.Cause, key.Facts, err)
		}
	}
}

// What was told once stays told while the key is refused, although nobody can tell it any more. What changes is told anew.
func TestWhatWasToldStays(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	kept := connect(t, s, c, ownedKey(), otherwise(func(*jumpcloudtest.Key) {}))
	s.Generate(deadKey, newerKey, 0)
	cause := func() check.Cause {
		report, err := checkTwice(t, c, kept[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return report.Result(check.IDKey).Cause
	}
	if got := cause(); got != check.CauseKeyReplaced {
		t.Errorf("at first it is %s", got)
	}
	s.Fail(jumpcloudtest.Status(http.StatusServiceUnavailable).On("/api/users"))
	if got := cause(); got != check.CauseKeyReplaced {
		t.Errorf("while the other key cannot be asked, it is %s", got)
	}
	s.Heal()
	s.Remove(newerKey)
	if got := cause(); got != check.CauseOwnerRemoved {
		t.Errorf("once the owner is removed, it is %s", got)
	}
}

// Many connections of one dead key ask once, also of another organization than their own: the answer is about the key.
func TestManyConnectionsAskOnce(t *testing.T) {
	const n = 200
	dead := jumpcloudtest.Key{Value: deadKey, Email: "audit@northgate-msp.example", Role: jumpcloudtest.RoleReadOnly, MultiTenant: true, Created: noon.AddDate(0, -2, 0)}
	w := jumpcloudtest.World{}
	var organizations []check.Organization
	for i := range n {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(i), Name: fmt.Sprint("Client ", i), People: 1}
		w.Organizations, dead.Organizations = append(w.Organizations, o), append(dead.Organizations, o.ID)
		organizations = append(organizations, check.Organization{ID: o.ID, Name: o.Name})
	}
	w.Keys = []jumpcloudtest.Key{dead}
	s := jumpcloudtest.New(w)
	t.Cleanup(s.Close)
	s.SetClock(time.Until(noon))
	c := newConnector(keychain.Memory(), s)
	credentials := check.Credentials{Region: "r0", APIKey: secret.New(deadKey)}
	if err := c.ConnectEach(t.Context(), credentials, organizations, func(connector.Connected) {}); err != nil {
		t.Fatal(err)
	}
	connect(t, s, c, otherwise(func(*jumpcloudtest.Key) {}))
	all, err := c.Connections(t.Context(), nil)
	if err != nil || len(all) != n+1 {
		t.Fatalf("%d connections, %v", len(all), err)
	}
	of := func(connections []connector.Connection) (dead []connector.Connection) {
		for _, one := range connections {
			if one.KeyID == connector.KeyID(secret.New(deadKey)) {
				dead = append(dead, one)
			}
		}
		return dead
	}
	s.Generate(deadKey, newerKey, 0)
	causes := make(map[check.Cause]int)
	s.ResetRequests()
	if watchEach(t, c, of(all), false); asks(t, s) > 0 {
		t.Error("after one refusal, another key was asked")
	}
	c.WatchEach(t.Context(), of(all), all, true, func(seen connector.Watched) { causes[seen.Report.Result(check.IDKey).Cause]++ })
	if n := asks(t, s); n != 1 {
		t.Errorf("a watcher asks %d times", n)
	}
	s.ResetRequests()
	c.CheckEach(t.Context(), of(all), func(_ string, report check.Report, _ error) { causes[report.Result(check.IDKey).Cause]++ })
	if n := asks(t, s); n != 1 || causes[check.CauseKeyReplaced] != 2*len(of(all)) {
		t.Errorf("a check of all asks %d times, and finds %v", n, causes)
	}
}

func TestNoKeyOfAnotherRegionOrOrganizationIsAsked(t *testing.T) {
	s, elsewhere := newServer(t), newServer(t)
	c := newConnector(keychain.Memory(), s, elsewhere)
	kept := connect(t, s, c, ownedKey())
	s.SetKey(otherwise(func(k *jumpcloudtest.Key) { k.Organizations = []string{juniper} }))
	save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(otherKey)})
	third := otherwise(func(k *jumpcloudtest.Key) { k.Value = newerKey })
	elsewhere.SetKey(third)
	save(t, c, "", check.Credentials{Region: "r1", APIKey: secret.New(third.Value)})
	s.Revoke(deadKey)
	s.ResetRequests()
	elsewhere.ResetRequests()
	report, err := checkTwice(t, c, kept[0].ID)
	if key := report.Result(check.IDKey); err != nil || key.Facts["NotAsked"] != check.NoOtherKey || asks(t, s) > 0 {
		t.Errorf("it is %s %v, %v", key.Cause, key.Facts, err)
	}
	if slices.ContainsFunc(elsewhere.Requests(), func(r jumpcloudtest.Request) bool { return !r.Key.Equal(secret.New(deadKey)) }) {
		t.Error("the key of another region was asked")
	}
}

// A watcher says once why a key died: a minute after the first refusal, and not again while it stays so.
func TestAWatcherTellsOnceWhyAKeyDied(t *testing.T) {
	s := newServer(t)
	now := noon
	c := connector.New(keychain.New(keychain.Memory(), service), connector.WithRegions(jumpcloud.Region{ID: "r0", Console: s.URL}),
		connector.WithHTTPClient(impatient), connector.WithClock(func() time.Time { return now }))
	kept := connect(t, s, c, ownedKey(), otherwise(func(*jumpcloudtest.Key) {}))
	s.ResetRequests()
	watched, watch := kept[:1], connector.NewWatch(24*time.Hour)
	var refused, told time.Time
	dies := noon.Add(10 * time.Hour)
	for ; now.Before(noon.Add(100 * time.Hour)); now = now.Add(connector.WatchTick) {
		s.SetClock(time.Until(now))
		if now.Equal(dies) {
			s.Generate(deadKey, newerKey, 0)
		}
		due, again := watch.Due(watched, now)
		c.WatchEach(t.Context(), append(due, again...), kept, len(again) > 0, func(seen connector.Watched) {
			watch.Note(watched[0], seen, now)
			switch key := seen.Report.Result(check.IDKey); {
			case seen.News == connector.Doubtful:
				refused = now
				return
			case seen.News == connector.Changed && told.IsZero():
				told = now
				if created, err := time.Parse(time.RFC3339, key.Facts["Created"]); key.Cause != check.CauseKeyReplaced || err != nil || created.Sub(dies).Abs() > time.Minute {
					t.Errorf("it is %s %v", key.Cause, key.Facts)
				}
			case seen.News != connector.NoNews || seen.Err != nil:
				t.Errorf("at %v: news %d of %s, %v", now, seen.News, key.Cause, seen.Err)
			}
			watched[0].Report = seen.Report
		})
	}
	if told.Sub(refused) != time.Minute || refused.Before(dies) {
		t.Errorf("it dies at %v, is refused at %v, and that is told at %v", dies, refused, told)
	}
	if n := asks(t, s); n < 3 || n > 5 { // once a day
		t.Errorf("the other key was asked %d times in three days", n)
	}
}
