//go:build linux || freebsd || netbsd || openbsd

package pasteboard

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// onWayland reports whether the window is one of Wayland's own, see [desktop.PreferX11]. Its clipboard is not Xwayland's.
func onWayland() bool {
	platform := os.Getenv("FYNE_PLATFORM")
	return platform == "wayland" || platform == "" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") != ""
}

// readWayland reads the clipboard with wl-paste. Wayland shows the clipboard to windows only, and Fyne's would wait for the program that
// holds it, on the window's thread and without limit.
func readWayland(ctx context.Context, limit int) (secret.Secret, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	paste := exec.CommandContext(ctx, "wl-paste", "--no-newline", "--type", "text")
	text, why := &bounded{limit: limit, full: cancel}, &bounded{limit: 1000, full: func() {}}
	paste.Stdout, paste.Stderr = text, why
	paste.WaitDelay = 100 * time.Millisecond // for what a child of its own still holds open
	err := paste.Run()
	switch {
	case text.kept.Len() > 0 && (err == nil || text.kept.Len() == limit):
		return secret.New(text.kept.String()), nil
	case err == nil, strings.Contains(why.kept.String(), "othing is copied"), strings.Contains(why.kept.String(), "requested type"):
		return secret.Secret{}, ErrNoText
	}
	return secret.Secret{}, ErrNoTool
}

// bounded keeps the first bytes that are written to it. It calls full when it has so many.
type bounded struct {
	kept  bytes.Buffer // not embedded: its ReadFrom would take everything
	limit int
	full  func()
}

// Write implements [io.Writer]. It takes everything, so that the writer goes on.
func (b *bounded) Write(p []byte) (int, error) {
	b.kept.Write(p[:min(len(p), b.limit-b.kept.Len())])
	if b.kept.Len() == b.limit {
		b.full()
	}
	return len(p), nil
}
