package history

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// Outcomes of one day become one if they are alike.
func TestAdd(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	late := Outcome{At: time.Date(2026, time.November, 25, 0, 30, 0, 0, berlin), State: "passed"} // on the 24th in UTC
	for name, c := range map[string]struct {
		add  []Outcome
		want []string
	}{
		"none":                        {nil, nil},
		"one":                         {[]Outcome{passed(0, 0)}, []string{"24T12 24T12 1 passed "}},
		"every hour":                  {[]Outcome{passed(0, 0), passed(0, 1), passed(0, 2)}, []string{"24T12 24T14 3 passed "}},
		"over midnight":               {[]Outcome{passed(0, 11), passed(0, 12)}, []string{"24T23 24T23 1 passed ", "25T00 25T00 1 passed "}},
		"days are UTC's":              {[]Outcome{passed(0, 0), late}, []string{"24T12 24T23 2 passed "}},
		"broken, and mended":          {[]Outcome{passed(0, 0), failed(0, 1), failed(0, 2), passed(0, 3)}, []string{"24T12 24T12 1 passed ", "24T13 24T14 2 failed key_stopped", "24T15 24T15 1 passed "}},
		"another cause":               {[]Outcome{failed(0, 0), {At: noon, State: "failed", Cause: "network"}}, []string{"24T12 24T12 1 failed key_stopped", "24T12 24T12 1 failed network"}},
		"the same once more":          {[]Outcome{passed(0, 0), passed(0, 0)}, []string{"24T12 24T12 1 passed "}},
		"a clock that was set back":   {[]Outcome{passed(0, 2), passed(0, 1)}, []string{"24T14 24T14 1 passed ", "24T13 24T13 1 passed "}},
		"a clock that was a day fast": {[]Outcome{passed(1, 0), passed(0, 0)}, []string{"25T12 25T12 1 passed ", "24T12 24T12 1 passed "}},
		"several at once":             {[]Outcome{passed(0, 0), {At: noon.Add(time.Hour), Until: noon.Add(3 * time.Hour), Times: 3, State: "passed"}}, []string{"24T12 24T15 4 passed "}},
	} {
		t.Run(name, func(t *testing.T) {
			folder, k := newFolder(t), newCounter()
			add(t, on(folder, k), ours, c.add...)
			holds(t, on(folder, k), ours, c.want...)
			holds(t, on(folder, k), theirs)
		})
	}
}

func TestTheOldestGo(t *testing.T) {
	h := on(newFolder(t), newCounter())
	for n := range Most + 20 {
		add(t, h, ours, passed(n, 0))
	}
	all, err := h.Read(t.Context(), ours)
	if err != nil || len(all) != Most || !all[0].At.Equal(noon.AddDate(0, 0, 20)) || !all[Most-1].At.Equal(noon.AddDate(0, 0, Most+19)) {
		t.Errorf("it has %q, %v", texts(all), err)
	}
}

func TestNoOutcome(t *testing.T) {
	h := on(newFolder(t), newCounter())
	for name, o := range map[string]Outcome{
		"nothing":                  {},
		"without a time":           {State: "passed"},
		"without a state":          {At: noon},
		"ends before it begins":    {At: noon, Until: noon.Add(-time.Second), State: "passed"},
		"an order to the terminal": {At: noon, State: "passed", Cause: "\x1b[2J"},
		"a sentence":               {At: noon, State: "The key works"},
		"endless":                  {At: noon, State: "failed", Cause: strings.Repeat("x", 61)},
	} {
		if err := h.Add(t.Context(), ours, o); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	holds(t, h, ours)
}

func TestNothingIsKeptWithoutAFolder(t *testing.T) {
	for name, h := range map[string]*History{"nil": nil, "zero": {}} {
		add(t, h, ours, passed(0, 0))
		holds(t, h, ours)
		if last := h.Last(t.Context(), []string{ours}); len(last) > 0 {
			t.Errorf("%s: it has %v", name, last)
		}
		if err := h.Remove(t.Context(), ours); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := h.RemoveEverything(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLast(t *testing.T) {
	folder, k := newFolder(t), newCounter()
	h := on(folder, k)
	add(t, h, ours, failed(0, 0), passed(1, 0))
	add(t, h, theirs, failed(2, 0))
	add(t, h, "damaged", passed(0, 0))
	write(t, h.path("damaged"), []byte("age"))
	k.reads = 0
	last := on(folder, k).Last(t.Context(), []string{"none", "damaged", ours, theirs})
	if got := texts([]Outcome{last[ours], last[theirs]}); len(last) != 2 || got[0] != "25T12 25T12 1 passed " || got[1] != "26T12 26T12 1 failed key_stopped" {
		t.Errorf("they are %v", last)
	}
	if k.reads != 1 {
		t.Errorf("the keychain was read %d times", k.reads)
	}
}

// Without a history, the keychain is not asked.
func TestTheKeychainIsNotAskedInVain(t *testing.T) {
	k := newCounter()
	h := on(newFolder(t), k)
	holds(t, h, ours)
	if last := h.Last(t.Context(), []string{ours, theirs}); len(last) > 0 || k.reads > 0 {
		t.Errorf("it has %v after %d reads", last, k.reads)
	}
	add(t, h, ours, passed(0, 0))
	before := k.reads
	add(t, h, theirs, passed(0, 0)) // begins within the minute
	for n := range 10 {
		add(t, h, ours, passed(n, 1))
		add(t, h, theirs, passed(n, 1))
	}
	if k.reads != before || k.write != 1 {
		t.Errorf("%d further reads, %d writes", k.reads-before, k.write)
	}
}

// A process that has held the key for long does not begin a history with it after the key was made anew, or is gone: nobody could read that.
func TestAHistoryBeginsWithTheStoredKey(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, folder string, k *counter){
		"made anew by another process": func(t *testing.T, folder string, k *counter) {
			if err := on(folder, k).RemoveEverything(t.Context()); err != nil {
				t.Fatal(err)
			}
			add(t, on(folder, k), "another", passed(1, 0))
		},
		"gone": func(t *testing.T, _ string, k *counter) {
			if err := on(newFolder(t), k).keychain.Delete(t.Context(), keyName); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder, k := newFolder(t), newCounter()
			h := on(folder, k)
			add(t, h, ours, passed(0, 0))
			change(t, folder, k)
			add(t, h, theirs, passed(1, 1))
			holds(t, on(folder, k), theirs, "25T13 25T13 1 passed ")
		})
	}
}

// No file says anything, by its name or by what is in it.
func TestFilesAreSealed(t *testing.T) {
	folder, k := newFolder(t), newCounter()
	h := on(folder, k)
	add(t, h, ours, failed(0, 0), passed(1, 0))
	files := names(t, folder, sealedSuffix)
	if len(files) != 1 || strings.Contains(files[0], ours) {
		t.Fatalf("there are %v", files)
	}
	sealed := contents(t, filepath.Join(folder, files[0]))
	for _, plain := range []string{ours, "failed", "key_stopped", "passed", "outcomes", "2026", "AGE-SECRET"} {
		if bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("%q is in the file", plain)
		}
	}
	if !bytes.HasPrefix(sealed, []byte("age-encryption.org/v1\n")) {
		t.Errorf("it is no file of age's: %.40q", sealed)
	}
	if runtime.GOOS != "windows" {
		for path, want := range map[string]os.FileMode{folder: 0o700, filepath.Join(folder, files[0]): 0o600} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s has %v, %v", filepath.Base(path), info.Mode(), err)
			}
		}
	}
}

func TestTheKeyIsNotPrinted(t *testing.T) {
	folder, k := newFolder(t), newCounter()
	h := on(folder, k)
	add(t, h, ours, passed(0, 0))
	entry, err := h.keychain.Get(t.Context(), keyName)
	if err != nil || !strings.Contains(entry.Reveal(), "AGE-SECRET-KEY-1") {
		t.Fatalf("no key is stored, %v", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, printed := range []string{fmt.Sprintf(verb, h), fmt.Sprintf(verb, *h.key), fmt.Sprintf(verb, h.key)} {
			if strings.Contains(strings.ToUpper(printed), "AGE-SECRET") {
				t.Errorf("%s prints the key", verb)
			}
		}
	}
}

func TestRemove(t *testing.T) {
	folder, k := newFolder(t), newCounter()
	h := on(folder, k)
	if err := h.Remove(t.Context(), ours); err != nil {
		t.Error(err)
	}
	add(t, h, ours, passed(0, 0))
	add(t, h, theirs, failed(0, 0))
	for range 2 {
		if err := h.Remove(t.Context(), ours); err != nil {
			t.Error(err)
		}
	}
	holds(t, h, ours)
	holds(t, h, theirs, "24T12 24T12 1 failed key_stopped")
	if err := h.RemoveEverything(t.Context()); err != nil {
		t.Error(err)
	}
	holds(t, h, theirs)
	if _, err := h.keychain.Get(t.Context(), keyName); err == nil || len(names(t, folder, "")) != 1 { // the lock
		t.Errorf("there is a key, or there are the files %v", names(t, folder, ""))
	}
	add(t, h, theirs, passed(0, 0))
	holds(t, on(folder, k), theirs, "24T12 24T12 1 passed ")
}

// What an interrupted change has left is removed with the next change.
func TestAnInterruptedChange(t *testing.T) {
	folder, k := newFolder(t), newCounter()
	add(t, on(folder, k), ours, passed(0, 0))
	write(t, filepath.Join(folder, "123"+unfinishedSuffix), []byte("age-encryp"))
	add(t, on(folder, k), ours, passed(0, 1))
	if left := names(t, folder, unfinishedSuffix); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
	holds(t, on(folder, k), ours, "24T12 24T13 2 passed ")
}

// Many add, read and remove at the same time, in two processes. No outcome is lost, and no file is torn.
func TestAtTheSameTime(t *testing.T) {
	folder, k := newFolder(t), newCounter()
	processes := []*History{on(folder, k), on(folder, k)}
	var working sync.WaitGroup
	const each = 8
	for n := range each {
		for i, h := range processes {
			working.Go(func() { add(t, h, ours, passed(0, 0).later(2*n+i)) })
			working.Go(func() {
				if _, err := h.Read(t.Context(), ours); err != nil {
					t.Error(err)
				}
				h.Last(t.Context(), []string{ours, theirs})
			})
			working.Go(func() {
				add(t, h, theirs, failed(n, 0))
				if err := h.Remove(t.Context(), theirs); err != nil {
					t.Error(err)
				}
			})
		}
	}
	working.Wait()
	all, err := on(folder, k).Read(t.Context(), ours)
	times := 0
	for _, o := range all {
		times += o.Times
	}
	if err != nil || times != 2*each || k.write != 1 {
		t.Errorf("it has %q, %v, after %d keys", texts(all), err, k.write)
	}
}

// later returns the outcome some minutes later.
func (o Outcome) later(minutes int) Outcome {
	o.At = o.At.Add(time.Duration(minutes) * time.Minute)
	return o
}

// Whoever has given up does not wait for a change that takes long.
func TestWaitingEnds(t *testing.T) {
	h := on(newFolder(t), newCounter())
	h.changing <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Add(ctx, ours, passed(0, 0)); err != context.Canceled {
		t.Error(err)
	}
}
