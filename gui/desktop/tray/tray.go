//go:build !headless

// Package tray shows an icon with a menu in the desktop's tray: the notification area on Windows, the menu bar on macOS, the place for
// StatusNotifierItems on Linux.
//
// It uses fyne.io/systray as Fyne itself does, but not by way of Fyne 2.8.1: that starts the tray only before its own loop (trayStart), so
// that a setting would count at the next start, and leaves the icon behind when it ends without the focus (gLDriver.Quit).
package tray

import (
	"context"

	"fyne.io/systray"
)

// Icon is what the tray shows.
type Icon struct {
	Name    string
	Picture []byte // a PNG
	Open    func() // a click on the icon, where that does not open the menu
	Items   []Item
}

// Item is an item of the icon's menu. Do is called in any goroutine.
type Item struct {
	Label string
	Do    func()
}

// System is the tray of this desktop. The icon stays until the program ends: systray cannot take it away before.
type System struct{}

// Watch calls changed whenever the desktop gets or loses its tray, and at first with what is so now. It returns when ctx ends.
func (System) Watch(ctx context.Context, changed func(here bool)) { watch(ctx, changed) }

// Show shows the icon. Call it once, on the window's thread; it does not wait. The returned function gives the items other labels. Any
// goroutine may call it.
func (System) Show(i Icon) (relabel func(labels []string)) {
	items := make(chan []*systray.MenuItem, 1)
	show(i, func() { items <- addItems(i.Items) })
	return func(labels []string) {
		all := <-items
		defer func() { items <- all }()
		for n, label := range labels {
			all[n].SetTitle(label)
		}
	}
}

// Renew registers the icon with a tray that has started anew.
func (System) Renew(ctx context.Context) { renew(ctx) }

func addItems(items []Item) (all []*systray.MenuItem) {
	for _, item := range items {
		added := systray.AddMenuItem(item.Label, "")
		all = append(all, added)
		go func() {
			for range added.ClickedCh {
				item.Do()
			}
		}()
	}
	return all
}
