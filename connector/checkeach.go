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
// the queue for its answers, so that a key whose region does not answer takes one place only.
func (c *Connector) CheckEach(ctx context.Context, connections []Connection, each func(id string, report check.Report, err error)) {
	type key struct{ region, id string }
	keyOf := func(one Connection) key { return key{one.Region, one.KeyID} }
	var (
		working sync.WaitGroup
		mu      sync.Mutex
		left    = len(connections)
		queue   = make(chan Connection, left) // has room for all, so that sending never blocks
		waiting = make(map[key][]Connection)  // for the first connection of their key
	)
	for _, one := range connections {
		k := keyOf(one)
		if others, asked := waiting[k]; asked {
			waiting[k] = append(others, one)
		} else {
			waiting[k] = nil
			queue <- one
		}
	}
	ctx = wire.WithLimits(ctx) // shared by the connections of a key
	batch := c.validator.NewBatch()
	for range min(checksAtOnce, left) {
		working.Go(func() {
			for one := range queue {
				if ctx.Err() != nil {
					return
				}
				report, err := c.checkIn(ctx, batch, one.ID, func(check.Result) {})
				mu.Lock()
				each(one.ID, report, err)
				for _, next := range waiting[keyOf(one)] {
					queue <- next
				}
				waiting[keyOf(one)] = nil
				if left--; left == 0 {
					close(queue)
				}
				mu.Unlock()
			}
		})
	}
	working.Wait()
}
