package gui

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/desktop/pasteboard"
)

const (
	// clipboardWait is how long the clipboard may take to answer.
	clipboardWait = 2 * time.Second
	// longestPaste bounds what is pasted, in bytes.
	longestPaste = 64<<10 + 1 // what is longer is seen to be too long
)

// board is a clipboard that may take its time.
type board interface {
	Copy(ctx context.Context, s secret.Secret, marked bool) (pasteboard.Claim, error)
	Read(ctx context.Context, limit int) (secret.Secret, error)
}

// clipboard copies and pastes beside the window, for another program may hold the system's clipboard and hang. It clears each
// copied secret later if it is still there. Its methods belong to the window's thread.
type clipboard struct {
	work    *worker
	board   board
	after   func() time.Duration // how long a copied secret stays on it
	failed  func(error)          // tells that the clipboard could not be used
	claim   pasteboard.Claim
	stop    func()
	reading task
	one     sync.Mutex     // is held while something is copied
	last    atomic.Int64   // counts what was copied: no older one takes the place of the newest
	ending  sync.WaitGroup // what has to end before the program does
}

func newClipboard(w *worker, after func() time.Duration, failed func(error)) *clipboard {
	return &clipboard{work: w, after: after, board: pasteboard.System{}, failed: failed, stop: func() {}, reading: task{work: w, begin: w.start}}
}

// Put copies a secret. Done is called when it is there, with whether it has its mark; cleared when it has been cleared, but not
// if something else was copied meanwhile.
func (c *clipboard) Put(s secret.Secret, done func(marked bool), cleared func()) {
	c.clear(func() {}) // the former one, which may have to wait long for this one to take its place
	c.copy(s, true, func(claim pasteboard.Claim, marked bool) {
		c.claim = claim
		done(marked)
		c.stop = c.work.after(c.after(), func() { c.clear(cleared) })
	})
}

// PutText copies what is no secret, and stays.
func (c *clipboard) PutText(text string, done func()) {
	c.copy(secret.New(text), false, func(pasteboard.Claim, bool) { done() })
}

// copy copies, and then calls done unless something else is to be copied by then.
func (c *clipboard) copy(s secret.Secret, marked bool, done func(claim pasteboard.Claim, marked bool)) {
	order := c.last.Add(1)
	c.work.start(func(ctx context.Context) {
		c.one.Lock()
		defer c.one.Unlock()
		if ctx.Err() != nil || order != c.last.Load() {
			return
		}
		limited, cancel := c.work.limit(ctx, clipboardWait)
		defer cancel()
		claim, err := c.board.Copy(limited, s, marked)
		if ctx.Err() != nil { // the window was closed meanwhile, and found nothing to clear
			if err == nil {
				claim.Release()
			}
			return
		}
		c.work.do(func() {
			switch {
			case order != c.last.Load():
				if err == nil { // what is copied next may fail, and nobody else would clear this one
					c.ending.Go(func() { claim.Release() })
				}
				return
			case errors.Is(err, pasteboard.ErrUnanswered):
				c.failed(err)
				return
			case err != nil: // there is nothing to copy to but what Fyne knows
				marked, claim = false, putWithFyne(s)
			}
			done(claim, marked)
		})
	})
}

// clear empties the clipboard if it still holds the secret that was copied last, and then calls cleared.
func (c *clipboard) clear(cleared func()) {
	c.stop()
	claim := c.claim
	c.claim = nil
	switch claim := claim.(type) {
	case nil:
	case fyneClaim: // which belongs to the window's thread
		if claim.Release() {
			cleared()
		}
	default:
		c.ending.Go(func() {
			if claim.Release() {
				c.work.do(cleared)
			}
		})
	}
}

// end clears the clipboard, and waits until it is done: once the window is out of sight.
func (c *clipboard) end() {
	waiting, stop := c.work.limit(context.Background(), clipboardWait)
	defer stop()
	go func() {
		c.ending.Wait()
		stop()
	}()
	<-waiting.Done()
}

// Read calls use with the text on the clipboard. Asked again meanwhile, as by a key that is held down, it does nothing.
func (c *clipboard) Read(use func(string)) {
	if c.reading.running {
		return
	}
	c.reading.start(func(ctx context.Context, _ func(func())) func() {
		limited, cancel := c.work.limit(ctx, clipboardWait)
		defer cancel()
		s, err := c.board.Read(limited, longestPaste)
		return func() {
			if err != nil && !errors.Is(err, pasteboard.ErrUnanswered) && !errors.Is(err, pasteboard.ErrNoText) {
				s, err = readWithFyne()
			}
			if err != nil {
				c.failed(err)
				return
			}
			use(s.Reveal())
		}
	})
}

// fyneClaim is a secret that Fyne has put on the clipboard. Where the system has no other way to it, Fyne asks on the window's
// thread.
type fyneClaim struct{ held secret.Secret }

func putWithFyne(s secret.Secret) fyneClaim {
	fyne.CurrentApp().Clipboard().SetContent(s.Reveal())
	return fyneClaim{s}
}

// Release implements [pasteboard.Claim].
func (f fyneClaim) Release() bool {
	system := fyne.CurrentApp().Clipboard()
	ours := !f.held.Empty() && f.held.Equal(secret.New(system.Content()))
	if ours {
		system.SetContent("")
	}
	return ours
}

func readWithFyne() (secret.Secret, error) {
	text := fyne.CurrentApp().Clipboard().Content()
	if text == "" {
		return secret.Secret{}, pasteboard.ErrNoText
	}
	return secret.New(text[:min(len(text), longestPaste)]), nil
}
