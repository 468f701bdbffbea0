package jumpcloud

import "context"

// requests are the pages of a list that have been asked for and not been read yet, in order.
type requests[T any] struct {
	ctx   context.Context
	get   fetch[T]
	queue []*request[T]
}

// request is one page that has been asked for. Its page and err are set once done is closed.
type request[T any] struct {
	skip   int
	cancel context.CancelFunc
	done   chan struct{}
	page   page[T]
	err    error
}

// start asks for the page that begins at row skip.
func (r *requests[T]) start(skip int) {
	ctx, cancel := context.WithCancel(r.ctx)
	q := &request[T]{skip: skip, cancel: cancel, done: make(chan struct{})}
	r.queue = append(r.queue, q)
	go func() {
		defer close(q.done)
		q.page, q.err = r.get(ctx, skip, pageSize)
	}()
}

// first waits for the page that was asked for first, and takes it out of the queue.
func (r *requests[T]) first() (skip int, p page[T], err error) {
	q := r.queue[0]
	r.queue = r.queue[1:]
	<-q.done
	q.cancel()
	return q.skip, q.page, q.err
}

// drop ends all requests that are under way, and waits for their end.
func (r *requests[T]) drop() {
	for _, q := range r.queue {
		q.cancel()
	}
	for _, q := range r.queue {
		<-q.done
	}
	r.queue = nil
}
