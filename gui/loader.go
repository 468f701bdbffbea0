package gui

import (
	"context"
	"slices"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

const (
	// rereadAfter is how long the connections count as known. Another process may add some meanwhile. TestKeychainCallsOfADay counts what
	// reading them costs.
	rereadAfter = 24 * time.Hour
	// firstRetry is how long the loader waits until it reads again what it could not read. The keychain's service may start after this program.
	firstRetry = time.Minute
)

// loader reads the kept connections from the keychain: at the start, and then by itself from time to time. It belongs to the window's thread.
type loader struct {
	w         *window
	reading   task
	loaded    bool          // the connections have been read, or could not be
	unread    bool          // they could not be read
	known     bool          // they have all been read at some time
	at        time.Time     // when reading has ended
	pause     time.Duration // how long after that they are read again
	inSession bool          // the user goes on without the keychain, and need not hear that it fails
	tidied    bool          // the keychain is being cleaned up, or has been
}

func newLoader(w *window) *loader {
	return &loader{w: w, reading: task{work: w.work, begin: w.work.startOnKeychain}}
}

// hear takes over what happened in the window.
func (l *loader) hear(e event) {
	if _, ok := e.(minutePassed); ok && l.loaded && !l.reading.running && !l.inSession && isOver(l.at, l.pause, l.w.work.now()) {
		l.begin()
	}
}

// isOver reports whether a wait since then is over, or the clock was set back meanwhile.
func isOver(then time.Time, wait time.Duration, now time.Time) bool {
	return now.Before(then) || now.Sub(then) >= wait
}

// reload reads the connections because the user wants it, unless they are being read.
func (l *loader) reload() {
	if l.reading.running {
		return
	}
	l.inSession = false // the user wants to know why if it fails
	l.load()
}

// load reads the connections, for a user who waits for them.
func (l *loader) load() {
	l.w.banner.Hide(ownerList)
	l.begin()
}

// begin reads the connections beside the window.
func (l *loader) begin() {
	known := l.w.connections
	changes := known.changes
	l.reading.start(func(ctx context.Context, show func(func())) func() {
		found, err := l.w.c.Connections(ctx, l.arriving(func(some []connector.Connection) {
			show(func() {
				if changes == known.changes {
					known.add(some)
				}
			})
		}))
		return func() { l.read(found, err, changes != known.changes) }
	})
	l.w.tell(connectionsChanged{})
}

// read takes over what was read. It is old if a connection was saved or removed meanwhile.
func (l *loader) read(found []connector.Connection, err error, old bool) {
	partial := connector.IsListPartial(err)
	switch {
	case old && (err == nil || partial):
		l.load()
		return
	case old:
		found = l.w.connections.all // which is newer
	}
	l.at, l.pause = l.w.work.now(), l.pauseAfter(err)
	if err == nil {
		l.known = true
		l.w.banner.Hide(ownerList)
		l.set(found)
		l.tidy(false)
		return
	}
	mend := partial && !l.tidied
	l.failed(found, mend)
	if mend {
		l.tidy(true) // this mends the index, if it can
		return
	}
	if !l.inSession {
		l.w.trouble(ownerList, err, l.reload)
		l.w.watcher.unread(err)
	}
}

// pauseAfter is how long the loader waits until it reads again. The pauses grow while nothing can be read.
func (l *loader) pauseAfter(err error) time.Duration {
	switch {
	case err == nil, l.known:
		return rereadAfter
	case asksUser(err):
		return keychainPause
	}
	return min(max(2*l.pause, firstRetry), keychainPause)
}

// asksUser reports whether the keychain has failed because the user did not answer it, and would ask once more.
func asksUser(err error) bool {
	cause := connector.KeychainCause(err)
	return cause == check.CauseKeychainLocked || cause == check.CauseKeychainTimeout || cause == check.CauseCancelled
}

// betweenArrivals is how long connections that are read are collected before the list is drawn anew.
const betweenArrivals = 150 * time.Millisecond

// arriving returns a function that collects connections as they are read, and passes them to show from time to time. The first ones are
// passed at once.
func (l *loader) arriving(show func([]connector.Connection)) func([]connector.Connection) {
	var some []connector.Connection
	var last time.Time
	return func(more []connector.Connection) {
		some = append(some, more...)
		if now := l.w.work.now(); now.Sub(last) >= betweenArrivals {
			show(some)
			last, some = now, nil
		}
	}
}

// set takes over all connections.
func (l *loader) set(all []connector.Connection) {
	known := byID(l.w.connections.all)
	for i, c := range all {
		// A check may have ended since this was read.
		if k, ok := known[c.ID]; ok && k.Saved.Equal(c.Saved) && k.Report.At.After(c.Report.At) {
			all[i].Report = k.Report
		}
	}
	l.ended(all, connectionsRead{all: true})
}

// failed takes over what was read before the keychain failed. Connections that are known stay. Those of the session are always read.
// Again says that they will be read again at once.
func (l *loader) failed(found []connector.Connection, again bool) {
	read := byID(found)
	all := slices.DeleteFunc(slices.Clone(l.w.connections.all), func(c connector.Connection) bool {
		_, again := read[c.ID]
		return again || c.SessionOnly
	})
	all = append(all, found...)
	l.ended(all, connectionsRead{again: again})
}

// ended takes over which connections there are now that reading has ended.
func (l *loader) ended(all []connector.Connection, read connectionsRead) {
	read.first = !l.loaded
	l.loaded, l.unread = true, !read.all
	l.w.connections.replace(all, "")
	l.w.tell(read)
}

// tidy deletes what an earlier run may have left in the keychain: once, beside the window. Afterwards it reads the connections again, if
// that is wanted or the keychain has changed.
func (l *loader) tidy(wanted bool) {
	if l.tidied {
		return
	}
	l.tidied = true
	l.w.work.startOnKeychain(func(ctx context.Context) {
		again, _ := l.w.c.Tidy(ctx) // the next start tries again what fails here
		if wanted || again {
			l.w.work.do(l.load)
		}
	})
}
