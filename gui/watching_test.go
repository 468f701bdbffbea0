package gui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"

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
	w, _ := watchIn(t, k, n, Options{})
	return w
}

// chooseTray returns the options of a window that goes on in the tray when it is closed, and of which the user was told that.
func chooseTray(t *testing.T) Options {
	t.Helper()
	forgetBackground(t)
	fyne.CurrentApp().Preferences().SetString(closingSetting, closingKeeps)
	fyne.CurrentApp().Preferences().SetString(closingTold, "yes")
	return Options{Tray: &fakeTray{here: true}}
}

// watchIn does the same with these options. It returns their tray, too.
func watchIn(t *testing.T, k keychain.Backend, n int, opts Options) (*watched, *fakeTray) {
	t.Helper()
	year, month, day := time.Now().Date()
	evening := time.Date(year, month, day, 22, 0, 0, 0, time.Local) // so that days are counted alike at any hour
	w := &watched{}
	now := func() time.Time {
		if w.stage == nil {
			return evening
		}
		return w.clock.Now()
	}
	w.stage = startOn(t, sampleServer(t), k, opts, connector.WithClock(now), connector.WithHistory(t.TempDir()))
	w.clock.advance(evening.Sub(w.clock.Now()))
	w.server.SetClock(time.Until(evening))
	w.started = w.clock.Now()
	w.watcher.notify = func(title, text string, ended func(error)) { w.told = append(w.told, title+" | "+text); ended(nil) }
	w.settle()
	for i := range n {
		w.connect(jumpcloudtest.SampleMultiTenantKey, 107+i)
	}
	if n > 0 {
		w.reread()
		w.settle()
	}
	f, _ := opts.Tray.(*fakeTray)
	return w, f
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

// countingKeychain counts what is read from it, or tried to.
type countingKeychain struct {
	*brokenKeychain
	gets atomic.Int64
}

func (c *countingKeychain) Get(service, user string) (string, error) {
	c.gets.Add(1)
	return c.brokenKeychain.Get(service, user)
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
	down := report(check.CauseServer) // and what it was before the outage
	down.Found = stopped.Results
	var all []words.Change
	for i := range 7 {
		all = append(all, words.Change{Name: fmt.Sprint("Client ", i), Before: good, Now: stopped})
	}
	all = append(all, words.Change{Name: "Kestrel", Before: stopped, Now: good}, words.Change{Name: "Kittiwake", Before: down, Now: good}, words.Change{Name: "Aldgate", Before: good, Now: mfa},
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
		for i, names := range [][]string{{"Client 0", "Client 3", "3"}, {"Kestrel", "Kittiwake"}, {"Aldgate"}, {"Calder"}} {
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
	w.after(27 * time.Hour) // reads them anew
	w.pass(time.Minute)
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

// watchHidden opens a window in the tray on a keychain, with n connections as watch has them, and hides it.
func watchHidden(t *testing.T, n int) (*watched, *fakeTray) {
	t.Helper()
	w, f := watchIn(t, keychain.Memory(), n, chooseTray(t))
	w.until("the icon is there", func() bool { return w.background.relabel != nil })
	w.askToClose()
	w.settle()
	return w, f
}

// What a check of all from the tray finds is told, and how it ended, for nobody sees the window.
func TestCheckAllInTheTray(t *testing.T) {
	w, f := watchHidden(t, 3)
	w.clickTray(f, "Check all")
	w.settle()
	w.hears("all work", "3 connections checked | All of them work.")
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.clickTray(f, "Check all")
	w.settle()
	w.hears("the key was refused once")
	w.makeSure()
	const broken = "3 connections checked | 3 do not work. Open the app to see what to do.\nJumpCloud no longer knows this key: "
	w.hears("the key is revoked", broken)
	w.clickTray(f, "Check all")
	w.settle()
	w.hears("it is still so", broken)
	w.wait(27 * time.Hour)
	w.hears("it is still so a day later")
	w.setKey(func(*jumpcloudtest.Key) {})
	w.clickTray(f, "Check all")
	w.clickTray(f, "Check all") // which it does already
	w.settle()
	w.hears("it is mended", "3 connections checked | All of them work.")
	w.server.Fail(jumpcloudtest.Status(503))
	w.clickTray(f, "Check all")
	w.settle()
	w.hears("JumpCloud is down", "0 connections checked | 3 could not be checked. Open the app to see what to do.\nCould not be checked: ")
	w.server.Heal()
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.clickTray(f, "Check all")
	w.settle()
	w.setKey(func(*jumpcloudtest.Key) {})
	w.makeSure()
	w.hears("it is refused once only", "3 connections checked | All of them work.")
	if !w.background.isHidden {
		t.Error("the window is open")
	}
}

// A check of all that runs when the window closes into the tray is told, too.
func TestCheckAllGoesOnInTheTray(t *testing.T) {
	w, f := watchHidden(t, 3)
	w.clickTray(f, "Open")
	w.settle()
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.clickTray(f, "Check all")
	if !w.checks.running {
		t.Fatal("in the open window, they are not checked")
	}
	w.askToClose()
	w.makeSure()
	w.hears("the key is revoked", "3 connections checked | 3 do not work. Open the app to see what to do.\nJumpCloud no longer knows this key: ")
}

// Without connections there is nothing to check: the window opens, where one can be made. Without the keychain that is said, each time.
func TestCheckAllInTheTrayWithNothingToCheck(t *testing.T) {
	w, f := watchHidden(t, 0)
	w.clickTray(f, "Check all")
	w.settle()
	w.hears("there is none")
	if w.background.isHidden {
		t.Error("the window stays hidden")
	}
	w.close()
	k := broken(keychain.ErrLocked)
	w, f = watchIn(t, k, 0, chooseTray(t))
	w.until("the icon is there", func() bool { return w.background.relabel != nil })
	w.askToClose()
	for range 2 {
		w.clickTray(f, "Check all")
		w.settle()
		w.hears("the keychain is locked", "Your connections cannot be watched | The system keychain is locked.")
	}
}

// A keychain that comes after the program, as at login, is read when it is there. Nobody is told of a short while without it; a longer one is
// told once, with what helps.
func TestTheKeychainIsLateAtLogin(t *testing.T) {
	for _, one := range []struct {
		fails   error
		minutes int
		told    []string
	}{
		{keychain.ErrNoService, 1, nil},
		{keychain.ErrNoService, 600, []string{"Your connections cannot be watched | The system keychain cannot be reached"}},
		{keychain.ErrLocked, 61, []string{"Your connections cannot be watched | The system keychain is locked. Unlock it"}},
	} {
		k := broken(nil)
		watch(t, k, 2).close()
		k.fail(one.fails)
		forgetBackground(t)
		w, _ := watchIn(t, k, 0, Options{Tray: &fakeTray{here: true}, Hidden: true})
		w.minutes(one.minutes)
		if len(w.connections.all) > 0 || !w.background.isHidden {
			t.Fatalf("%d connections, hidden: %v", len(w.connections.all), w.background.isHidden)
		}
		k.fail(nil)
		w.minutes(61)
		w.hears(one.fails.Error(), one.told...)
		if len(w.connections.all) != 2 {
			t.Errorf("%v for %d minutes: %d connections an hour later", one.fails, one.minutes, len(w.connections.all))
		}
		w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
		w.wait(27 * time.Hour)
		w.hears("the key is revoked", "2 connections stopped working | ")
		w.close()
	}
}

// Opened by the user, the window reads at once what could not be read, and what another process has added.
func TestOpeningReadsAnew(t *testing.T) {
	k := broken(nil)
	watch(t, k, 2).close()
	k.fail(keychain.ErrLocked)
	forgetBackground(t)
	w, f := watchIn(t, k, 0, Options{Tray: &fakeTray{here: true}, Hidden: true})
	k.fail(nil)
	w.clickTray(f, "Open")
	w.settle()
	if len(w.connections.all) != 2 || w.inWindow("Read again") {
		t.Errorf("%d connections; the screen says\n%s", len(w.connections.all), w.screenText())
	}
	w.background.hide()
	w.connect(jumpcloudtest.SampleMultiTenantKey, 109)
	w.clickTray(f, "Open")
	w.settle()
	if len(w.connections.all) != 3 {
		t.Errorf("%d connections after one was added elsewhere", len(w.connections.all))
	}
}

// What another process adds is watched from the next day on.
func TestConnectionsAddedElsewhereAreWatched(t *testing.T) {
	w, _ := watchHidden(t, 1)
	w.connect(jumpcloudtest.SampleMultiTenantKey, 110)
	w.wait(25 * time.Hour)
	if len(w.connections.all) != 2 {
		t.Fatalf("%d connections after a day", len(w.connections.all))
	}
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.wait(27 * time.Hour)
	w.hears("the key is revoked", "2 connections stopped working | ")
}

// Connections that are known stay so when the keychain cannot be read another day, and it does not ask for its password each hour.
func TestAnotherDayTheKeychainIsLocked(t *testing.T) {
	k := &countingKeychain{brokenKeychain: broken(nil)}
	w, _ := watchIn(t, k, 2, chooseTray(t))
	w.until("the icon is there", func() bool { return w.background.relabel != nil })
	w.wait(27 * time.Hour) // the key is in memory now
	w.askToClose()
	w.settle()
	k.fail(keychain.ErrLocked)
	asked := k.gets.Load()
	w.wait(24 * time.Hour)
	w.hears("the keychain is locked")
	if n := k.gets.Load() - asked; n > 3 || len(w.connections.all) != 2 {
		t.Errorf("the keychain was asked %d times in a day; %d connections", n, len(w.connections.all))
	}
}

// Where nobody sees the window, a keychain that gives no key is told of: once until it works again.
func TestWatchingInTheTrayWithoutTheKeychain(t *testing.T) {
	k := broken(nil)
	w, _ := watchIn(t, k, 2, chooseTray(t))
	w.until("the icon is there", func() bool { return w.background.relabel != nil })
	w.askToClose()
	for range 2 {
		k.fail(keychain.ErrLocked)
		w.after(27 * time.Hour)
		w.minutes(130)
		w.hears("the keychain is locked", "Your connections cannot be watched | The system keychain is locked.")
		k.fail(nil)
		w.minutes(61)
		w.hears("it is open again")
		w.connect(jumpcloudtest.SampleMultiTenantKey, 111) // so that the key is not in memory any more
	}
}
