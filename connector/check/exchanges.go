package check

import (
	"slices"
	"sync"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// exchanges collects the requests of one check, which may make several at once.
type exchanges struct {
	mu   sync.Mutex
	list []jumpcloud.Exchange
}

func (e *exchanges) add(one jumpcloud.Exchange) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, one)
}

func (e *exchanges) all() []jumpcloud.Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.list)
}
