package history

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	sealedSuffix     = ".age"
	unfinishedSuffix = ".tmp"
	maxFile          = 64 << 10 // bytes; the largest history has less than half of it
)

// path returns the file of a connection. The id is hashed: so the name tells nothing, and no id can lead out of the folder.
func (h *History) path(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(h.folder, hex.EncodeToString(sum[:16])+sealedSuffix)
}

// load returns the bytes of a connection's file, or nil if there is none.
func (h *History) load(id string) ([]byte, error) {
	h.files.RLock()
	defer h.files.RUnlock()
	info, err := os.Lstat(h.path(id))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read a history: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: it is not a file", ErrUnreadable)
	}
	f, err := os.Open(h.path(id))
	if err != nil {
		return nil, fmt.Errorf("read a history: %w", err)
	}
	defer f.Close()
	sealed, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a history: %w", err)
	case len(sealed) > maxFile:
		return nil, fmt.Errorf("%w: it is too large", ErrUnreadable)
	}
	return sealed, nil
}

// replace puts a connection's file in the place of the former one, whatever that is. There is always one of the two, and it is whole.
func (h *History) replace(id string, sealed []byte) error {
	unfinished, err := h.writeNew(sealed)
	if err == nil {
		err = h.rename(unfinished, h.path(id))
	}
	if err != nil {
		if unfinished != "" {
			_ = os.Remove(unfinished)
		}
		return fmt.Errorf("write a history: %w", err)
	}
	return nil
}

// writeNew writes a new file that only this user can read, and waits until it is on the disk. It returns the file's path, also with an
// error if there is a file.
func (h *History) writeNew(data []byte) (path string, err error) {
	if err := os.MkdirAll(h.folder, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(h.folder, "*"+unfinishedSuffix)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return f.Name(), err
}

func (h *History) rename(from, to string) error {
	h.files.Lock()
	defer h.files.Unlock()
	if info, err := os.Lstat(to); err == nil && info.IsDir() {
		if err := os.Remove(to); err != nil { // only if it is empty
			return err
		}
	}
	return os.Rename(from, to)
}

// delete deletes a file, if it is there.
func (h *History) delete(path string) error {
	h.files.Lock()
	defer h.files.Unlock()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a history: %w", err)
	}
	return nil
}

// deleteAll deletes all files whose names end so. It goes on if one cannot be deleted, and returns the first error.
func (h *History) deleteAll(suffix string) error {
	entries, err := os.ReadDir(h.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			if failed := h.delete(filepath.Join(h.folder, e.Name())); err == nil {
				err = failed
			}
		}
	}
	return err
}
