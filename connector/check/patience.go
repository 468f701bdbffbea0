package check

import (
	"context"
	"sync"
	"time"
)

// patience is a context with a time limit. Its clock stands still while a request waits for its turn, so that a check does not run out
// of time because the requests of others go first.
type patience struct {
	context.Context
	done chan struct{}

	mu    sync.Mutex
	err   error
	timer *time.Timer
	began time.Time     // when the clock began to run
	left  time.Duration // how much time was left then
	held  int           // how many requests wait for their turn
}

// withPatience returns a copy of ctx with a time limit, and the function that ends the copy.
func withPatience(ctx context.Context, limit time.Duration) (*patience, context.CancelFunc) {
	p := &patience{Context: ctx, done: make(chan struct{}), began: time.Now(), left: limit}
	p.mu.Lock() // the timer may fire before its field is set
	p.timer = time.AfterFunc(limit, func() { p.end(context.DeadlineExceeded) })
	p.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { p.end(ctx.Err()) })
	return p, func() {
		stop()
		p.end(context.Canceled)
	}
}

// hold notes that a request begins to wait for its turn (true), or stops waiting (false). The clock runs while no request waits.
func (p *patience) hold(waits bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case waits:
		if p.held++; p.held == 1 {
			p.timer.Stop()
			p.left -= time.Since(p.began)
		}
	default:
		if p.held--; p.held == 0 && p.err == nil {
			p.began = time.Now()
			p.timer.Reset(max(0, p.left))
		}
	}
}

func (p *patience) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
		p.timer.Stop()
		close(p.done)
	}
}

// Done implements [context.Context].
func (p *patience) Done() <-chan struct{} { return p.done }

// Err implements [context.Context].
func (p *patience) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Deadline implements [context.Context]. It returns the time at which the limit ends if no request waits from now on.
func (p *patience) Deadline() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	deadline := p.began.Add(p.left)
	if p.held > 0 {
		deadline = time.Now().Add(p.left)
	}
	if outer, ok := p.Context.Deadline(); ok && outer.Before(deadline) {
		return outer, true
	}
	return deadline, true
}
