package check

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, cancel := withPatience(t.Context(), 50*time.Millisecond)
		defer cancel()
		p.hold(true)
		p.hold(true)
		p.hold(false)
		time.Sleep(100 * time.Millisecond)
		if p.Err() != nil {
			t.Error("the time runs out while a request waits")
		}
		if d, ok := p.Deadline(); !ok || time.Until(d) <= 0 {
			t.Error("it is said to have run out")
		}
		p.hold(false)
		<-p.Done()
		if p.Err() != context.DeadlineExceeded {
			t.Errorf("it ended with %v", p.Err())
		}

		outer, end := context.WithCancel(t.Context())
		p, cancel = withPatience(outer, time.Hour)
		defer cancel()
		child, endChild := context.WithCancel(p)
		defer endChild()
		p.hold(true)
		end()
		<-child.Done()
		if !errors.Is(p.Err(), context.Canceled) {
			t.Errorf("it ended with %v", p.Err())
		}
		p.hold(false) // too late, and harmless

		outer, end = context.WithTimeout(t.Context(), time.Minute)
		defer end()
		p, cancel = withPatience(outer, time.Hour)
		if d, _ := p.Deadline(); time.Until(d) > time.Minute {
			t.Error("it outlives what it is a part of")
		}
		cancel()
		<-p.Done()
	})
}
