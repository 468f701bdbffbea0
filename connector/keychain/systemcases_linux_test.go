package keychain

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// systemCases are run by TestSystem.
var systemCases = map[string]struct {
	on  where
	run func(t *testing.T)
}{
	"round trip":            {onBus, func(t *testing.T) { startDaemon(t, true); roundTrip(t) }},
	"behind our back":       {onBus, func(t *testing.T) { startDaemon(t, true); behindOurBack(t) }},
	"KeePassXC: round trip": {onBus, func(t *testing.T) { startKeePassXC(t); roundTrip(t) }},
	"KeePassXC: our back":   {onBus, func(t *testing.T) { startKeePassXC(t); behindOurBack(t) }},
	"KeePassXC: wiped":      {onBus, func(t *testing.T) { startKeePassXC(t); wiped(t) }},
	"no address of a bus":   {noAddress, func(t *testing.T) { refused(t, ErrNoService) }},
	"no bus at its address": {noBus, func(t *testing.T) { refused(t, ErrNoService) }},
	"no provider":           {onBus, func(t *testing.T) { refused(t, ErrNoProvider) }},
	"no collection":         {onBus, noCollection},
	"not permitted":         {onStrictBus, notPermitted},
	"locked":                {onBus, locked},
	"prompt not answered":   {onBus, promptNotAnswered},
	"daemon stopped":        {onBus, daemonStopped},
	"daemon killed":         {onBus, daemonKilled},
	"wiped":                 {onBus, func(t *testing.T) { startDaemon(t, true); wiped(t) }},
	"full":                  {onBus, full},
	"read-only":             {onBus, readOnly},
	"prompt dismissed":      {onBus, promptDismissed},
	"KeePassXC: comes back": {onBus, keePassXCComesBack},
	"bus killed":            {onBus, busKilled},
	"bus killed in a call":  {onBus, busKilledInCall},
	"bus killed at prompt":  {onBus, busKilledAtPrompt},
}

// Limits for calls that are to fail by them, and room for all that a busy machine adds.
const (
	quietLimit  = 100 * time.Millisecond
	promptLimit = 1500 * time.Millisecond
	busy        = 20 * time.Second
)

// systemKeychain returns the real keychain, and a channel of what OnWaiting tells.
func systemKeychain() (*Keychain, <-chan bool) {
	k := New(System(), testService, WithTimeouts(quietLimit, promptLimit))
	told := make(chan bool, 99)
	k.OnWaiting(func(waiting bool) { told <- waiting })
	return k, told
}

// hears checks what OnWaiting tells next.
func hears(t *testing.T, told <-chan bool, want bool) {
	t.Helper()
	select {
	case got := <-told:
		if got != want {
			t.Errorf("told %v, want %v", got, want)
		}
	case <-time.After(busy):
		t.Errorf("never told %v", want)
	}
}

// timesOut checks that f ends by the time limit and not before, and that it says that it waits.
func timesOut(t *testing.T, told <-chan bool, f func() error) {
	t.Helper()
	for len(told) > 0 { // a busy machine may have made an earlier call wait
		<-told
	}
	start := time.Now()
	failed(t, f(), ErrTimeout, "s3cret")
	if took := time.Since(start); took < promptLimit {
		t.Errorf("it gave up after %v, want %v", took, promptLimit)
	}
	hears(t, told, true)
	hears(t, told, false)
}

// refused checks that every method fails with this kind.
func refused(t *testing.T, kind error) {
	t.Helper()
	k := New(System(), testService)
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, kind, "")
	failed(t, k.Put(t.Context(), "key/1", secret.New("s3cret")), kind, "s3cret")
	failed(t, k.Delete(t.Context(), "key/1"), kind, "")
	failed(t, k.Create(t.Context(), "key/2", secret.New("s3cret")), kind, "s3cret")
}

// secretTool runs the program secret-tool, which reads and writes independently of this package. What it prints may
// be a secret.
func secretTool(t *testing.T, input string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), busy)
	defer cancel()
	tool := exec.CommandContext(ctx, "secret-tool", args...)
	tool.Stdin = strings.NewReader(input)
	out, err := tool.CombinedOutput()
	if err != nil && args[0] != "search" { // which fails if there is nothing
		t.Fatalf("secret-tool %s: %v", args[0], err)
	}
	return string(out)
}

// seen returns the names of the entries that secret-tool finds, sorted.
func seen(t *testing.T) []string {
	t.Helper()
	var users []string
	for line := range strings.Lines(secretTool(t, "", "search", "--all", "service", testService)) {
		if user, ok := strings.CutPrefix(line, "attribute.username = "); ok {
			users = append(users, strings.TrimSpace(user))
		}
	}
	slices.Sort(users)
	return users
}

func lookup(t *testing.T, user string) string {
	t.Helper()
	return secretTool(t, "", "lookup", "service", testService, "username", user)
}

// overwrite replaces an entry behind the keychain's back.
func overwrite(t *testing.T, user, text string) {
	t.Helper()
	secretTool(t, "", "clear", "service", testService, "username", user)
	foist(t, user, text)
}

// foist adds an entry behind the keychain's back.
func foist(t *testing.T, user, text string) {
	t.Helper()
	secretTool(t, text, "store", "--label=foisted", "service", testService, "username", user)
}

func roundTrip(t *testing.T) {
	k := New(System(), testService)
	values := map[string]string{"key/1": "s3cret", "key/2": long(MaxValue), "key/3": string(everyByte()), "key/4": ""}
	for name, value := range values {
		put(t, k, name, value)
	}
	other := New(System(), testService)
	for name, value := range values {
		holds(t, other, name, value)
		if lookup(t, name) != encode(name, value) {
			t.Errorf("secret-tool reads something else as %s", name)
		}
	}
	if users := seen(t); !slices.Equal(users, []string{"key/1", "key/2", "key/3", "key/4"}) {
		t.Errorf("secret-tool finds %q", users)
	}
	put(t, k, "key/2", "small")
	holds(t, other, "key/2", "small")
	for name := range values {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if users := seen(t); len(users) != 0 {
		t.Errorf("secret-tool still finds %q", users)
	}
}

func behindOurBack(t *testing.T) {
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	put(t, k, "key/2", "second")
	put(t, k, "key/3", "other")

	overwrite(t, "key/1", lookup(t, "key/3"))
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, ErrDamaged, "other")
	secretTool(t, "", "clear", "service", testService, "username", "key/2")
	_, err = k.Get(t.Context(), "key/2")
	failed(t, err, ErrNotFound, "")
	holds(t, k, "key/3", "other")
}

// wiped has entries of every kind, and leaves those of others.
func wiped(t *testing.T) {
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	put(t, k, "key/2", long(1_500))
	foist(t, "key/3", "entry version=99 of a later program")
	foist(t, "nothing", "of ours")
	secretTool(t, "another's", "store", "--label=another", "service", "another.program", "username", "key/1")
	if err := k.DeleteAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := seen(t); len(left) != 0 {
		t.Errorf("secret-tool still finds %q", left)
	}
	if secretTool(t, "", "lookup", "service", "another.program", "username", "key/1") != "another's" {
		t.Error("what belongs to another program is gone")
	}
	put(t, k, "key/1", "new")
	holds(t, k, "key/1", "new")
}

// noCollection has a provider with nothing to store in, as after a login that no password was typed for.
func noCollection(t *testing.T) {
	startDaemon(t, false)
	refused(t, ErrNoKeyring)
}

// notPermitted has a provider, and a bus that does not let this program ask it.
func notPermitted(t *testing.T) {
	process := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets")
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	bus := connect(t)
	eventually(t, "gnome-keyring is on the bus", func() bool {
		var owned bool
		err := bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secretService).Store(&owned)
		return err == nil && owned
	})
	refused(t, ErrNotPermitted)
}

// locked has a locked collection and nobody who would ask for the password.
func locked(t *testing.T) {
	d := startDaemon(t, true)
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	lock(t)
	refused(t, ErrLocked)
	d.kill()
	d = startDaemon(t, false) // nobody unlocks it at the login
	refused(t, ErrLocked)
	d.kill()
	startDaemon(t, true)
	holds(t, k, "key/1", "s3cret")
}

func promptNotAnswered(t *testing.T) {
	startDaemon(t, true)
	k, told := systemKeychain()
	put(t, k, "key/1", "s3cret")
	asked, leave := startPrompter(t)
	lock(t)
	timesOut(t, told, func() error { _, err := k.Get(t.Context(), "key/1"); return err })
	select {
	case <-asked:
	default:
		t.Error("no prompt was asked for")
	}

	// The prompt is still there, so that nothing else is asked.
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- k.Put(ctx, "key/1", secret.New("other")) }()
	hears(t, told, true)
	cancel()
	failed(t, <-done, context.Canceled, "other")
	hears(t, told, false)

	leave()
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, ErrLocked, "")
}

func daemonStopped(t *testing.T) {
	d := startDaemon(t, true)
	k, told := systemKeychain()
	put(t, k, "key/1", "s3cret")
	d.signal(syscall.SIGSTOP)
	timesOut(t, told, func() error { _, err := k.Get(t.Context(), "key/1"); return err })
	timesOut(t, told, func() error { return k.Put(t.Context(), "key/2", secret.New("s3cret, new")) })
	d.signal(syscall.SIGCONT)
	holds(t, k, "key/1", "s3cret")
	put(t, k, "key/2", "other")
	holds(t, k, "key/2", "other")
}

func daemonKilled(t *testing.T) {
	d := startDaemon(t, true)
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	d.kill()
	refused(t, ErrNoProvider)
	startDaemon(t, true)
	holds(t, k, "key/1", "s3cret")
	put(t, k, "key/2", "other")
	holds(t, k, "key/2", "other")
}

func busKilled(t *testing.T) {
	startDaemon(t, true)
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	killBus(t)
	refused(t, ErrNoService)
}

// busKilledInCall kills the bus while a call waits for its answer.
func busKilledInCall(t *testing.T) {
	d := startDaemon(t, true)
	k := New(System(), testService, WithTimeouts(quietLimit, busy))
	waiting := make(chan bool, 9)
	k.OnWaiting(func(now bool) { waiting <- now })
	put(t, k, "key/1", "s3cret")
	d.signal(syscall.SIGSTOP)
	done := make(chan error)
	go func() { done <- k.Put(t.Context(), "key/1", secret.New("other")) }()
	hears(t, waiting, true)
	killBus(t)
	failed(t, <-done, ErrNoService, "other")
	refused(t, ErrNoService)
}

// busKilledAtPrompt kills the bus while a prompt is shown, where the keychain library panics.
func busKilledAtPrompt(t *testing.T) {
	startDaemon(t, true)
	k := New(System(), testService, WithTimeouts(quietLimit, busy))
	put(t, k, "key/1", "s3cret")
	asked, _ := startPrompter(t)
	lock(t)
	done := make(chan error)
	go func() { done <- k.Put(t.Context(), "key/1", secret.New("other")) }()
	<-asked
	killBus(t)
	failed(t, <-done, ErrFailed, "other")
	refused(t, ErrNoService)
}

// full has a keyring that may not grow: what was stored stays as it was, and what was not is not called stored.
func full(t *testing.T) {
	startDaemonWithin(t, 12<<10)
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	var err error
	for n := 2; err == nil && n < 50; n++ {
		err = k.Put(t.Context(), fmt.Sprintf("key/%d", n), secret.New(long(1_500)))
	}
	failed(t, err, ErrFailed, "")
	holds(t, k, "key/1", "s3cret")
	if err := k.Put(t.Context(), "key/1", secret.New(long(1_870))); err == nil {
		t.Error("a larger value was stored in a full keyring")
	}
	holds(t, k, "key/1", "s3cret")
}

// readOnly has a keyring on a disk that cannot be written to: what was stored is read, and nothing is called stored or gone.
func readOnly(t *testing.T) {
	d := startDaemon(t, true)
	k := New(System(), testService)
	put(t, k, "key/1", "s3cret")
	d.kill()
	startDaemonReadOnly(t)
	holds(t, k, "key/1", "s3cret")
	failed(t, k.Put(t.Context(), "key/1", secret.New("other")), ErrFailed, "other")
	failed(t, k.Put(t.Context(), "key/2", secret.New("other")), ErrFailed, "other")
	failed(t, k.Delete(t.Context(), "key/1"), ErrFailed, "")
	holds(t, k, "key/1", "s3cret")
}

// promptDismissed has the user close the question for the password, and answer it the next time.
func promptDismissed(t *testing.T) {
	d := startDaemon(t, true)
	k := New(System(), testService, WithTimeouts(quietLimit, busy))
	put(t, k, "key/1", "s3cret")
	asked, leave := startPrompter(t)
	lock(t)
	done := make(chan error)
	go func() { done <- k.Put(t.Context(), "key/1", secret.New("other")) }()
	<-asked
	leave()
	failed(t, <-done, ErrLocked, "other")
	d.kill()
	startDaemon(t, true) // unlocked
	holds(t, k, "key/1", "s3cret")
	put(t, k, "key/1", "other")
}

// keePassXCComesBack is what happens when its window is closed and opened again: what was stored is read. Of what a program
// that it has not met in this run wants to change, it asks the user, which the window says.
func keePassXCComesBack(t *testing.T) {
	d := startKeePassXC(t)
	k := New(System(), testService, WithTimeouts(quietLimit, busy))
	told := make(chan bool, 99)
	put(t, k, "key/1", "s3cret")
	put(t, k, "key/2", long(1_800))
	d.quit() // it saves its database then
	refused(t, ErrNoProvider)
	startKeePassXC(t)
	holds(t, k, "key/1", "s3cret")
	holds(t, k, "key/2", long(1_800))

	k.OnWaiting(func(waiting bool) { told <- waiting })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- k.Put(ctx, "key/1", secret.New("other")) }()
	hears(t, told, true)
	cancel()
	failed(t, <-done, context.Canceled, "other")
}
