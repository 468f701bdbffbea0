package wire

import "context"

// ahead holds the pages of a list that were requested and are not read yet, in order.
type ahead[T Row] struct {
	ctx   context.Context
	get   Fetch[T]
	size  int // of a page
	queue []*request[T]
}

// request is the request for one page. Its page and err are set once done is closed.
type request[T Row] struct {
	skip   int
	cancel context.CancelFunc
	done   chan struct{}
	page   Page[T]
	err    error
}

// start requests the page that begins at row skip.
func (a *ahead[T]) start(skip int) {
	ctx, cancel := context.WithCancel(a.ctx)
	r := &request[T]{skip: skip, cancel: cancel, done: make(chan struct{})}
	a.queue = append(a.queue, r)
	go func() {
		defer close(r.done)
		r.page, r.err = a.get(ctx, skip, a.size)
	}()
}

// first waits for the first page of the queue, and removes it.
func (a *ahead[T]) first() (skip int, p Page[T], err error) {
	r := a.queue[0]
	a.queue = a.queue[1:]
	<-r.done
	r.cancel()
	return r.skip, r.page, r.err
}

// drop cancels all requests, and waits until they have ended.
func (a *ahead[T]) drop() {
	for _, r := range a.queue {
		r.cancel()
	}
	for _, r := range a.queue {
		<-r.done
	}
	a.queue = nil
}
