package gui

import (
	"context"
	"slices"
	"time"

	"controlmap-jumpcloud/connector"
)

// reload reads the stored connections because the user wants it, unless they are being read.
func (k *connections) reload() {
	if k.reading.running {
		return
	}
	k.inSession = false // the user wants to know why if it fails
	k.load()
}

// load reads the stored connections beside the window.
func (k *connections) load() {
	k.w.banner.Hide(ownerList)
	changes := k.changes
	k.reading.start(func(ctx context.Context, show func(func())) func() {
		found, err := k.w.c.Connections(ctx, k.arriving(func(some []connector.Connection) {
			show(func() {
				if changes == k.changes {
					k.arrived(some)
				}
			})
		}))
		return func() { k.read(found, err, changes != k.changes) }
	})
	k.w.tell(connectionsChanged{})
}

// read takes over what was read. It is old where something was saved or removed meanwhile.
func (k *connections) read(found []connector.Connection, err error, old bool) {
	partial := connector.IsListPartial(err)
	switch {
	case old && (err == nil || partial):
		k.load()
		return
	case old:
		found = k.all // which is newer
	}
	if err == nil {
		k.set(found)
		k.tidy(false)
		return
	}
	k.failed(found)
	if partial && !k.tidied {
		k.tidy(true) // which mends the index, if it can
		return
	}
	if !k.inSession {
		k.w.trouble(ownerList, err, k.reload, nil)
	}
}

// betweenArrivals is how long connections that are read are collected before the list is drawn anew.
const betweenArrivals = 150 * time.Millisecond

// arriving returns a function that takes connections as they are read. It passes them to show from time to time, the
// first ones at once.
func (k *connections) arriving(show func([]connector.Connection)) func([]connector.Connection) {
	var some []connector.Connection
	var last time.Time
	return func(more []connector.Connection) {
		some = append(some, more...)
		if now := k.w.work.now(); now.Sub(last) >= betweenArrivals {
			show(some)
			last, some = now, nil
		}
	}
}

// arrived adds connections that have been read before all are. What is known already is replaced at the end only.
func (k *connections) arrived(some []connector.Connection) {
	known := byID(k.all)
	all := slices.Clone(k.all)
	for _, c := range some {
		if _, ok := known[c.ID]; !ok {
			all = append(all, c)
		}
	}
	connector.SortByName(all)
	k.replace(all, "")
}

// set takes over all connections.
func (k *connections) set(all []connector.Connection) {
	known := byID(k.all)
	for i, c := range all {
		// A check may have ended since this was read.
		if k, ok := known[c.ID]; ok && k.Saved.Equal(c.Saved) && k.Report.At.After(c.Report.At) {
			all[i].Report = k.Report
		}
	}
	k.loaded, k.unread = true, false
	k.replace(all, "")
	k.w.tell(connectionsRead{all: true})
}

// failed says that the stored connections could not be read. Those that are known stay. What is kept for the session is among those
// that were found.
func (k *connections) failed(found []connector.Connection) {
	k.loaded, k.unread = true, true
	k.changes++
	read := byID(found)
	all := slices.DeleteFunc(slices.Clone(k.all), func(c connector.Connection) bool {
		_, again := read[c.ID]
		return again || c.SessionOnly
	})
	all = append(all, found...)
	connector.SortByName(all)
	k.replace(all, "")
	k.w.tell(connectionsRead{all: false})
}

// tidy deletes what an earlier run may have left in the keychain: once, beside the window. It reads the connections again
// afterwards if that is wanted, or needed.
func (k *connections) tidy(wanted bool) {
	if k.tidied {
		return
	}
	k.tidied = true
	k.w.work.startOnKeychain(func(ctx context.Context) {
		again, _ := k.w.c.Tidy(ctx) // what fails here is for the next start
		if wanted || again {
			k.w.work.do(k.load)
		}
	})
}

// wipe removes everything, if the user is sure.
func (k *connections) wipe() {
	if !k.wiping {
		k.w.ask("wipe", nil, k.removeEverything)
	}
}

func (k *connections) removeEverything() {
	if k.wiping {
		return
	}
	k.wiping = true
	k.w.banner.Hide(ownerWipe)
	k.w.tell(wiping{})
	k.removing++
	k.w.work.startOnKeychain(func(ctx context.Context) {
		err := k.w.c.RemoveEverything(ctx)
		k.w.work.do(func() {
			k.removing--
			k.wiping = false
			if err != nil {
				k.w.trouble(ownerWipe, err, k.wipe, nil) // asks again: there may be more by then
				k.load()                                 // a part may be gone
				return
			}
			k.changes++
			k.all = nil
			k.w.tell(wiped{})
			k.set(nil)
			k.load() // something may have been saved since
			k.w.inform("wiped", nil)
		})
	})
}
