package connector

import (
	"context"
	"sync"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/wire"
)

// checksAtOnce is how many connections are validated at the same time: few enough to stay below JumpCloud's limits.
const checksAtOnce = 4

// CheckEach validates stored connections, some at the same time, until all are done or ctx ends. It calls each with what
// [Connector.Check] returned, one call at a time. The first connection of a key asks JumpCloud about the key. The others wait in
// the queue for its answers, so that a key whose region does not answer holds up one worker only.
func (c *Connector) CheckEach(ctx context.Context, connections []Connection, each func(id string, report check.Report, err error)) {
	ctx = wire.WithLimits(ctx) // shared by the connections of a key
	batch, queue := c.validator.NewBatch(), newKeyQueue(connections)
	var (
		working sync.WaitGroup
		telling sync.Mutex
	)
	for range checksAtOnce {
		working.Go(func() {
			for one, ok := queue.next(ctx); ok; one, ok = queue.next(ctx) {
				report, err := c.checkIn(ctx, batch, one.ID, func(check.Result) {})
				telling.Lock()
				each(one.ID, report, err)
				telling.Unlock()
				queue.done(one)
			}
		})
	}
	working.Wait()
}

// keyQueue hands out connections. Of each key it first hands out one, and the others when that one is done.
type keyQueue struct {
	ready chan Connection // has room for all, so that sending never blocks

	mu      sync.Mutex
	left    int                          // how many are not done
	waiting map[keyInRegion][]Connection // has each key that was handed out
}

type keyInRegion struct{ region, keyID string }

func newKeyQueue(connections []Connection) *keyQueue {
	q := &keyQueue{ready: make(chan Connection, len(connections)), left: len(connections), waiting: make(map[keyInRegion][]Connection)}
	for _, one := range connections {
		key := keyInRegion{one.Region, one.KeyID}
		if others, known := q.waiting[key]; known {
			q.waiting[key] = append(others, one)
		} else {
			q.waiting[key] = nil
			q.ready <- one
		}
	}
	if q.left == 0 {
		close(q.ready)
	}
	return q
}

// next waits for a connection. It reports false when all are done or ctx has ended.
func (q *keyQueue) next(ctx context.Context) (one Connection, ok bool) {
	select {
	case one, ok = <-q.ready:
		return one, ok && ctx.Err() == nil
	case <-ctx.Done():
		return Connection{}, false
	}
}

// done says that a connection has been validated.
func (q *keyQueue) done(one Connection) {
	q.mu.Lock()
	defer q.mu.Unlock()
	key := keyInRegion{one.Region, one.KeyID}
	for _, other := range q.waiting[key] {
		q.ready <- other
	}
	q.waiting[key] = nil
	if q.left--; q.left == 0 {
		close(q.ready)
	}
}
