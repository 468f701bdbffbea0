//go:build linux || freebsd || netbsd || openbsd

package pasteboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// onWayland reports whether the window is one of Wayland's own, see [desktop.PreferX11]. Its clipboard is not Xwayland's.
func onWayland() bool {
	platform := os.Getenv("FYNE_PLATFORM")
	return platform == "wayland" || platform == "" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") != ""
}

// readWayland reads the clipboard with wl-paste. Wayland shows the clipboard to windows only, and Fyne's would wait for the program that
// holds it, on the window's thread and without limit. The error is ErrNoTool if wl-paste is not installed.
func readWayland(ctx context.Context, limit int) (secret.Secret, error) {
	paste := exec.CommandContext(ctx, "wl-paste", "--no-newline", "--type", "text")
	paste.WaitDelay = time.Second // for what wl-paste may have started
	output, err := paste.StdoutPipe()
	if err != nil {
		return secret.Secret{}, fmt.Errorf("read the clipboard: %w", err)
	}
	switch err := paste.Start(); {
	case errors.Is(err, exec.ErrNotFound):
		return secret.Secret{}, ErrNoTool
	case err != nil:
		return secret.Secret{}, fmt.Errorf("read the clipboard: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(output, int64(limit)))
	if len(data) == limit {
		_ = paste.Process.Kill() // the rest is not wanted
	}
	_ = paste.Wait()
	if err != nil {
		return secret.Secret{}, fmt.Errorf("read the clipboard: %w", err)
	}
	if len(data) == 0 { // it fails where there is no text
		return secret.Secret{}, ErrNoText
	}
	return secret.New(string(data)), nil
}
