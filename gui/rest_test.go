package gui

import (
	"testing"
	"time"
)

// TestTheWindowRests has the window's thread sleep with a clock that stands still until told.
func TestTheWindowRests(t *testing.T) {
	now := time.Now()
	var during func()
	slept, woken := 0, 0
	r := &rest{now: func() time.Time { return now }, wake: func() { woken++ }}
	r.sleep = func(d time.Duration) {
		slept++
		before := woken
		if during != nil {
			during()
		}
		if woken == before {
			now = now.Add(d)
		}
	}
	if !r.nap(longNap) || slept != 1 {
		t.Error("it does not sleep while nothing happens")
	}
	during = r.stir
	if r.nap(longNap) || slept != 2 || woken != 1 {
		t.Error("it sleeps on where there is something to do")
	}
	during = nil
	now = now.Add(restAfter - 1)
	if r.nap(longNap) || slept != 2 {
		t.Error("it sleeps while something may still move")
	}
	now = now.Add(1)
	r.begun()
	if r.nap(longNap) || slept != 2 {
		t.Error("it sleeps while something runs beside it")
	}
	r.ended()
	if !r.nap(longNap) || slept != 3 {
		t.Error("it does not sleep once nothing runs")
	}
	r.stir()
	if woken != 1 {
		t.Error("it is woken while it is awake")
	}
	now = now.Add(restAfter)
	r.sleep = func(time.Duration) { now = now.Add(time.Millisecond) } // there is an event
	if r.nap(shortNap) || r.nap(shortNap) || !now.Before(r.last.Add(restAfter)) {
		t.Error("it goes back to sleep at once after an event")
	}
}

// Where GLFW has not been started, or has been ended, which only differ in when, nobody sleeps.
func TestNobodySleepsWithoutGLFW(t *testing.T) {
	if started() {
		t.Error("GLFW is said to be there")
	}
	newRest().sleep(time.Hour)
}
