package connector

import (
	"context"
	"sync"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/wire"
)

// checksAtOnce is how many connections are validated side by side: few enough not to meet JumpCloud's limits.
const checksAtOnce = 4

// CheckEach validates the stored connections with these ids, some at once, until all are done or ctx ends. Each is called
// as they end, one call at a time, with what [Connector.Check] returned.
func (c *Connector) CheckEach(ctx context.Context, ids []string, each func(id string, report check.Report, err error)) {
	ctx = wire.WithLimits(ctx) // shared by the connections of a key
	batch := c.validator.NewBatch()
	queue := make(chan string, len(ids))
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	var (
		telling sync.Mutex
		working sync.WaitGroup
	)
	for range checksAtOnce {
		working.Go(func() {
			for id := range queue {
				if ctx.Err() != nil {
					return
				}
				report, err := c.checkIn(ctx, batch, id, func(check.Result) {})
				telling.Lock()
				each(id, report, err)
				telling.Unlock()
			}
		})
	}
	working.Wait()
}
