//go:build !headless

package desktop

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
)

// still is a clock that stands still until told. Its timers end at once.
type still struct{ now time.Time }

func (s *still) Now() time.Time { return s.now }

func (s *still) AfterFunc(d time.Duration, f func()) (stop func()) {
	s.now = s.now.Add(d)
	f()
	return func() {}
}

func TestTheWindowRests(t *testing.T) {
	clock := &still{time.Now()}
	var during func()
	slept, woken := 0, 0
	r := &Rest{clock: clock, wake: func() { woken++ }}
	r.sleep = func(d time.Duration) {
		slept++
		before := woken
		if during != nil {
			during()
		}
		if woken == before {
			clock.now = clock.now.Add(d)
		}
	}
	if !r.nap(longNap) || slept != 1 {
		t.Error("it does not sleep while nothing happens")
	}
	during = r.Stir
	if r.nap(longNap) || slept != 2 || woken != 1 {
		t.Error("it sleeps on where there is something to do")
	}
	during = nil
	clock.now = clock.now.Add(idleBeforeRest - 1)
	if r.nap(longNap) || slept != 2 {
		t.Error("it sleeps while something may still move")
	}
	clock.now = clock.now.Add(1)
	r.Begin()
	if r.nap(longNap) || slept != 2 {
		t.Error("it sleeps while something runs beside it")
	}
	r.End()
	if !r.nap(longNap) || slept != 3 {
		t.Error("it does not sleep once nothing runs")
	}
	r.Stir()
	if woken != 1 {
		t.Error("it is woken while it is awake")
	}
	clock.now = clock.now.Add(idleBeforeRest)
	r.sleep = func(time.Duration) { clock.now = clock.now.Add(time.Millisecond) } // there is an event
	if r.nap(shortNap) || r.nap(shortNap) || !clock.now.Before(r.last.Add(idleBeforeRest)) {
		t.Error("it goes back to sleep at once after an event")
	}
}

// Naps become longer up to the longest, and end with the context.
func TestNapsGrow(t *testing.T) {
	test.NewTempApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	clock := &still{time.Now()}
	var naps []time.Duration
	r := &Rest{clock: clock, wake: func() {}}
	r.sleep = func(d time.Duration) {
		clock.now = clock.now.Add(d)
		if naps = append(naps, d); len(naps) == 6 {
			cancel()
		}
	}
	r.Run(ctx)
	for i, want := range []time.Duration{shortNap, 2 * shortNap, 4 * shortNap, 8 * shortNap, longNap, longNap} {
		if naps[i] != want {
			t.Errorf("nap %d takes %v", i+1, naps[i])
		}
	}
}

// Nobody sleeps before GLFW is started, after it has ended, and where Fyne uses another GLFW than this package. All of these are
// the same to it: this GLFW is not started.
func TestNobodySleepsWithoutGLFW(t *testing.T) {
	r := NewRest(&still{time.Now()})
	if r.nap(time.Hour) {
		t.Error("it says that it slept")
	}
	r.Stir()
	r.asleep = true
	r.Stir()
}
