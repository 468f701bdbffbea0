//go:build !headless

package tray

import (
	"context"

	"fyne.io/systray"
)

// watch: the menu bar is always there.
func watch(ctx context.Context, changed func(bool)) {
	changed(true)
	<-ctx.Done()
}

// show leaves Open out: on macOS, a click opens the menu.
func show(i Icon, ready func()) {
	start, _ := systray.RunWithExternalLoop(func() {
		systray.SetIcon(i.Picture)
		systray.SetTooltip(i.Name)
		ready()
	}, nil)
	start()
}

func renew(context.Context) {}

// Close does nothing: the icon goes with the program.
func (System) Close() {}
