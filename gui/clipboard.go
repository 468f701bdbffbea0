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
	// longestPaste is how much of a paste is read, in bytes.
	longestPaste = 64<<10 + 1 // one more than fits: so a text that is too long is noticed
)

// board is a clipboard that may take its time.
type board interface {
	Copy(ctx context.Context, s secret.Secret, marked bool) (pasteboard.Claim, error)
	Read(ctx context.Context, limit int) (secret.Secret, error)
}

// clipboard copies and pastes beside the window, for another program may hold the system's clipboard and hang. It clears each
// copied secret later if it is still there. Its methods belong to the window's thread.
type clipboard struct {
	work   *worker
	board  board
	after  func() time.Duration // how long a copied secret stays on it
	failed func(error)          // says that the clipboard could not be used
	claim  pasteboard.Claim
	stop   func()
	// replaced is called when the next copy begins. Whoever has copied something sets it once that is there.
	replaced func()
	reading  task
	copying  sync.Mutex   // is held while something is copied
	last     atomic.Int64 // counts the copies, so that no older one replaces the newest
}

func newClipboard(w *worker, after func() time.Duration, failed func(error)) *clipboard {
	return &clipboard{work: w, after: after, board: pasteboard.System{}, failed: failed, stop: func() {}, replaced: func() {}, reading: task{work: w, begin: w.start}}
}

// Put copies a secret. Done is called when it is there, with whether it has its mark; cleared when it has been cleared, but not
// if something else was copied meanwhile.
func (c *clipboard) Put(s secret.Secret, done func(marked bool), cleared func()) {
	c.clear(func() {}) // the former secret: the next copy may replace it only much later
	c.copy(s, true, func(claim pasteboard.Claim, marked bool) {
		c.claim = claim
		done(marked)
		c.stop = c.work.after(c.after(), func() { c.clear(cleared) })
	})
}

// PutText copies a text that is not secret. It stays on the clipboard.
func (c *clipboard) PutText(text string, done func()) {
	c.copy(secret.New(text), false, func(pasteboard.Claim, bool) { done() })
}

// copy copies a text. Then it calls done, unless the next copy has begun.
func (c *clipboard) copy(s secret.Secret, marked bool, done func(claim pasteboard.Claim, marked bool)) {
	order := c.last.Add(1)
	c.replaced()
	c.replaced = func() {}
	c.work.start(func(ctx context.Context) {
		c.copying.Lock()
		defer c.copying.Unlock()
		if ctx.Err() != nil || order != c.last.Load() {
			return
		}
		limited, cancel := c.work.limit(ctx, clipboardWait)
		defer cancel()
		claim, err := c.board.Copy(limited, s, marked)
		if ctx.Err() != nil { // the window has closed, and has found nothing to clear
			if err == nil {
				claim.Release()
			}
			return
		}
		c.work.do(func() {
			switch {
			case order != c.last.Load():
				if err == nil { // the next copy may fail, and then nothing else would clear this one
					c.work.ending.Go(func() { claim.Release() })
				}
				return
			case errors.Is(err, pasteboard.ErrUnanswered):
				c.failed(err)
				return
			case err != nil: // only Fyne's own way to the clipboard is left
				marked, claim = false, putWithFyne(s)
			}
			done(claim, marked)
		})
	})
}

// forget empties the clipboard as clear does, and drops what is still being copied or pasted.
func (c *clipboard) forget() {
	c.last.Add(1)
	c.reading.drop()
	c.replaced()
	c.replaced = func() {}
	c.clear(func() {})
}

// clear empties the clipboard if it still holds the secret that was copied last, and then calls cleared.
func (c *clipboard) clear(cleared func()) {
	c.stop()
	claim := c.claim
	c.claim = nil
	switch claim := claim.(type) {
	case nil:
	case fyneClaim:
		c.clearFyne(claim, cleared)
	default:
		c.work.ending.Go(func() {
			if claim.Release() {
				c.work.do(cleared)
			}
		})
	}
}

// clearFyne clears what Fyne has put on the clipboard, if that still holds it. It looks beside the window, for Fyne would look on the
// window's thread, and wait if another program has taken the clipboard and hangs. Where it cannot look, as without wl-paste, it clears what is
// there, even if another program has put it there since.
func (c *clipboard) clearFyne(claim fyneClaim, cleared func()) {
	if c.work.ctx.Err() != nil { // the program ends, and nothing can look any more
		claim.Release()
		return
	}
	order := c.last.Load()
	c.work.start(func(ctx context.Context) {
		limited, cancel := c.work.limit(ctx, clipboardWait)
		defer cancel()
		held, err := c.board.Read(limited, longestPaste)
		c.work.do(func() {
			switch {
			case order != c.last.Load():
				return // the next copy takes its place, perhaps with the same text
			case errors.Is(err, pasteboard.ErrUnanswered): // nobody knows what is there: look again later
				c.claim = claim
				c.stop = c.work.after(c.after(), func() { c.clear(cleared) })
				return
			case errors.Is(err, pasteboard.ErrNoText), err == nil && !held.Equal(claim.held):
				return
			}
			claim.Release()
			cleared()
		})
	})
}

// Read calls use with the text on the clipboard. It does nothing while an earlier read runs, for example when the key is held down.
func (c *clipboard) Read(use func(string)) {
	if c.reading.running {
		return
	}
	c.reading.start(func(ctx context.Context, _ func(func())) func() {
		limited, cancel := c.work.limit(ctx, clipboardWait)
		defer cancel()
		s, err := c.board.Read(limited, longestPaste)
		return func() {
			if onlyFyneIsLeft(err) && !errors.Is(err, pasteboard.ErrNoTool) {
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

// onlyFyneIsLeft reports whether reading failed because the system's clipboard cannot be read beside the window.
func onlyFyneIsLeft(err error) bool {
	return err != nil && !errors.Is(err, pasteboard.ErrUnanswered) && !errors.Is(err, pasteboard.ErrNoText)
}

// fyneClaim is a secret that Fyne has put on the clipboard, because this system has no other way.
type fyneClaim struct{ held secret.Secret }

func putWithFyne(s secret.Secret) fyneClaim {
	fyne.CurrentApp().Clipboard().SetContent(s.Reveal())
	return fyneClaim{s}
}

// Release implements [pasteboard.Claim], but for looking what is there. Only the window's thread may call it.
func (fyneClaim) Release() bool {
	fyne.CurrentApp().Clipboard().SetContent("")
	return true
}

func readWithFyne() (secret.Secret, error) {
	text := fyne.CurrentApp().Clipboard().Content()
	if text == "" {
		return secret.Secret{}, pasteboard.ErrNoText
	}
	return secret.New(text[:min(len(text), longestPaste)]), nil
}
