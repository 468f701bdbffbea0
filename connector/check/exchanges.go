package check

import (
	"slices"
	"sync"

	"controlmap-jumpcloud/connector/wire"
)

// exchanges collects the requests of one check, which may make several at once.
type exchanges struct {
	mu   sync.Mutex
	list []wire.Exchange
}

func (e *exchanges) add(one wire.Exchange) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, one)
}

func (e *exchanges) all() []wire.Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.list)
}
