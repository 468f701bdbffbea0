package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// beginsAnew looks that a history cannot be read, that the other one can, and that the next outcome is kept with a word about what is lost.
func beginsAnew(t *testing.T, h *History, name string) {
	t.Helper()
	if all, err := h.Read(t.Context(), ours); !errors.Is(err, ErrUnreadable) || len(all) > 0 {
		t.Errorf("%s: it has %q, %v", name, texts(all), err)
	}
	if last := h.Last(t.Context(), []string{ours, theirs}); len(last) != 1 || last[theirs].State != "failed" {
		t.Errorf("%s: the last ones are %v", name, last)
	}
	holds(t, h, theirs, "24T12 24T12 1 failed key_stopped")
	add(t, h, ours, passed(1, 0), passed(2, 0))
	all, err := h.Read(t.Context(), ours)
	if !errors.Is(err, ErrUnreadable) || !slices.Equal(texts(all), []string{"25T12 25T12 1 passed ", "26T12 26T12 1 passed "}) {
		t.Errorf("%s: then it has %q, %v", name, texts(all), err)
	}
}

// A file that ends too early, or of which a byte is another, costs its own history and nothing else.
func TestATornFile(t *testing.T) {
	h := on(newFolder(t), newCounter())
	add(t, h, ours, passed(0, 0))
	add(t, h, theirs, failed(0, 0))
	whole := contents(t, h.path(ours))
	for n := range whole {
		changed := bytes.Clone(whole)
		changed[n] ^= 1
		for name, data := range map[string][]byte{"cut": whole[:n], "changed": changed} {
			write(t, h.path(ours), data)
			if n%64 == 0 { // writing waits for the disk
				beginsAnew(t, h, name)
			} else if all, err := h.Read(t.Context(), ours); !errors.Is(err, ErrUnreadable) || len(all) > 0 {
				t.Errorf("%s at byte %d: it has %q, %v", name, n, texts(all), err)
			}
		}
	}
	write(t, h.path(ours), append(bytes.Clone(whole), 0))
	beginsAnew(t, h, "longer")
	write(t, h.path(ours), whole)
	holds(t, h, ours, "24T12 24T12 1 passed ")
}

// What is in the place of a file costs its own history and nothing else.
func TestWhatIsNotOurs(t *testing.T) {
	for name, put := range map[string]func(t *testing.T, h *History, path string){
		"another connection's": func(t *testing.T, h *History, path string) { write(t, path, contents(t, h.path(theirs))) },
		"sealed with another key": func(t *testing.T, _ *History, path string) {
			h := on(newFolder(t), newCounter())
			add(t, h, ours, passed(0, 0))
			write(t, path, contents(t, h.path(ours)))
		},
		"not sealed": func(t *testing.T, _ *History, path string) {
			write(t, path, []byte(`{"version":1,"connection":"`+ours+`"}`))
		},
		"too large": func(t *testing.T, _ *History, path string) { write(t, path, make([]byte, maxFile+1)) },
		"huge":      func(t *testing.T, _ *History, path string) { write(t, path, make([]byte, 5<<20)) },
		"an empty folder": func(t *testing.T, _ *History, path string) {
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
		},
		"a link to a history": func(t *testing.T, h *History, path string) {
			if runtime.GOOS == "windows" {
				t.Skip("making links takes a privilege")
			}
			if err := errors.Join(os.Rename(path, path+".moved"), os.Symlink(path+".moved", path)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := on(newFolder(t), newCounter())
			add(t, h, ours, passed(0, 0))
			add(t, h, theirs, failed(0, 0))
			put(t, h, h.path(ours))
			beginsAnew(t, h, name)
		})
	}
}

// A link is replaced, and what it leads to is left as it is.
func TestALinkIsNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making links takes a privilege")
	}
	h := on(newFolder(t), newCounter())
	add(t, h, theirs, failed(0, 0))
	other := filepath.Join(filepath.Dir(h.folder), "other")
	write(t, other, []byte("somebody's"))
	if err := os.Symlink(other, h.path(ours)); err != nil {
		t.Fatal(err)
	}
	beginsAnew(t, h, "a link")
	if got := contents(t, other); string(got) != "somebody's" {
		t.Errorf("there is %q", got)
	}
}

// Records that are sealed rightly, but that this version cannot have written.
func TestOddRecords(t *testing.T) {
	good := `{"at":"2026-11-24T12:00:00Z","until":"2026-11-24T12:00:00Z","times":1,"state":"passed"}`
	for name, c := range map[string]struct {
		record string
		want   error
	}{
		"good":                  {`{"version":1,"connection":"` + ours + `","outcomes":[` + good + `]}`, nil},
		"with more":             {`{"version":1,"connection":"` + ours + `","outcomes":[` + good + `],"mood":"good"}`, nil},
		"of a later version":    {`{"version":2,"connection":7}`, ErrNewer},
		"without a version":     {`{"connection":"` + ours + `"}`, ErrUnreadable},
		"a negative version":    {`{"version":-1,"connection":"` + ours + `"}`, ErrUnreadable},
		"nothing":               {``, ErrUnreadable},
		"null":                  {`null`, ErrUnreadable},
		"a list":                {`[]`, ErrUnreadable},
		"two records":           {`{"version":1,"connection":"` + ours + `"}{}`, ErrUnreadable},
		"another connection's":  {`{"version":1,"connection":"` + theirs + `"}`, ErrUnreadable},
		"too many":              {`{"version":1,"connection":"` + ours + `","outcomes":[` + strings.Repeat(good+",", Most) + good + `]}`, ErrUnreadable},
		"not printable":         {`{"version":1,"connection":"` + ours + `","outcomes":[` + strings.Replace(good, "passed", `\u001b[2J`, 1) + `]}`, ErrUnreadable},
		"a state that is long":  {`{"version":1,"connection":"` + ours + `","outcomes":[` + strings.Replace(good, "passed", strings.Repeat("p", 61), 1) + `]}`, ErrUnreadable},
		"never":                 {`{"version":1,"connection":"` + ours + `","outcomes":[` + strings.Replace(good, `"times":1`, `"times":0`, 1) + `]}`, ErrUnreadable},
		"ends before it begins": {`{"version":1,"connection":"` + ours + `","outcomes":[` + strings.Replace(good, "24T12", "24T13", 1) + `]}`, ErrUnreadable},
		"an impossible time":    {`{"version":1,"connection":"` + ours + `","outcomes":[` + strings.Replace(good, "2026-11-24T12:00:00Z", "soon", 1) + `]}`, ErrUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			h := on(newFolder(t), newCounter())
			add(t, h, ours, passed(0, 0))
			add(t, h, theirs, failed(0, 0))
			sealed, err := h.key.seal([]byte(c.record))
			if err != nil {
				t.Fatal(err)
			}
			write(t, h.path(ours), sealed)
			switch c.want {
			case nil:
				holds(t, h, ours, "24T12 24T12 1 passed ")
			case ErrUnreadable:
				beginsAnew(t, h, name)
			case ErrNewer:
				_, err := h.Read(t.Context(), ours)
				added := h.Add(t.Context(), ours, passed(1, 0))
				if !errors.Is(err, ErrNewer) || !errors.Is(added, ErrNewer) || !bytes.Equal(contents(t, h.path(ours)), sealed) {
					t.Errorf("it says %v, and %v", err, added)
				}
			}
		})
	}
}

// A place that cannot be read or written costs the history, and no outcome is said to be kept.
func TestAPlaceThatCannotBeUsed(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, h *History){
		"a file in place of the folder": func(t *testing.T, h *History) {
			if err := os.Rename(h.folder, h.folder+".moved"); err != nil {
				t.Fatal(err)
			}
			write(t, h.folder, nil)
		},
		"a full folder in place of the file": func(t *testing.T, h *History) {
			if err := errors.Join(os.Remove(h.path(ours)), os.MkdirAll(filepath.Join(h.path(ours), "x"), 0o700)); err != nil {
				t.Fatal(err)
			}
		},
		"not permitted": func(t *testing.T, h *History) {
			if runtime.GOOS == "windows" || os.Geteuid() == 0 {
				t.Skip("permissions do not keep this user off") // see TestDisks
			}
			if err := os.Chmod(h.folder, 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(h.folder, 0o700) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := on(newFolder(t), newCounter())
			add(t, h, ours, passed(0, 0))
			spoil(t, h)
			// For Windows, what is below a file is not there.
			if all, err := h.Read(t.Context(), ours); err == nil && runtime.GOOS != "windows" || len(all) > 0 {
				t.Errorf("it has %q, %v", texts(all), err)
			}
			if err := h.Add(t.Context(), ours, passed(1, 0)); err == nil {
				t.Error("it is said to be kept")
			}
			if last := h.Last(t.Context(), []string{ours}); len(last) > 0 {
				t.Errorf("the last one is %v", last)
			}
		})
	}
}

// In a folder that is read-only, the history can be read, and is not lost.
func TestAReadOnlyFolder(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("permissions do not keep this user off") // see TestDisks
	}
	h := on(newFolder(t), newCounter())
	add(t, h, ours, passed(0, 0))
	if err := os.Chmod(h.folder, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(h.folder, 0o700) })
	if err := h.Add(t.Context(), ours, passed(1, 0)); err == nil {
		t.Error("it is said to be kept")
	}
	holds(t, h, ours, "24T12 24T12 1 passed ")
}

func FuzzParseRecord(f *testing.F) {
	for _, text := range []string{`{"version":1,"connection":"abcdefghij","outcomes":[{"at":"2026-11-24T12:00:00Z","until":"2026-11-24T13:00:00+01:00","times":2,"state":"failed","cause":"key_stopped"}]}`,
		`{"version":2}`, `{"version":1,"connection":"abcdefghij","lost":true}`, `[`, ``} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRecord(ours, data)
		if err != nil {
			if !errors.Is(err, ErrUnreadable) && !errors.Is(err, ErrNewer) || len(r.Outcomes) > 0 {
				t.Fatalf("%v with %v", err, r)
			}
			return
		}
		next, err := passed(0, 0).normal()
		if err != nil {
			t.Fatal(err)
		}
		r.add(next)
		for _, o := range r.Outcomes {
			if !word.MatchString(o.State) || o.Times < 1 || o.At.Location() != time.UTC || o.Until.Location() != time.UTC {
				t.Fatalf("%+v", o)
			}
		}
		if _, err := json.Marshal(r); err != nil || len(r.Outcomes) > Most {
			t.Fatalf("%d outcomes, %v", len(r.Outcomes), err)
		}
	})
}
