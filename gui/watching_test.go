package gui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// watched is a stage whose connections are watched. All of its clocks are the stage's.
type watched struct {
	*stage
	started time.Time
	told    []string // the notifications
}

// watch opens a window on a keychain, with one connection to each of the first n clients of the MSP.
func watch(t *testing.T, k keychain.Backend, n int) *watched {
	t.Helper()
	w := &watched{}
	now := func() time.Time {
		if w.stage == nil {
			return time.Now()
		}
		return w.clock.Now()
	}
	w.stage = openOn(t, sampleServer(t), k, Options{}, connector.WithClock(now))
	w.started = w.clock.Now()
	w.watcher.notify = func(title, text string) { w.told = append(w.told, title+" | "+text) }
	w.idle()
	for i := range n {
		w.connect(jumpcloudtest.SampleMultiTenantKey, 107+i)
	}
	w.reread()
	w.settle()
	return w
}

// connect keeps a connection of a key to an organization.
func (w *watched) connect(key string, organization int) {
	w.t.Helper()
	c := check.Credentials{APIKey: secret.New(key), OrganizationID: secret.New(jumpcloudtest.OrganizationID(organization))}
	if _, err := w.c.Save(w.t.Context(), "", c, w.c.Validate(w.t.Context(), c, func(check.Result) {})); err != nil {
		w.t.Fatal(err)
	}
}

// wait lets time go by, minute by minute at its end, and does what comes of it.
func (w *watched) wait(d time.Duration) {
	const last = 5
	w.after(d - last*time.Minute)
	for range last {
		w.after(time.Minute)
	}
}

func (w *watched) after(d time.Duration) {
	w.server.SetClock(time.Until(w.clock.Now().Add(d)))
	w.pass(d)
	w.settle()
}

// minutes lets minutes go by, one after the other.
func (w *watched) minutes(n int) {
	for range n {
		w.after(time.Minute)
	}
}

// setKey changes the MSP's key on the server.
func (w *watched) setKey(change func(*jumpcloudtest.Key)) {
	keys := jumpcloudtest.SampleWorld().Keys
	k := keys[slices.IndexFunc(keys, func(k jumpcloudtest.Key) bool { return k.Value == jumpcloudtest.SampleMultiTenantKey })]
	change(&k)
	w.server.SetKey(k)
}

// hears fails unless exactly these notifications were shown since it was called last. Each begins with its text.
func (w *watched) hears(when string, begins ...string) {
	w.t.Helper()
	same := len(w.told) == len(begins)
	for i := range min(len(w.told), len(begins)) {
		same = same && strings.HasPrefix(w.told[i], begins[i])
	}
	if !same {
		w.t.Errorf("%s: notified of %q, not of %q", when, w.told, begins)
	}
	w.told = nil
}

// What changes on the server is seen within a day, told once, and shown in the list. When it is mended, that is told too.
func TestAConnectionBreaksWhileItIsWatched(t *testing.T) {
	w := watch(t, keychain.Memory(), 3)
	w.wait(27 * time.Hour)
	w.hears("nothing has changed")
	if age := w.connections.all[0].Report.At.Sub(w.started); age < 20*time.Hour {
		t.Errorf("the connections were last checked %v after the start", age)
	}
	clients := func(k *jumpcloudtest.Key) {
		k.Organizations = slices.DeleteFunc(slices.Clone(k.Organizations), func(id string) bool { return id == jumpcloudtest.OrganizationID(108) })
	}
	w.setKey(clients)
	w.wait(27 * time.Hour)
	w.hears("the key no longer opens one organization", "Ashby Clinic stopped working | ")
	if row := w.rows(words.Text("list.title")); !strings.Contains(strings.Join(row, "\n"), "Ashby Clinic\nBroken") {
		t.Errorf("the list says %q", row)
	}
	w.wait(3 * 24 * time.Hour)
	w.hears("it is still so")
	w.setKey(func(*jumpcloudtest.Key) {})
	w.wait(27 * time.Hour)
	w.hears("the key opens it again", "Ashby Clinic works again | What was wrong is mended.")
}

// Twenty connections whose key ends are one notification. A refusal that comes once is none.
func TestOneNotificationForACause(t *testing.T) {
	w := watch(t, keychain.Memory(), 20)
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.after(23 * time.Hour)
	w.hears("the key was refused once")
	w.setKey(func(*jumpcloudtest.Key) {})
	w.minutes(10)
	w.hears("the key was refused once only")
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.wait(27 * time.Hour)
	w.hears("the key is revoked", "20 connections stopped working | JumpCloud no longer knows this key")
	if !strings.Contains(strings.Join(w.rows(words.Text("list.title")), "\n"), "Broken") {
		t.Errorf("the list says %q", w.rows(words.Text("list.title")))
	}
	w.wait(48 * time.Hour)
	w.hears("it is still so")
}

// One cause that comes to light bit by bit is told at most once an hour.
func TestACauseIsNotToldEachMinute(t *testing.T) {
	w := watch(t, keychain.Memory(), 24)
	w.setKey(func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/v2/policies"} })
	w.after(3 * 24 * time.Hour) // all are due, ten a minute
	w.minutes(70)
	if len(w.told) != 2 || !strings.HasPrefix(w.told[0], "Have a look at 10 connections") || !strings.HasPrefix(w.told[1], "Have a look at 14 connections") {
		t.Errorf("notified of %q", w.told)
	}
}

// What is in the way is never called broken, and is not told. The list says since when nothing is known.
func TestTroubleOnTheWayIsNotTold(t *testing.T) {
	for name, fault := range map[string]*jumpcloudtest.Fault{
		"server": jumpcloudtest.Status(http.StatusServiceUnavailable), "portal": jumpcloudtest.CaptivePortal(), "limit": jumpcloudtest.RateLimited(time.Hour),
		"dropped": jumpcloudtest.Drop(), "filter": jumpcloudtest.FilterPage(), "garbage": jumpcloudtest.Garbage(),
	} {
		w := watch(t, keychain.Memory(), 2)
		w.server.Fail(fault)
		w.wait(27 * time.Hour)
		w.hears(name)
		list := strings.Join(w.rows(words.Text("list.title")), "\n")
		if since := "not checked since " + words.Date(w.started); strings.Contains(list, "Broken") || !strings.Contains(list, since) {
			t.Errorf("%s: the list says %q, not %q", name, list, since)
		}
		if kept := w.kept(); kept[0].Report.Undecided() {
			t.Errorf("%s: what could not be found out is kept", name)
		}
		w.server.Heal()
		w.minutes(20)
		w.hears(name + " is over")
		if list := strings.Join(w.rows(words.Text("list.title")), "\n"); strings.Contains(list, "not checked since") {
			t.Errorf("after %s the list says %q", name, list)
		}
		w.close()
	}
}

// Who wants no checks gets none, and who wants them each hour gets them.
func TestHowOftenIsChosen(t *testing.T) {
	w := watch(t, keychain.Memory(), 2)
	t.Cleanup(func() { w.app.Preferences().RemoveValue(watchSetting) })
	w.menu("View", "Settings…")
	for _, one := range []struct {
		option  string
		passes  time.Duration
		checked bool
	}{{"Never", 40 * 24 * time.Hour, false}, {"Every week", time.Hour, true}, {"Every week", 5 * 24 * time.Hour, false},
		{"Every hour", 80 * time.Minute, true}, {"Every day", 12 * time.Hour, false}, {"Every day", 28 * time.Hour, true}} {
		w.server.ResetRequests()
		w.pick("Check connections again", one.option)
		w.settle()
		w.wait(one.passes)
		if asked := len(w.server.Requests()) > 0; asked != one.checked {
			t.Errorf("%s: after %v, JumpCloud was asked: %v", one.option, one.passes, asked)
		}
	}
	w.press("Send a test notification")
	w.hears("a test", "This is a test | ")
	if !w.offers("Sent") {
		t.Error("the button does not say that it was sent")
	}
}

// A keychain that fails is asked again after an hour, not each minute, for it may ask the user something each time.
func TestWatchingWithoutTheKeychain(t *testing.T) {
	k := broken(nil)
	w := watch(t, k, 2)
	k.fail(keychain.ErrLocked)
	w.server.ResetRequests()
	w.after(27 * time.Hour)
	w.minutes(50)
	w.hears("the keychain is locked")
	if n := len(w.server.Requests()); n > 0 || w.watcher.pause.IsZero() {
		t.Errorf("%d requests without a key", n)
	}
	k.fail(nil)
	w.minutes(20)
	if n := len(w.server.Requests()); n == 0 {
		t.Error("nothing was checked after the keychain was unlocked")
	}
}

// A connection that another program has removed or changed is read again, and nobody is told that it broke.
func TestWatchedConnectionsChangeElsewhere(t *testing.T) {
	k := keychain.Memory()
	w := watch(t, k, 3)
	other := connector.New(keychain.New(k, "gui.test"))
	if err := other.Remove(t.Context(), w.connections.all[0].ID); err != nil {
		t.Fatal(err)
	}
	w.setKey(func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/v2/policies"} })
	w.wait(27 * time.Hour)
	w.wait(time.Hour)
	if len(w.connections.all) != 2 {
		t.Errorf("the list has %d connections", len(w.connections.all))
	}
	for _, told := range w.told {
		if strings.Contains(told, "3 connections") {
			t.Errorf("notified of %q", told)
		}
	}
}

// Notices say in four languages what has happened, and to which connections.
func TestNotices(t *testing.T) {
	at := time.Now()
	report := func(cause check.Cause) check.Report {
		results := []check.Result{{Check: check.IDKey, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseKeyAccepted}},
			{Check: check.IDOrganization, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseOrganization}}}
		switch m := cause.Meaning(); m.State {
		case check.Failed:
			results[0].Outcome = check.Outcome{State: check.Failed, Cause: cause, Facts: check.Facts{}}
		case check.Warning:
			results = append(results, check.Result{Check: check.IDMFA, Outcome: check.Outcome{State: check.Warning, Cause: cause, Facts: check.Facts{}}})
		}
		return check.Report{At: at, Results: results}
	}
	good, stopped, mfa := report(check.CauseKeyAccepted), report(check.CauseKeyStopped), report(check.CauseMFAOff)
	var all []words.Change
	for i := range 7 {
		all = append(all, words.Change{Name: fmt.Sprint("Client ", i), Before: good, Now: stopped})
	}
	all = append(all, words.Change{Name: "Kestrel", Before: stopped, Now: good}, words.Change{Name: "Aldgate", Before: good, Now: mfa},
		words.Change{Name: "Ashby", Before: mfa, Now: good}, words.Change{Name: "Calder", Before: good, Now: report(check.CauseSuspended)})
	t.Cleanup(func() { _ = speak("en") })
	for _, l := range words.Languages {
		if err := speak(l.ID); err != nil {
			t.Fatal(err)
		}
		notices := words.Notices(all, at)
		if len(notices) != 4 {
			t.Fatalf("%s: %d notices: %+v", l.ID, len(notices), notices)
		}
		for i, names := range [][]string{{"Client 0", "Client 3", "3"}, {"Kestrel"}, {"Aldgate"}, {"Calder"}} {
			for _, name := range names {
				if told := notices[i].Title + notices[i].Text; !strings.Contains(told, name) || strings.Contains(told, "Client 4") || strings.Contains(told, "news.") {
					t.Errorf("%s: %q", l.ID, told)
				}
			}
		}
	}
}

// A connection whose key cannot be read does not hold up the others.
func TestOneKeyIsGone(t *testing.T) {
	k := keychain.Memory()
	w := watch(t, k, 2)
	w.connect(jumpcloudtest.SampleKey, 1)
	w.reread()
	w.settle()
	if err := k.Delete("gui.test", "key/1"); err != nil {
		t.Fatal(err)
	}
	w.wait(27 * time.Hour)
	w.minutes(5)
	for _, c := range w.connections.all {
		if age := w.clock.Now().Sub(c.Report.At); c.Organization.ID != jumpcloudtest.OrganizationID(1) && age > 5*time.Hour {
			t.Errorf("%s was last checked %v ago", c.Name, age)
		}
	}
	if !w.watcher.pause.IsZero() {
		t.Error("one key that is gone has stopped all checks")
	}
}

// Removing everything while connections are checked leaves nothing: neither in the keychain nor of the history.
func TestRemovingEverythingWhileWatched(t *testing.T) {
	w := watch(t, keychain.Memory(), 5)
	w.server.SetLatency(20 * time.Millisecond)
	w.server.SetClock(27 * time.Hour)
	w.pass(27 * time.Hour)
	if !w.watcher.checking.running {
		t.Fatal("nothing is checked")
	}
	w.removeEverything()
	w.settle()
	w.minutes(3)
	w.hears("everything is removed")
	if len(w.kept()) > 0 || len(w.connections.all) > 0 {
		t.Errorf("%d connections are left", len(w.kept()))
	}
}
