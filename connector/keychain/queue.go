package keychain

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// queue lets one operation at a time call the backend, and limits the time of each call.
type queue struct {
	quiet, prompt time.Duration
	free          chan struct{} // holds one token while nobody has the turn
	ended         atomic.Uint64 // how many calls of the backend have ended; it rises while the backend works
	waiting       waiting
}

func newQueue(quiet, prompt time.Duration) *queue {
	q := &queue{quiet: quiet, prompt: prompt, free: make(chan struct{}, 1)}
	q.free <- struct{}{}
	return q
}

// turn is the right to call the backend. It is used by one goroutine.
type turn struct {
	queue *queue
	ctx   context.Context
	over  error // why a call was given up; no further call is made then
}

// take waits for the turn. It waits as long as the backend keeps answering the operations before it.
func (q *queue) take(ctx context.Context) (*turn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := q.await(ctx, q.free); err != nil {
		return nil, err
	}
	return &turn{queue: q, ctx: ctx}, nil
}

// end passes the turn on, unless a call that was given up is still running.
func (t *turn) end() {
	if t.over == nil {
		t.queue.free <- struct{}{}
	}
}

// call runs f, which makes one call of the backend, and returns its error. If f is given up, call returns at once, and the turn is
// passed on when f ends.
func (t *turn) call(f func() error) error {
	if t.over != nil {
		return t.over
	}
	if err := t.ctx.Err(); err != nil {
		return err
	}
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = guard(f)
	}()
	if t.over = t.queue.await(t.ctx, done); t.over != nil {
		go func() {
			<-done
			t.queue.ended.Add(1)
			t.queue.free <- struct{}{}
		}()
		return t.over
	}
	t.queue.ended.Add(1)
	return err
}

// guard runs f and returns its panic as an error. Go-keyring panics if the bus goes away while it waits for a prompt. The error
// holds the panic's value only if that is a runtime error, such as a nil pointer. Other values may repeat a secret.
func guard(f func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("the keychain library panicked: %w", p)
		default:
			err = fmt.Errorf("the keychain library panicked with a %T", p)
		}
	}()
	return f()
}

// await waits for ready. It returns the context's error if that ends first, and ErrTimeout if no call of the backend has ended for
// as long as a prompt may take.
func (q *queue) await(ctx context.Context, ready <-chan struct{}) error {
	quiet, prompt := time.NewTimer(q.quiet), time.NewTimer(q.prompt)
	defer quiet.Stop()
	defer prompt.Stop()
	atQuiet, atPrompt := q.ended.Load(), q.ended.Load()
	for {
		select {
		case <-ready:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-quiet.C:
			if now := q.ended.Load(); now != atQuiet {
				atQuiet = now
				quiet.Reset(q.quiet)
				continue
			}
			q.waiting.add(1)
			defer q.waiting.add(-1)
		case <-prompt.C:
			now := q.ended.Load()
			if now == atPrompt {
				return ErrTimeout
			}
			atPrompt = now
			prompt.Reset(q.prompt)
		}
	}
}
