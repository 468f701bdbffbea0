package connector

import (
	"context"
	"errors"
	"slices"
	"sync"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/vault"
)

// checksAtOnce is how many connections are validated at the same time. Package wire keeps to JumpCloud's limits. More connections would wait for
// each other's requests until their checks run out of time where the limit is low.
const checksAtOnce = 4

// CheckEach validates stored connections, some at the same time, until all are done or ctx ends. It calls each with what
// [Connector.Check] returned, one call at a time.
func (c *Connector) CheckEach(ctx context.Context, connections []Connection, each func(id string, report check.Report, err error)) {
	c.checkEach(ctx, connections, false, each)
}

// CheckEachTwice is CheckEach for somebody who does not come back: it asks about those again that are doubtful, and calls each once of every
// connection, when it is sure. Before it waits for that, it calls doubt with how many they are.
func (c *Connector) CheckEachTwice(ctx context.Context, connections []Connection, doubt func(count int), each func(id string, report check.Report, err error)) {
	doubtful := make(map[string]bool)
	c.checkEach(ctx, connections, false, func(id string, report check.Report, err error) {
		if errors.Is(err, ErrDoubtful) {
			doubtful[id] = true
			return
		}
		each(id, report, err)
	})
	if len(doubtful) == 0 || ctx.Err() != nil {
		return
	}
	doubt(len(doubtful))
	select {
	case <-c.after(SureAfter):
		again := slices.DeleteFunc(slices.Clone(connections), func(one Connection) bool { return !doubtful[one.ID] })
		c.checkEach(ctx, again, true, each)
	case <-ctx.Done():
	}
}

// checkEach does what CheckEach does. Again is as in [question].
func (c *Connector) checkEach(ctx context.Context, connections []Connection, again bool, each func(id string, report check.Report, err error)) {
	var keys vault.Keys // of the system's vault and of the session's: the same fingerprint is the same key
	why := c.inquiryAmongAll(ctx, &keys)
	c.batched(ctx, connections, func(batch *check.Batch, one Connection) (tell func()) {
		report, err := c.checkIn(ctx, batch, &keys, why, one, again, func(check.Result) {})
		return func() { each(one.ID, report, err) }
	})
}

// batched calls do with each connection and their batch, some at the same time, until all are done or ctx ends. It calls what do returns,
// unless that is nil, one call at a time. The connections of a key wait in the queue until one of them has asked JumpCloud about the key. So a
// key whose region does not answer holds up one worker only.
func (c *Connector) batched(ctx context.Context, connections []Connection, do func(*check.Batch, Connection) (tell func())) {
	batch, queue := c.validator.NewBatch(), newKeyQueue(connections)
	var working sync.WaitGroup
	var telling sync.Mutex
	for range checksAtOnce {
		working.Go(func() {
			for one, ok := queue.next(ctx); ok; one, ok = queue.next(ctx) {
				if tell := do(batch, one); tell != nil {
					telling.Lock()
					tell()
					telling.Unlock()
				}
				queue.done(one, batch.Knows(one.keyInRegion()))
			}
		})
	}
	working.Wait()
}

// keyQueue hands out connections. Of each key it hands out one after the other until the answers about the key are known, and then
// all others.
type keyQueue struct {
	ready chan Connection // has room for all, so that sending never blocks

	mu      sync.Mutex
	left    int                                // how many are not done
	waiting map[check.KeyInRegion][]Connection // has each key that was handed out
}

func (c Connection) keyInRegion() check.KeyInRegion {
	return check.KeyInRegion{Region: c.Region, KeyID: c.KeyID}
}

func newKeyQueue(connections []Connection) *keyQueue {
	q := &keyQueue{ready: make(chan Connection, len(connections)), left: len(connections), waiting: make(map[check.KeyInRegion][]Connection)}
	for _, one := range connections {
		key := one.keyInRegion()
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

// done says that a connection has been validated, and whether the answers about its key are known now.
func (q *keyQueue) done(one Connection, known bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.waiting[one.keyInRegion()]
	next := len(waiting)
	if !known {
		next = min(1, next)
	}
	for _, other := range waiting[:next] {
		q.ready <- other
	}
	q.waiting[one.keyInRegion()] = waiting[next:]
	if q.left--; q.left == 0 {
		close(q.ready)
	}
}
