package connector_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// nextKey is the key that takes the place of another one.
const nextKey = "jca_TESTnext000000000000000000000000000000001"

// rotating is a Connector with connections of one key, before they get another one.
type rotating struct {
	*connector.Connector
	t *testing.T
	s *jumpcloudtest.Server
	k *recorder
}

// beforeRotation connects n organizations of the sample's MSP.
func beforeRotation(t *testing.T, n int) rotating {
	t.Helper()
	s, k := newServer(t), newRecorder()
	r := rotating{newConnector(k, s), t, s, k}
	if got := connectEach(t, r.Connector, jumpcloudtest.SampleMultiTenantKey, someClients(n)); got["connected"] != n {
		t.Fatalf("%v", got)
	}
	return r
}

// setKey has the server know the next key: that of the sample's MSP, with a change.
func (r rotating) setKey(change func(*jumpcloudtest.Key)) {
	world := jumpcloudtest.SampleWorld()
	key := world.Keys[slices.IndexFunc(world.Keys, func(k jumpcloudtest.Key) bool { return k.Value == jumpcloudtest.SampleMultiTenantKey })]
	key.Value = nextKey
	change(&key)
	r.s.SetKey(key)
}

func unchanged(*jumpcloudtest.Key) {}

func (r rotating) all() []connector.Connection {
	r.t.Helper()
	all, err := r.Connections(r.t.Context(), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// rotation is that of the first connection's key.
func (r rotating) rotation() connector.Rotation {
	r.t.Helper()
	all := r.all()
	return connector.RotationOf(all, check.KeyInRegion{Region: all[0].Region, KeyID: all[0].KeyID})
}

// try tries a key, and returns how many connections each was called for, too.
func (r rotating) try(key string, before connector.Trial) (connector.Trial, int, error) {
	r.t.Helper()
	told := 0
	trial, err := r.TryKey(r.t.Context(), r.rotation(), with(key), before, ignore, func(connector.Tried) { told++ })
	return trial, told, err
}

// works is a trial of the next key that works for all.
func (r rotating) works() connector.Trial {
	r.t.Helper()
	trial, _, err := r.try(nextKey, connector.Trial{})
	if err != nil || !trial.Complete() || len(trial.Lost()) > 0 {
		r.t.Fatalf("%v, lost %v, not known %v", err, trial.LostByCause(), trial.NotKnown())
	}
	return trial
}

// have fails unless so many connections have each key, and as many keys are stored as they have.
func (r rotating) have(when string, want map[string]int) {
	r.t.Helper()
	got := make(map[string]int)
	restarted := newConnector(r.k, r.s)
	all, err := restarted.Connections(r.t.Context(), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, one := range all {
		key, err := restarted.APIKey(r.t.Context(), one.ID)
		if err != nil || connector.KeyID(key) != one.KeyID {
			r.t.Errorf("%s: %s: %v", when, one.Name, err)
		}
		got[key.Reveal()]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		r.t.Errorf("%s: the connections have %v, want %v", when, got, want)
	}
	if stored := keptIn(r.t, r.k); stored.keys != len(want) {
		r.t.Errorf("%s: %d keys are stored", when, stored.keys)
	}
}

// A personal key: generating another one ends the former. ControlMap has the former one until somebody enters the new one there.
func TestRotatingAPersonalKey(t *testing.T) {
	s, k := newServer(t), newRecorder()
	r := rotating{newConnector(k, s), t, s, k}
	kept := save(t, r.Connector, "Ours", withRegion(jumpcloudtest.SampleKey))
	other := save(t, r.Connector, "", withRegion(jumpcloudtest.SampleAdministratorKey))
	kept.HandOver.Tenant = "https://larkspur.app.ctrlmap.com"
	if _, err := r.MarkHandedOver(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	rotation := connector.RotationOf(r.all(), check.KeyInRegion{Region: kept.Region, KeyID: kept.KeyID})
	handed := rotation.HandedOver()
	if rotation.Owner() != connector.OwnerAdministrator || len(rotation.Connections) != 1 || len(handed) != 1 || handed[0].HandOver.Tenant != kept.HandOver.Tenant {
		t.Errorf("before: %+v", rotation)
	}
	s.Generate(jumpcloudtest.SampleKey, nextKey, 0)
	if report, err := checkTwice(t, r.Connector, kept.ID); err != nil || report.Result(check.IDKey).Cause != check.CauseKeyStopped {
		t.Fatalf("the former key still works: %v", err)
	}
	rotation = connector.RotationOf(r.all(), rotation.Former)
	var watched []check.ID
	trial, err := r.TryKey(t.Context(), rotation, with(nextKey), connector.Trial{}, func(r check.Result) { watched = append(watched, r.Check) }, func(connector.Tried) {})
	if err != nil || !trial.Complete() || !trial.Email().Same() || !trial.Role().Same() || trial.Owner() != connector.OwnerAdministrator || !slices.Contains(watched, check.IDApplications) {
		t.Fatalf("trial: %v, %+v", err, trial)
	}
	rotated, err := r.Rotate(t.Context(), trial)
	if err != nil || len(rotated) != 1 || rotated[0].Name != "Ours" || !rotated[0].Report.Usable() || rotated[0].KeyID != connector.KeyID(secret.New(nextKey)) {
		t.Fatalf("%v, %+v", err, rotated)
	}
	r.have("rotated", map[string]int{nextKey: 1, jumpcloudtest.SampleAdministratorKey: 1})
	still := connector.NotHandedOver(r.all(), time.Now()).Outdated
	if len(still) != 1 || still[0].ID != kept.ID || still[0].HandOver.Tenant != kept.HandOver.Tenant || still[0].Report.Administrator.KeyCreated.Before(noon.AddDate(0, 0, -1)) {
		t.Errorf("still in ControlMap: %+v", still)
	}
	if _, err := r.MarkHandedOver(t.Context(), still[0]); err != nil || len(connector.NotHandedOver(r.all(), time.Now()).Outdated) > 0 {
		t.Errorf("handed over again: %v", err)
	}
	if now := connector.RotationOf(r.all(), check.KeyInRegion{Region: other.Region, KeyID: other.KeyID}).Connections; len(now) != 1 || !now[0].Saved.Equal(other.Saved) {
		t.Errorf("another key's connection is %+v", now)
	}
}

// A service account: its second credential works beside the first one, which is revoked last. So there is no gap.
func TestRotatingAServiceAccountsKey(t *testing.T) {
	s, k := newServer(t), newRecorder()
	r := rotating{newConnector(k, s), t, s, k}
	credentials := withRegion(jumpcloudtest.SampleServiceKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(1))
	kept := save(t, r.Connector, "", credentials)
	check := func(when string) {
		t.Helper()
		if report, err := r.Check(t.Context(), kept.ID, ignore); err != nil || !report.Usable() {
			t.Errorf("%s: %v, %+v", when, err, report.Results)
		}
	}
	s.AddCredential(jumpcloudtest.SampleServiceKey, nextKey, 0)
	check("with two credentials")
	trial := r.works()
	if trial.Owner() != connector.OwnerServiceAccount || r.rotation().Owner() != connector.OwnerServiceAccount || trial.Role().Known() {
		t.Errorf("trial: %+v", trial)
	}
	check("tried")
	if _, err := r.Rotate(t.Context(), trial); err != nil {
		t.Fatal(err)
	}
	check("rotated")
	s.Revoke(jumpcloudtest.SampleServiceKey)
	check("the former one revoked")
	r.have("at the end", map[string]int{nextKey: 1})
}

// One key of many: its own questions are asked once, and all connections get it.
func TestRotatingTheKeyOfMany(t *testing.T) {
	const all = 24
	r := beforeRotation(t, all)
	r.setKey(func(k *jumpcloudtest.Key) { k.Email, k.Role = "new@northgate-msp.example", jumpcloudtest.RoleHelpDesk })
	r.s.ResetRequests()
	trial := r.works()
	if n := asked(r.s)["/api/organizations"]; n != 1 {
		t.Errorf("the organizations were asked for %d times", n)
	}
	if role := trial.Role(); role.Same() || role.Former != jumpcloudtest.RoleReadOnly || role.Next != jumpcloudtest.RoleHelpDesk || trial.Email().Same() {
		t.Errorf("role %+v, email %+v", role, trial.Email())
	}
	writes := r.k.writes
	if rotated, err := r.Rotate(t.Context(), trial); err != nil || len(rotated) != all {
		t.Fatalf("%d are rotated, %v", len(rotated), err)
	}
	r.have("rotated", map[string]int{nextKey: all})
	t.Logf("%d writes for %d pages", r.k.writes-writes, len(pages(t, r.k)))
	for _, one := range r.all() {
		if one.Report.Administrator.Role != jumpcloudtest.RoleHelpDesk || !one.Saved.Equal(noon) {
			t.Errorf("%s has %+v", one.Name, one.Report.Administrator)
		}
	}
	if _, err := r.Rotate(t.Context(), trial); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("a second time: %v", err)
	}
}

// Where the new key does not open all organizations, nothing is replaced unless a person says so.
func TestRotatingToAKeyThatOpensFewer(t *testing.T) {
	const all, lost = 12, 2
	r := beforeRotation(t, all)
	r.setKey(func(k *jumpcloudtest.Key) {
		k.Organizations = slices.DeleteFunc(slices.Clone(k.Organizations), func(id string) bool {
			return id == jumpcloudtest.OrganizationID(100) || id == jumpcloudtest.OrganizationID(107)
		})
	})
	trial, told, err := r.try(nextKey, connector.Trial{})
	why := trial.LostByCause()
	if err != nil || told != all || !trial.Complete() || len(trial.Lost()) != lost || len(trial.Works()) != all-lost ||
		len(why) != 1 || why[0].Why.Cause != check.CauseNotOpened || len(why[0].Organizations) != lost || trial.Lost()[0].Why().Cause != check.CauseNotOpened {
		t.Fatalf("%v: lost %v of %d told", err, why, told)
	}
	if _, err := r.Rotate(t.Context(), trial); !errors.Is(err, connector.ErrLost) {
		t.Errorf("without a word: %v", err)
	}
	r.have("without a word", map[string]int{jumpcloudtest.SampleMultiTenantKey: all})
	if rotated, err := r.Rotate(t.Context(), trial, connector.LeavingLost()); err != nil || len(rotated) != all-lost {
		t.Errorf("leaving the lost ones: %d, %v", len(rotated), err)
	}
	r.have("leaving the lost ones", map[string]int{nextKey: all - lost, jumpcloudtest.SampleMultiTenantKey: lost})
	r.setKey(unchanged)
	former := connector.RotationOf(r.all(), trial.Rotation.Former)
	trial, err = r.TryKey(t.Context(), former, with(nextKey), trial, ignore, func(connector.Tried) {})
	if err != nil || len(trial.Tried) != lost {
		t.Fatalf("%v, tried %v", err, trial.Tried)
	}
}

// What another process does between the trial and the rotation counts.
func TestChangedBetweenTrialAndRotation(t *testing.T) {
	r := beforeRotation(t, 5)
	r.setKey(unchanged)
	trial := r.works()
	another := newConnector(r.k, r.s)
	if got := connectEach(t, another, jumpcloudtest.SampleMultiTenantKey, someClients(6)); got["connected"] != 1 {
		t.Fatal(got)
	}
	if _, err := r.Rotate(t.Context(), trial); !errors.Is(err, connector.ErrNotTried) {
		t.Errorf("one was added: %v", err)
	}
	r.have("one was added", map[string]int{jumpcloudtest.SampleMultiTenantKey: 6})
	trial, told, err := r.try(nextKey, trial)
	if err != nil || told != 1 || !trial.Complete() {
		t.Fatalf("again: %v, told of %d", err, told)
	}
	all := r.all()
	if _, err := another.Rename(t.Context(), all[0], "renamed"); err != nil {
		t.Fatal(err)
	}
	if err := another.Remove(t.Context(), all[1].ID); err != nil {
		t.Fatal(err)
	}
	thirdKey := "jca_TESTthird0000000000000000000000000000001"
	r.s.SetKey(jumpcloudtest.Key{Value: thirdKey, Role: jumpcloudtest.RoleReadOnly, Organizations: []string{all[2].Organization.ID}})
	save(t, another, "", withRegion(thirdKey), connector.Replacing(all[2]))
	rotated, err := r.Rotate(t.Context(), trial)
	if err != nil || len(rotated) != 4 {
		t.Fatalf("%d are rotated, %v", len(rotated), err)
	}
	r.have("rotated", map[string]int{nextKey: 4, thirdKey: 1})
	if !slices.ContainsFunc(r.all(), func(one connector.Connection) bool { return one.ID == all[0].ID && one.Name == "renamed" }) {
		t.Error("the new name is lost")
	}
}

// Connections that are only in memory get the key, too, and a watcher uses it from then on.
func TestRotatingInTheSession(t *testing.T) {
	r := beforeRotation(t, 2)
	credentials := withRegion(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(110))
	kept, err := r.SaveForSession(t.Context(), "", credentials, validated(t, r.Connector, credentials))
	if err != nil {
		t.Fatal(err)
	}
	watchEach(t, r.Connector, r.all(), false)
	r.s.Generate(jumpcloudtest.SampleMultiTenantKey, nextKey, 0)
	trial := r.works()
	if rotated, err := r.Rotate(t.Context(), trial); err != nil || len(rotated) != 3 {
		t.Fatalf("%d are rotated, %v", len(rotated), err)
	}
	r.have("in the keychain", map[string]int{nextKey: 2})
	if key, err := r.APIKey(t.Context(), kept.ID); err != nil || key.Reveal() != nextKey {
		t.Errorf("in the session: %v", err)
	}
	for id, seen := range watchEach(t, r.Connector, r.all(), false) {
		if seen.Err != nil || seen.News != connector.NoNews {
			t.Errorf("%s is watched with the former key: %+v", id, seen)
		}
	}
}

// Without a system keychain, connections in memory can get another key all the same.
func TestRotatingWithoutAKeychain(t *testing.T) {
	s, k := newServer(t), newRecorder()
	k.fail = keychain.ErrNoService
	c := newConnector(k, s)
	kept, err := c.SaveForSession(t.Context(), "", withRegion(jumpcloudtest.SampleKey), validated(t, c, withRegion(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	s.Generate(jumpcloudtest.SampleKey, nextKey, 0)
	r := connector.RotationOf([]connector.Connection{kept}, check.KeyInRegion{Region: kept.Region, KeyID: kept.KeyID})
	trial, err := c.TryKey(t.Context(), r, with(nextKey), connector.Trial{}, ignore, func(connector.Tried) {})
	if err != nil {
		t.Fatal(err)
	}
	if rotated, err := c.Rotate(t.Context(), trial); err != nil || len(rotated) != 1 {
		t.Errorf("%v, %v", rotated, err)
	}
	if key, err := c.APIKey(t.Context(), kept.ID); err != nil || key.Reveal() != nextKey {
		t.Error(err)
	}
}

// The history goes on with the new key, and nobody is reminded of the end of the former one.
func TestARotationIsInTheHistory(t *testing.T) {
	r := newRemembering(t)
	kept := save(t, r.Connector, "", withRegion(jumpcloudtest.SampleEndingKey))
	r.later(25 * time.Hour)
	r.s.Revoke(jumpcloudtest.SampleEndingKey)
	r.checks(t, kept.ID)
	r.s.Generate(jumpcloudtest.SampleEndingKey, nextKey, 0)
	r.later(25 * time.Hour)
	rotation := connector.RotationOf([]connector.Connection{r.only(t)}, check.KeyInRegion{Region: kept.Region, KeyID: kept.KeyID})
	trial, err := r.TryKey(t.Context(), rotation, with(nextKey), connector.Trial{}, ignore, func(connector.Tried) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Rotate(t.Context(), trial); err != nil {
		t.Fatal(err)
	}
	past, err := r.History(t.Context(), kept.ID)
	var states []string
	for _, one := range past {
		states = append(states, one.State.String())
	}
	if err != nil || fmt.Sprint(states) != "[warning failed passed]" {
		t.Errorf("the history is %v, %v", states, err)
	}
	if before := connector.Reminders([]connector.Connection{kept}, noon); len(before) != 1 {
		t.Errorf("before, there are %d reminders", len(before))
	}
	if now := connector.Reminders([]connector.Connection{r.only(t)}, r.clock); len(now) > 0 {
		t.Errorf("there is still a reminder: %+v", now)
	}
}
