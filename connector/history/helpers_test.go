package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/keychain"
)

const (
	service = "history.test"
	ours    = "abcdefghij" // ids of connections
	theirs  = "klmnopqrst"
)

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// counter is a keychain in memory that counts its calls, and can fail.
type counter struct {
	keychain.Backend
	mu           sync.Mutex
	reads, write int
	fail         error
}

func newCounter() *counter { return &counter{Backend: keychain.Memory()} }

func (c *counter) called(n *int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	*n++
	return c.fail
}

func (c *counter) Get(service, user string) (string, error) {
	if err := c.called(&c.reads); err != nil {
		return "", err
	}
	return c.Backend.Get(service, user)
}

func (c *counter) Set(service, user, text string) error {
	if err := c.called(&c.write); err != nil {
		return err
	}
	return c.Backend.Set(service, user, text)
}

// newFolder makes the path of a folder that does not exist yet.
func newFolder(t testing.TB) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "history")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(parent) })
	return filepath.Join(parent, "history")
}

// on starts the history as a process does.
func on(folder string, b keychain.Backend) *History { return New(folder, keychain.New(b, service)) }

// passed is an outcome some days and hours after noon.
func passed(days, hours int) Outcome {
	return Outcome{At: noon.AddDate(0, 0, days).Add(time.Duration(hours) * time.Hour), State: "passed"}
}

func failed(days, hours int) Outcome {
	o := passed(days, hours)
	o.State, o.Cause = "failed", "key_stopped"
	return o
}

func add(t testing.TB, h *History, id string, all ...Outcome) {
	t.Helper()
	for _, o := range all {
		if err := h.Add(t.Context(), id, o); err != nil {
			t.Fatal(err)
		}
	}
}

// texts returns the outcomes as short texts.
func texts(all []Outcome) (short []string) {
	for _, o := range all {
		short = append(short, fmt.Sprintf("%s %s %d %s %s", o.At.Format("02T15"), o.Until.Format("02T15"), o.Times, o.State, o.Cause))
	}
	return short
}

// holds looks that a history has these outcomes and no trouble.
func holds(t testing.TB, h *History, id string, want ...string) {
	t.Helper()
	all, err := h.Read(t.Context(), id)
	if got := texts(all); err != nil || !slices.Equal(got, want) {
		t.Errorf("it has %q, %v, want %q", got, err, want)
	}
}

// write puts bytes in the place of a file.
func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func contents(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// names lists the files in a folder whose names end so.
func names(t testing.TB, folder, suffix string) (found []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			found = append(found, e.Name())
		}
	}
	return found
}
