package keychain

import "sync"

// waiting calls tell when the first of several waits begins, and when the last one ends.
type waiting struct {
	tell func(bool)

	mu      sync.Mutex
	count   int    // of waits now
	news    []bool // values that tell has not got yet
	telling bool   // tellAll is running
}

// add counts a wait that began (1) or ended (-1). It does not wait for tell.
func (w *waiting) add(change int) {
	if w.tell == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.count > 0
	w.count += change
	if now := w.count > 0; now != before {
		w.news = append(w.news, now)
	}
	if len(w.news) > 0 && !w.telling {
		w.telling = true
		go w.tellAll()
	}
}

// tellAll calls tell with the news in order, without the lock.
func (w *waiting) tellAll() {
	for {
		w.mu.Lock()
		if len(w.news) == 0 {
			w.telling = false
			w.mu.Unlock()
			return
		}
		next := w.news[0]
		w.news = w.news[1:]
		w.mu.Unlock()
		w.tell(next)
	}
}
