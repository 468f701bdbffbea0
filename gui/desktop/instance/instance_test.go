package instance

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestASecondStartCallsTheFirst(t *testing.T) {
	folder, err := os.MkdirTemp("", "one") // shorter than t.TempDir, for the path of a socket has its limit
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	first, ok := First(folder, false)
	if !ok {
		t.Fatal("the first is not the first")
	}
	called := make(chan bool, 9)
	first.OnSecond(func() { called <- true })
	for range 2 {
		if _, ok := First(folder, false); ok {
			t.Fatal("the second is the first")
		}
		select {
		case <-called:
		case <-time.After(10 * time.Second):
			t.Fatal("the first was not called")
		}
	}
	if _, ok := First(folder, true); ok || len(called) > 0 {
		t.Errorf("a quiet one is the first: %v, or calls it", ok)
	}
	first.Close()
	next, ok := First(folder, false)
	if !ok {
		t.Fatal("once the first has ended, nobody can be it")
	}
	next.Close()
}

// What one that has died left behind keeps nobody away.
func TestAfterOneThatDied(t *testing.T) {
	folder, err := os.MkdirTemp("", "one")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	for _, name := range []string{"window.lock", "front"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, ok := First(folder, false)
	if !ok || first.bell == nil {
		t.Fatal("what is left keeps it from starting")
	}
	first.Close()
	if i, ok := First(filepath.Join(folder, "window.lock", "no folder"), false); !ok || i == nil {
		t.Error("without a folder it does not start")
	}
}
