//go:build linux || freebsd || netbsd || openbsd

package pasteboard

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
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
	// Its child may wait for the program that hangs: end both.
	paste.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	paste.Cancel = func() error { return syscall.Kill(-paste.Process.Pid, syscall.SIGKILL) }
	paste.WaitDelay = 100 * time.Millisecond
	err := paste.Run()
	switch {
	case text.kept.Len() > 0 && (err == nil || text.kept.Len() == limit):
		return secret.New(text.kept.String()), nil
	case err == nil, saysNoText(why.kept.String()):
		return secret.Secret{}, ErrNoText
	}
	return secret.Secret{}, ErrNoTool
}

// saysNoText reports whether wl-paste says that there is no text to read.
func saysNoText(said string) bool {
	return slices.ContainsFunc([]string{
		"No selection", "No suitable type", // up to wl-clipboard 2.1
		"Nothing is copied", "requested type", // from 2.2 on
	}, func(text string) bool { return strings.Contains(said, text) })
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
