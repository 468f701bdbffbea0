package history

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestDisks keeps histories on a disk that is read-only, and on one that is full: what was kept can be read, and what cannot be kept is not
// said to be. Only root can make such disks; for others there is TestAReadOnlyFolder.
func TestDisks(t *testing.T) {
	const many = 100
	for name, c := range map[string]struct {
		size string
		fill func(t *testing.T, h *History) // has the disk take nothing more
	}{
		"read-only": {"size=1m", func(t *testing.T, h *History) {
			if err := syscall.Mount("", h.folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
		}},
		"full": {"size=32k", func(t *testing.T, h *History) {
			for n := range many {
				if h.Add(t.Context(), string(rune('a'+n)), passed(0, 0)) != nil {
					return
				}
			}
			t.Fatal("the disk does not get full")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := on(newFolder(t), newCounter())
			if err := os.MkdirAll(h.folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mount("tmpfs", h.folder, "tmpfs", 0, c.size); err != nil {
				t.Skipf("skipped: no disk can be made here: %v", err)
			}
			t.Cleanup(func() { _ = syscall.Unmount(h.folder, 0) })
			add(t, h, ours, passed(0, 0))
			c.fill(t, h)
			if err := h.Add(t.Context(), ours, passed(1, 0)); err == nil {
				t.Error("it is said to be kept")
			}
			holds(t, h, ours, "24T12 24T12 1 passed ")
			if left := unfinished(t, h); len(left) > 0 {
				t.Errorf("%q is left", left)
			}
		})
	}
}

// unfinished lists what interrupted changes have left.
func unfinished(t *testing.T, h *History) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(h.folder, "*"+unfinishedSuffix))
	if err != nil {
		t.Fatal(err)
	}
	return left
}
