package gui

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/pasteboard"
)

// clipboardTime is how long a copied secret stays on the clipboard.
const clipboardTime = 45 * time.Second

// clipboard copies secrets, and clears each of them later if it is still there.
type clipboard struct {
	work   *worker
	marked func(secret.Secret) error // copies with the mark that keeps a secret out of the clipboard's history
	held   secret.Secret
	stop   func()
	one    sync.Mutex   // is held while something is copied
	last   atomic.Int64 // counts what was copied: no older one takes the place of the newest
}

func newClipboard(w *worker) *clipboard {
	return &clipboard{work: w, marked: pasteboard.Copy, stop: func() {}}
}

// put copies a secret, beside the window, for the display may take its time. Done is called when it is there, with whether it
// has its mark; cleared when it has been cleared, but not if something else was copied meanwhile.
func (c *clipboard) put(s secret.Secret, done func(marked bool), cleared func()) {
	c.clear() // the former one, which may have to wait long for this one to take its place
	c.held = s
	order := c.last.Add(1)
	c.work.start(func(ctx context.Context) {
		c.one.Lock()
		defer c.one.Unlock()
		if ctx.Err() != nil || order != c.last.Load() {
			return
		}
		err := c.marked(s)
		if ctx.Err() != nil { // the window was closed meanwhile, and found nothing to clear
			_ = c.marked(secret.Secret{})
			return
		}
		c.work.do(func() {
			if order != c.last.Load() {
				return
			}
			if err != nil { // where the system knows no mark, or nothing to copy to but what Fyne knows
				fyne.CurrentApp().Clipboard().SetContent(s.Reveal())
			}
			done(err == nil)
			c.stop = c.work.after(clipboardTime, func() {
				if c.clear() {
					cleared()
				}
			})
		})
	})
}

// clear empties the clipboard if it still holds what was copied last, and reports whether it did.
func (c *clipboard) clear() bool {
	c.stop()
	system := fyne.CurrentApp().Clipboard()
	ours := !c.held.Empty() && c.held.Equal(secret.New(system.Content()))
	if ours {
		system.SetContent("")
	}
	c.held = secret.Secret{}
	return ours
}
