package gui

import (
	"context"
	"errors"
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
	// keychainPause is how long the watcher waits after the keychain has failed. It may have asked the user something.
	keychainPause = time.Hour
)

// watcher checks the kept connections again on the schedule that the user has chosen, and tells what is new in a notification. It belongs to
// the window's thread.
type watcher struct {
	w        *window
	watch    *connector.Watch
	checking task
	notify   func(title, text string)
	news     []words.Change       // what is not told yet
	told     map[string]time.Time // when news of a kind was told
	pause    time.Time            // nothing is checked before
	left     map[string]string    // the connections that are left out, because their keys cannot be read: their KeyIDs, by id
	others   func() bool          // reports whether somebody else checks the connections
}

func newWatcher(w *window) *watcher {
	k := &watcher{w: w, watch: connector.NewWatch(0), checking: task{work: w.work, begin: w.work.watch}, told: make(map[string]time.Time),
		left: make(map[string]string), others: func() bool { return false }}
	k.notify = func(title, text string) {
		w.work.watch(func(context.Context) { desktop.Notify(w.app, title, text) })
	}
	return k
}

// hear takes over what happened in the window.
func (k *watcher) hear(e event) {
	switch e.(type) {
	case minutePassed:
		k.tick()
	case wiping:
		k.checking.drop()
	}
}

// tick checks what is due, and tells what is new: once a minute.
func (k *watcher) tick() {
	k.tellNews()
	now := k.w.work.now()
	k.watch.Every = k.w.settings.watchEvery()
	if k.checking.running || !k.w.loader.loaded || k.w.loader.reading.running || now.Before(k.pause) || k.others() {
		return
	}
	readable := slices.DeleteFunc(slices.Clone(k.w.connections.all), func(c connector.Connection) bool { return k.left[c.ID] == c.KeyID })
	due, again := k.watch.Due(readable, now)
	if len(due)+len(again) == 0 {
		return
	}
	k.checking.start(func(ctx context.Context, show func(func())) func() {
		stale := false // belongs to the window's thread
		for _, run := range []struct {
			all   []connector.Connection
			again bool
		}{{again, true}, {due, false}} {
			read := byID(run.all)
			k.w.c.WatchEach(ctx, run.all, run.again, func(seen connector.Watched) {
				show(func() { stale = !k.see(read[seen.ID], seen) || stale })
			})
		}
		return func() { k.ended(stale) }
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
	switch {
	case errors.Is(seen.Err, connector.ErrReplaced):
		return false
	case seen.Err != nil && isOfOne(connector.KeychainCause(seen.Err)):
		k.left[read.ID] = read.KeyID
		return false
	case seen.Err != nil: // what could not be kept is found out again
		k.pause = k.w.work.now().Add(keychainPause)
		return true
	}
	now, there := k.w.connections.find(read.ID)
	if !there || now.KeyID != read.KeyID || !now.Saved.Equal(read.Saved) || now.Report.At.After(seen.Report.At) || !seen.Report.Complete() {
		return true // it was changed or checked meanwhile
	}
	k.watch.Note(read, seen, k.w.work.now())
	if seen.News == connector.Doubtful {
		return true // it is shown when it is sure
	}
	if seen.News == connector.Changed {
		k.news = append(k.news, words.Change{ID: read.ID, Name: k.w.connections.nameOf(read), Before: read.Report, Now: seen.Report})
	}
	k.w.connections.checked(read.ID, seen.Report)
	return !seen.Report.Usable() || seen.Report.Region == read.Region
}

// isOfOne reports whether the keychain has failed for one connection only.
func isOfOne(cause check.Cause) bool {
	return cause == check.CauseKeychainGone || cause == check.CauseKeychainDamaged || cause == check.CauseKeychainNewer
}

// ended tells what is new, and reads the connections again if another program has changed them.
func (k *watcher) ended(stale bool) {
	k.tellNews()
	if stale {
		k.w.loader.load()
	}
}

// tellNews shows a notification for each cause.
func (k *watcher) tellNews() {
	now := k.w.work.now()
	var later []words.Change
	k.news = slices.DeleteFunc(k.news, func(c words.Change) bool { // what was held back may be over
		one, there := k.w.connections.find(c.ID)
		return !there || one.Report.Broken() != c.Now.Broken()
	})
	for _, notice := range words.Notices(k.news, now) {
		if last, told := k.told[notice.ID]; told && now.Sub(last) < newsPause && !now.Before(last) {
			later = append(later, notice.Changes...)
			continue
		}
		k.told[notice.ID] = now
		k.notify(notice.Title, notice.Text)
	}
	k.news = later
}
