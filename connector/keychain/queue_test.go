package keychain

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// The time in these tests is that of package synctest: waiting for an hour costs nothing.

// hours is longer than any call hangs in these tests.
const hours = 10 * time.Hour

// slow is a backend that takes its time.
type slow struct {
	*memory
	takes func(call int32) time.Duration // of the first call, the second and so on

	calls, now, atOnce atomic.Int32
}

// first returns a backend whose first call hangs for some time.
func first(takes time.Duration) *slow {
	return &slow{memory: Memory().(*memory), takes: func(call int32) time.Duration {
		if call == 1 {
			return takes
		}
		return 0
	}}
}

func (s *slow) wait() {
	if now := s.now.Add(1); now > s.atOnce.Load() {
		s.atOnce.Store(now)
	}
	defer s.now.Add(-1)
	time.Sleep(s.takes(s.calls.Add(1)))
}

func (s *slow) Get(service, user string) (string, error) {
	s.wait()
	return s.memory.Get(service, user)
}

func (s *slow) Set(service, user, text string) error {
	s.wait()
	return s.memory.Set(service, user, text)
}

func (s *slow) Delete(service, user string) error {
	s.wait()
	return s.memory.Delete(service, user)
}

// news is what OnWaiting told, and when.
type news struct {
	start time.Time
	mu    sync.Mutex
	told  []string
}

func listen(k *Keychain) *news {
	n := &news{start: time.Now()}
	k.OnWaiting(func(waiting bool) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.told = append(n.told, fmt.Sprint(time.Since(n.start), " ", waiting))
	})
	return n
}

// are checks the news, once nothing is going on any more.
func (n *news) are(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.Equal(n.told, want) {
		t.Errorf("told %q, want %q", n.told, want)
	}
}

// ended checks the kind of an error, or that there is none, and how long it has been since start.
func ended(t *testing.T, start time.Time, err, kind error, want time.Duration) {
	t.Helper()
	if kind != nil {
		failed(t, err, kind, "")
	} else if err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took != want {
		t.Errorf("it took %v, want %v", took, want)
	}
}

// reads makes one call of the backend.
func reads(ctx context.Context, k *Keychain) error {
	_, err := k.Get(ctx, "key/1")
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func TestHanging(t *testing.T) {
	const m, s = time.Minute, time.Second
	short := []Option{WithTimeouts(time.Millisecond, 2*time.Millisecond)}
	for _, c := range []struct {
		name   string
		opts   []Option
		answer time.Duration // after which the backend answers
		cancel time.Duration // after which the caller gives up
		kind   error
		took   time.Duration
		told   []string
	}{
		{"answers soon", nil, 2 * s, m, nil, 2 * s, nil},
		{"answers after a prompt", nil, 50 * s, m, nil, 50 * s, []string{"3s true", "50s false"}},
		{"never answers", nil, hours, hours, ErrTimeout, m, []string{"3s true", "1m0s false"}},
		{"cancelled soon", nil, hours, s, context.DeadlineExceeded, s, nil},
		{"cancelled at the prompt", nil, hours, 9 * s, context.DeadlineExceeded, 9 * s, []string{"3s true", "9s false"}},
		{"other limits", short, hours, m, ErrTimeout, 2 * time.Millisecond, []string{"1ms true", "2ms false"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := New(first(c.answer), testService, c.opts...)
				n := listen(k)
				ctx, cancel := context.WithTimeout(t.Context(), c.cancel)
				defer cancel()
				ended(t, n.start, reads(ctx, k), c.kind, c.took)
				n.are(t, c.told...)
				time.Sleep(hours)
				n.are(t, c.told...)
			})
		})
	}
}

func TestCancelled(t *testing.T) {
	b := first(0)
	k := New(b, testService)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	failed(t, k.Put(ctx, "key/1", secret.New("s3cret")), context.Canceled, "s3cret")
	_, err := k.Get(ctx, "key/1")
	failed(t, err, context.Canceled, "")
	if calls := b.calls.Load(); calls != 0 {
		t.Errorf("the backend was called %d times", calls)
	}
}

// TestGivenUp gives up a write, and writes another value: that has to wait until the first write is over.
func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slow{memory: Memory().(*memory), takes: func(call int32) time.Duration {
			if call == 1 { // the write of the first Put
				return 90 * time.Second
			}
			return 0
		}}
		k := New(b, testService)
		n := listen(k)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := k.Put(ctx, "key/1", secret.New("first"))
		ended(t, n.start, err, context.DeadlineExceeded, time.Second)

		// The one after it is told the limit, and starts nothing.
		ended(t, n.start, k.Put(t.Context(), "key/1", secret.New("second")), ErrTimeout, 61*time.Second)
		if calls := b.calls.Load(); calls != 1 {
			t.Errorf("%d calls of the backend, want 1", calls)
		}
		// The next one has its turn as soon as the write is over.
		ended(t, n.start, k.Put(t.Context(), "key/1", secret.New("third")), nil, 90*time.Second)
		holds(t, k, "key/1", "third")
		if most := b.atOnce.Load(); most != 1 {
			t.Errorf("%d calls at the same time", most)
		}
		n.are(t, "4s true", "1m1s false", "1m4s true", "1m30s false")
	})
}

// TestLateWrite looks at what a write does that ends after it was given up: that one call, and no other.
func TestLateWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := first(0)
		k := New(b, testService)
		put(t, k, "key/1", "old")
		before := b.calls.Load()
		b.takes = func(call int32) time.Duration {
			if call == before+1 { // the write, before it is read back
				return time.Hour
			}
			return 0
		}
		failed(t, k.Put(t.Context(), "key/1", secret.New("new")), ErrTimeout, "")
		holds(t, New(b.memory, testService), "key/1", "old")
		time.Sleep(hours)
		holds(t, New(b.memory, testService), "key/1", "new")
		if calls := b.calls.Load() - before; calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
		holds(t, k, "key/1", "new")
	})
}

// TestLongQueue lets many wait for a backend that is slow but alive: nobody is told to give up.
func TestLongQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slow{memory: Memory().(*memory), takes: func(int32) time.Duration { return 2 * time.Second }}
		k := New(b, testService)
		n := listen(k)
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				if err := reads(t.Context(), k); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ended(t, n.start, nil, nil, 400*time.Second)
		n.are(t)
	})
}

// TestQueueBehindHanging has several wait behind one call that hangs: one wait is told, and one end of it.
func TestQueueBehindHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := first(hours)
		k := New(b, testService)
		n := listen(k)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				err := reads(t.Context(), k)
				ended(t, n.start, err, ErrTimeout, time.Minute)
			})
		}
		all.Wait()
		n.are(t, "3s true", "1m0s false")
		time.Sleep(hours)
		if calls := b.calls.Load(); calls != 1 {
			t.Errorf("%d calls, want the one that hung", calls)
		}
		if err := reads(t.Context(), k); err != nil {
			t.Error(err)
		}
	})
}

// TestSignOfLife has two wait behind a call that ends late: that is a sign of life, so that the second waits on.
func TestSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slow{memory: Memory().(*memory), takes: func(int32) time.Duration { return 50 * time.Second }}
		k := New(b, testService)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := reads(ctx, k)
		ended(t, start, err, context.DeadlineExceeded, time.Second)
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if err := reads(t.Context(), k); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ended(t, start, nil, nil, 150*time.Second)
	})
}

// TestSlowListener has a listener that takes long: nobody waits for it, and it hears everything in order.
func TestSlowListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slow{memory: Memory().(*memory), takes: func(int32) time.Duration { return 4 * time.Second }}
		k := New(b, testService)
		start := time.Now()
		var told []string
		k.OnWaiting(func(waiting bool) {
			time.Sleep(time.Minute)
			told = append(told, fmt.Sprint(time.Since(start), " ", waiting))
		})
		for n := range 3 {
			err := reads(t.Context(), k)
			ended(t, start, err, nil, time.Duration(n+1)*4*time.Second)
		}
		time.Sleep(hours)
		synctest.Wait()
		want := []string{"1m3s true", "2m3s false", "3m3s true", "4m3s false", "5m3s true", "6m3s false"}
		if !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

func TestPanic(t *testing.T) {
	b := Memory()
	for name, fault := range map[string]any{
		"text": "no prompt", "error": errors.New("no prompt"), "nothing known": struct{ what string }{"no prompt"},
	} {
		t.Run(name, func(t *testing.T) {
			k := New(faulty{Backend: b, get: func(string) (string, error) { panic(fault) }}, testService)
			_, err := k.Get(t.Context(), "key/1")
			// What it says may be a value that was just read: only its type is told.
			if failed(t, err, ErrFailed, "no prompt"); !strings.Contains(err.Error(), fmt.Sprintf("%T", fault)) {
				t.Errorf("%v does not say with what", err)
			}
			k.backend = b // the turn was passed on
			_, err = k.Get(t.Context(), "key/1")
			failed(t, err, ErrNotFound, "")
		})
	}
}

// TestOneAtATime has many do all kinds of things to a backend of any speed, and give up at any time.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slow{memory: Memory().(*memory), takes: func(call int32) time.Duration {
			if call%100 == 0 {
				return 2 * time.Minute
			}
			return time.Duration(call%7) * time.Millisecond
		}}
		k := New(b, testService)
		var gaveUp atomic.Int32
		var all sync.WaitGroup
		for n := range 20 {
			random := rand.New(rand.NewPCG(5, uint64(n)))
			all.Go(func() {
				for range 20 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(20_000))*time.Millisecond)
					if err := anything(ctx, k, random); errors.Is(err, context.DeadlineExceeded) {
						gaveUp.Add(1)
					} else if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrTimeout) {
						t.Error(err)
					}
					cancel()
				}
			})
		}
		all.Wait()
		time.Sleep(hours)
		synctest.Wait()
		if most := b.atOnce.Load(); most != 1 {
			t.Errorf("%d calls at the same time", most)
		}
		if n := gaveUp.Load(); n == 0 || n == 400 {
			t.Errorf("%d of 400 gave up: the test shows nothing", n)
		}
		b.takes = func(int32) time.Duration { return 0 }
		put(t, k, "key/1", "last")
		holds(t, k, "key/1", "last")
	})
}

func anything(ctx context.Context, k *Keychain, random *rand.Rand) (err error) {
	name := fmt.Sprint("key/", random.IntN(5))
	switch random.IntN(3) {
	case 0:
		err = k.Put(ctx, name, secret.New(long(random.IntN(1_500))))
	case 1:
		err = k.Delete(ctx, name)
	case 2:
		_, err = k.Get(ctx, name)
	}
	return err
}
