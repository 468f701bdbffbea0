package check_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// behaviours are what a server, or something on the way to it, can do to a request.
func behaviours() []*jumpcloudtest.Fault {
	return []*jumpcloudtest.Fault{
		nil, // the right answer
		jumpcloudtest.Unauthorized(), jumpcloudtest.UnauthorizedText(), jumpcloudtest.NoOrganizationSelected(), jumpcloudtest.Forbidden(),
		jumpcloudtest.SelectionNotAllowed(), jumpcloudtest.Blocked(), jumpcloudtest.NotLicensed(), jumpcloudtest.RateLimited(0),
		jumpcloudtest.RateLimited(time.Hour), jumpcloudtest.CaptivePortal(), jumpcloudtest.FilterPage(), jumpcloudtest.Garbage(), jumpcloudtest.WrongType(),
		jumpcloudtest.Redirect("https://elsewhere.example/"), jumpcloudtest.Hang(), jumpcloudtest.Drop(), jumpcloudtest.DropBody(),
		jumpcloudtest.SlowBody(time.Millisecond), jumpcloudtest.Trickle(time.Second), jumpcloudtest.Deep(), jumpcloudtest.WrongCharset(),
		jumpcloudtest.Undated(), jumpcloudtest.OversizeHeader(), jumpcloudtest.Status(400), jumpcloudtest.Status(404), jumpcloudtest.Status(418),
		jumpcloudtest.Status(500), jumpcloudtest.Status(503), jumpcloudtest.Status(511), jumpcloudtest.Status(520), jumpcloudtest.Empty(),
		jumpcloudtest.Unasked("gzip"), jumpcloudtest.Protected(), jumpcloudtest.ForeignPage(), jumpcloudtest.Redirect("/login"),
		jumpcloudtest.Redirect("/elsewhere"), jumpcloudtest.Waiting(503, "86400"), jumpcloudtest.Waiting(429, "0"),
	}
}

// anyServer answers the n-th request as the n-th byte says. The last byte counts for all further requests.
func anyServer(t testing.TB, script []byte) *jumpcloudtest.Server {
	s := pipedServer(t)
	all := behaviours()
	for i, b := range script {
		f := all[int(b)%len(all)]
		if f == nil {
			f = jumpcloudtest.Right()
		}
		if i < len(script)-1 {
			f = f.Times(1)
		}
		s.Fail(f)
	}
	return s
}

// endsProperly validates against piped servers. It fails unless the validation ends by its own limit of 60 s, every check ends in one
// final state, no state goes back, and the report agrees.
func endsProperly(t testing.TB, servers ...*jumpcloudtest.Server) {
	t.Helper()
	c := patient(servers...)
	last := make(map[check.ID]check.Result)
	watch := func(r check.Result) {
		before := last[r.Check]
		if before.State.Final() || r.State < before.State || r.State == check.Waiting {
			t.Errorf("%s went from %s to %s", r.Check, before.State, r.State)
		}
		last[r.Check] = r
	}
	began := time.Now()
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), watch)
	for round := range 2 {
		for _, one := range check.All() {
			r := last[one.ID]
			if !r.State.Final() || r.Cause != report.Result(one.ID).Cause {
				t.Errorf("round %d: %s ends as %s: %s, and the report says %s", round, one.ID, r.State, r.Cause, report.Result(one.ID).Cause)
			}
			if want := r.Cause.Meaning().State; r.State != want && !(one.Optional && want == check.Failed && r.State == check.Warning) {
				t.Errorf("round %d: %s ends as %s with %s", round, one.ID, r.State, r.Cause)
			}
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("round %d: the validation ends after %s", round, took)
		}
		clear(last)
		began = time.Now()
		report = c.Again(t.Context(), report, with(jumpcloudtest.SampleKey), watch)
	}
}

// Whatever servers do, in whatever order, every check ends once.
func TestAnySequenceOfBehaviours(t *testing.T) {
	for seed := range uint64(150) {
		dice := rand.New(rand.NewPCG(seed, 0))
		script := make([]byte, 1+dice.IntN(24))
		for i := range script {
			script[i] = byte(dice.Uint32())
		}
		split := dice.IntN(len(script)) // what the second of two regions does
		synctest.Test(t, func(t *testing.T) {
			endsProperly(t, anyServer(t, script[split:]), anyServer(t, append(script[:split:split], 0)))
		})
		if t.Failed() {
			t.Fatalf("with the script %v", script)
		}
	}
}

func FuzzBehaviours(f *testing.F) {
	for i := range behaviours() {
		f.Add([]byte{byte(i)})
		f.Add([]byte{0, byte(i), 0})
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 0 && len(script) < 64 {
			synctest.Test(t, func(t *testing.T) { endsProperly(t, anyServer(t, script)) })
		}
	})
}

// A server that sends without end does not fill the memory. The time limit ends it. All checks meet such a server at once.
func TestMemoryIsBounded(t *testing.T) {
	const limit = 200 << 20
	// Memory in use and garbage look the same in the heap's size. With this limit, garbage is collected in time on a busy computer too.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit * 3 / 4))
	for name, f := range map[string]*jumpcloudtest.Fault{
		"without end":      jumpcloudtest.Endless(),
		"a bomb":           jumpcloudtest.Bomb(),
		"deep":             jumpcloudtest.Deep(),
		"a header":         jumpcloudtest.OversizeHeader(),
		"a byte a second":  jumpcloudtest.Trickle(time.Second),
		"without end, 500": jumpcloudtest.EndlessError(),
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			for _, path := range []string{"/api/systemusers", "/api/systems", "/api/users", "/api/v2", "/api/applications"} {
				s.Fail(copyOf(f).On(path))
			}
			c := withLimits(newValidator(s), 3*time.Second, 6*time.Second)
			runtime.GC()
			most, stop := watchHeap()
			report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
			stop()
			if r := report.Result(check.IDGroups); r.State != check.Warning {
				t.Errorf("groups are %s: %s", r.State, r.Cause)
			}
			if got := most.Load(); got > limit {
				t.Errorf("%d MB of heap were in use", got>>20)
			}
			t.Logf("at most %d MB of heap", most.Load()>>20)
		})
	}
}

// copyOf lets one fault apply to several paths.
func copyOf(f *jumpcloudtest.Fault) *jumpcloudtest.Fault { c := *f; return &c }

// watchHeap notes the largest size of the heap until stop is called. The server is in the same process, so its part counts too.
func watchHeap() (most *atomic.Uint64, stop func()) {
	most = new(atomic.Uint64)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return most, func() { close(done); <-ended }
}

// The key goes to the host that was chosen, and nowhere else, whatever that host says.
func TestTheKeyNeverLeaves(t *testing.T) {
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := newServer(t)
		s.Fail(jumpcloudtest.RedirectAs(status, elsewhere.URL))
		report := newValidator(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
		if r := report.Result(check.IDReachable); r.Cause != check.CauseRedirected {
			t.Errorf("%d: %s", status, r.Cause)
		}
	}
	s := newServer(t)
	next := fmt.Sprintf(`<%s/api/v2/policies?skip=100>; rel="next"`, elsewhere.URL)
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Links(next)).On("/api/v2/policies"))
	newValidator(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

// Cancelling ends what hangs, trickles or waits, without any time limit, and leaves nothing running.
func TestNothingRunsOnAfterCancelling(t *testing.T) {
	for name, f := range map[string]*jumpcloudtest.Fault{"hanging": jumpcloudtest.Hang(), "trickling": jumpcloudtest.Trickle(time.Second),
		"asked to wait": jumpcloudtest.RateLimited(9 * time.Second)} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.Fail(copyOf(f).On("/api/systems"))
			c := withLimits(newValidator(s), time.Hour, time.Hour)
			c.JumpCloud.NewHTTP = nil // with real waits
			before := runtime.NumGoroutine()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			report := c.Validate(ctx, with(jumpcloudtest.SampleKey), func(r check.Result) {
				isHeld := r.Check == check.IDDevices && r.Cause == check.CauseWaiting // and so may be all others
				if isHeld || r.Check == check.IDPeople && r.State.Final() {
					cancel()
				}
			})
			if r := report.Result(check.IDDevices); r.Cause != check.CauseCancelled {
				t.Errorf("devices end as %s", r.Cause)
			}
			eventually(t, "goroutines go on", func() bool { return runtime.NumGoroutine() <= before })
		})
	}
}

// Many secrets and names go through validations that end in all kinds of ways. None of them is in the text for support.
func TestForSupportHoldsNothingOfTheirs(t *testing.T) {
	all := behaviours()
	runs := 1000
	if testing.Short() {
		runs = 100
	}
	for i := range runs {
		synctest.Test(t, func(t *testing.T) {
			mark := fmt.Sprintf("Zzyzx%04dQ", i)
			id := fmt.Sprintf("5e%022x", 7_000_000+i)
			w := jumpcloudtest.World{Organizations: []jumpcloudtest.Organization{{ID: id, Name: mark + " Organization", People: 3, Systems: 2, Administrators: 1}}}
			w.Keys = []jumpcloudtest.Key{{Value: "jca_TEST" + mark + "00000000000000000000", Email: mark + "@" + mark + ".example",
				Role: mark + " Role", Organizations: []string{id}, MFA: i%2 == 0, TellsSelf: true, APIAccessOff: i%7 == 0}}
			s := jumpcloudtest.NewPiped(w)
			t.Cleanup(s.Close)
			if f := all[i%len(all)]; f != nil && i%3 > 0 {
				s.Fail(f)
			}
			if i%5 == 0 {
				s.Fail(jumpcloudtest.Echo()) // what was sent comes back, as the name of the request too
			}
			c := patient(s)
			c.JumpCloud.Regions[0].ID = mark + ".example"
			credentials := with(w.Keys[0].Value)
			if i%4 == 0 {
				credentials.OrganizationID = secret.New(fmt.Sprintf("5d%022x", 9_000_000+i))
			}
			got := c.Validate(t.Context(), credentials, ignore).ForSupport("App 1")
			for _, private := range []string{mark, id, credentials.OrganizationID.Reveal(), "127.0.0.1"} {
				if private != "" && strings.Contains(got, private) {
					t.Fatalf("%q is in the text for support:\n%s", private, got)
				}
			}
			if !strings.Contains(got, "reachable") || !strings.Contains(got, "App 1, ") {
				t.Fatalf("the text for support says nothing:\n%s", got)
			}
		})
	}
}
