package gui

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/words"
)

const (
	// newsPause is how long news of one kind and cause is collected after some was told, so that one cause is not told every minute.
	newsPause = time.Hour
	// keychainPause is how long nobody asks a keychain again that has failed. It may have asked the user something.
	keychainPause = time.Hour
)

// watcher checks the kept connections again on the schedule that the user has chosen, and tells what is new in a notification. It belongs to
// the window's thread.
type watcher struct {
	w        *window
	watch    *connector.Watch
	checking task
	asking   map[string]connector.Connection             // those that are asked about again, by id, until there is an answer
	refusals map[string]doubted                          // how connections were refused when the user asked, by id, see refusal
	notify   func(title, text string, ended func(error)) // ended gets the error of [desktop.Notify]
	news     []words.Change                              // what is not told yet
	told     map[string]time.Time                        // when news of a kind was told
	pause    time.Time                                   // nothing is checked before
	left     map[string]string                           // the connections that are left out, because their keys cannot be read: their KeyIDs, by id
	others   func() bool                                 // reports whether somebody else checks the connections
	failure  error                                       // why the keychain has failed in the last run; nil if it has not
	troubled bool                                        // it was told that the keychain fails, and it still does
}

func newWatcher(w *window) *watcher {
	k := &watcher{w: w, watch: connector.NewWatch(0), checking: task{work: w.work, begin: w.work.watch},
		asking: make(map[string]connector.Connection), refusals: make(map[string]doubted),
		told: make(map[string]time.Time), left: make(map[string]string), others: func() bool { return false }}
	k.notify = func(title, text string, ended func(error)) {
		w.work.watch(func(ctx context.Context) {
			err := desktop.Notify(ctx, w.app, title, text)
			w.work.do(func() { ended(err) })
		})
	}
	return k
}

// hear takes over what happened in the window.
func (k *watcher) hear(e event) {
	switch e := e.(type) {
	case minutePassed:
		k.tick()
	case connectionsRead:
		k.troubled = k.troubled && !e.all
	case reported:
		if c, there := k.w.connections.find(e.id); there && !e.report.Undecided() {
			delete(k.asking, e.id)
			delete(k.refusals, e.id)
			k.watch.Settle(c)
		}
	case doubted:
		k.refusals[e.ID] = e
		k.watch.Doubt(e.Connection, e.refused, k.w.work.now())
	case wiping:
		k.checking.drop()
	}
}

// resume has it ask the keychain again, also for keys that could not be read: the user wants to know.
func (k *watcher) resume() {
	k.pause = time.Time{}
	clear(k.left)
}

// doubts reports whether a connection was refused and is asked about again, see [connector.Watch.Doubt].
func (k *watcher) doubts(id string) bool {
	_, asking := k.asking[id]
	return asking || k.watch.Doubted(id)
}

// refusal returns the report in which a connection was refused that is asked about again; false if it is not, or if the user did not ask.
func (k *watcher) refusal(c connector.Connection) (check.Report, bool) {
	last := k.refusals[c.ID]
	return last.refused, last.KeyID == c.KeyID && k.doubts(c.ID)
}

// doubtAgain has those asked about once more that there was no answer about: the keychain failed, or they were being removed. It waits until the
// keychain may be asked.
func (k *watcher) doubtAgain(now time.Time) {
	if now.Before(k.pause) {
		return
	}
	for _, one := range k.asking {
		k.watch.Doubt(one, check.Report{}, now)
	}
	clear(k.asking)
}

// tick checks what is due, and tells what is new: once a minute.
func (k *watcher) tick() {
	k.tellNews()
	now := k.w.work.now()
	k.watch.Every = k.w.settings.watchEvery()
	ready := k.w.loader.loaded && !k.w.loader.reading.running && !now.Before(k.pause)
	if k.checking.running || k.others() || len(k.w.connections.hidden) > 0 {
		return // what is hidden may come back, and keeps its doubt
	}
	k.doubtAgain(now)
	if !ready && !k.watch.Doubts() {
		return
	}
	readable := slices.DeleteFunc(slices.Clone(k.w.connections.all), func(c connector.Connection) bool { return k.left[c.ID] == c.KeyID })
	due, again := k.watch.Due(readable, now)
	if !ready { // what was refused once is asked about, whatever the keychain does: the user may wait for it
		due = nil
	}
	if len(due)+len(again) == 0 {
		return
	}
	k.failure = nil
	maps.Copy(k.asking, byID(again)) // some may wait there until the keychain may be asked
	k.checking.start(func(ctx context.Context, show func(func())) func() {
		stale := false // belongs to the window's thread
		for _, run := range []struct {
			all   []connector.Connection
			again bool
		}{{again, true}, {due, false}} {
			read := byID(run.all)
			k.w.c.WatchEach(ctx, run.all, readable, run.again, func(seen connector.Watched) {
				show(func() { stale = !k.see(read[seen.ID], seen) || stale })
			})
		}
		return func() { k.ended(stale, len(again) > 0) }
	})
}

// next returns when a connection is checked again, about; false for never.
func (k *watcher) next(c connector.Connection) (time.Time, bool) {
	k.watch.Every = k.w.settings.watchEvery()
	if left, isLeft := k.left[c.ID]; isLeft && left == c.KeyID {
		return time.Time{}, false
	}
	return k.watch.Next(c)
}

// see takes over what a check has found out about a connection as it was read. It returns false if the connections have to be read again.
func (k *watcher) see(read connector.Connection, seen connector.Watched) bool {
	now, there := k.w.connections.find(read.ID)
	switch {
	case errors.Is(seen.Err, connector.ErrReplaced):
		delete(k.asking, read.ID)
		return false
	case seen.Err != nil && isOfOne(connector.KeychainCause(seen.Err)):
		k.left[read.ID] = read.KeyID
		delete(k.asking, read.ID)
		return false
	case seen.Err != nil: // what could not be kept is found out again
		k.pause, k.failure = k.w.work.now().Add(keychainPause), seen.Err
		return true
	}
	k.troubled = false
	if there {
		delete(k.asking, read.ID)
	}
	if !there || now.KeyID != read.KeyID || !now.Saved.Equal(read.Saved) || now.Report.At.After(seen.Report.At) || !seen.Report.Complete() {
		return true // it was changed or checked meanwhile
	}
	k.watch.Note(read, seen, k.w.work.now())
	if seen.News == connector.Doubtful {
		return true // it is shown when it is sure
	}
	if seen.News == connector.Changed && !k.w.checks.tells(read.ID) {
		k.news = append(k.news, words.Change{ID: read.ID, Name: k.w.connections.nameOf(read), Before: read.Report, Now: seen.Report})
	}
	k.w.connections.checked(read.ID, seen.Report)
	return seen.Report.RegionAfter(read.Region) == read.Region
}

// isOfOne reports whether the keychain has failed for one connection only.
func isOfOne(cause check.Cause) bool {
	return cause == check.CauseKeychainGone || cause == check.CauseKeychainDamaged || cause == check.CauseKeychainNewer
}

// ended tells what is new, and reads the connections again if another program has changed them. Doubts says whether some were asked about again.
func (k *watcher) ended(stale, doubts bool) {
	k.tellNews()
	if doubts {
		k.w.tell(checksChanged{}) // what was doubtful is known
	}
	if stale {
		k.w.loader.load()
	}
	if k.failure != nil {
		k.trouble(k.failure)
	}
}

// unread takes over that the connections could not be read. Nobody is told of the first two failures, which may pass by themselves, nor where
// they are known.
func (k *watcher) unread(err error) {
	if k.w.checks.wanted || !k.w.loader.known && k.w.loader.pause > 2*firstRetry {
		k.trouble(err)
	}
	k.w.checks.wanted = false
}

// trouble tells that the keychain fails, where nobody sees the window: once, or each time the user waits for a check.
func (k *watcher) trouble(err error) {
	if k.w.background.isHidden && (!k.troubled || k.w.checks.wanted) {
		k.troubled = true
		k.tell(words.Text("news.unread"), words.Cause(connector.KeychainCause(err)))
	}
}

// tell shows a notification. Where nothing shows it, the list says the same.
func (k *watcher) tell(title, text string) { k.notify(title, text, func(error) {}) }

// tellNews shows a notification for each cause.
func (k *watcher) tellNews() {
	now := k.w.work.now()
	var later []words.Change
	k.news = slices.DeleteFunc(k.news, func(c words.Change) bool { // what was held back may be over
		one, there := k.w.connections.find(c.ID)
		return !there || one.Report.Known().Broken() != c.Now.Broken()
	})
	for _, notice := range words.Notices(k.news, now) {
		if last, told := k.told[notice.ID]; told && now.Sub(last) < newsPause && !now.Before(last) {
			later = append(later, notice.Changes...)
			continue
		}
		k.told[notice.ID] = now
		k.tell(notice.Title, notice.Text)
	}
	k.news = later
}
