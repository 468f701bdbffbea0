package keychain

import (
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"controlmap-jumpcloud/connector/secret"
)

// rejoined checks that a value comes back from the entries that it is split into, each as small as promised.
func rejoined(t *testing.T, value string) {
	t.Helper()
	e, ok := split(value, "a")
	if !ok {
		t.Fatalf("%d bytes are too big", len(value))
	}
	first := e.head.header() + e.head.first
	for n, text := range append([]string{first}, e.parts...) {
		if len(text) > maxEntry {
			t.Errorf("part %d of %d bytes has %d bytes", n, len(value), len(text))
		}
		if !utf8.ValidString(text) {
			t.Errorf("part %d of %d bytes cuts a character", n, len(value))
		}
	}
	h, err := parseHead(first)
	if err != nil || h != e.head {
		t.Fatalf("the header of %d bytes is not read as written: %v", len(value), err)
	}
	if got, ok := join(h, e.parts); !ok || got != value {
		t.Errorf("%d bytes come back as %d others", len(value), len(got))
	}
}

func TestLayout(t *testing.T) {
	for name, value := range map[string]string{
		"empty":                "",
		"a word":               "s3cret",
		"a line":               "s3cret\n",
		"only a line end":      "\n",
		"lines":                "first\n\nthird\r\nfourth\tend",
		"what is not UTF-8":    "key\xff\xfe\x00end",
		"half a character":     "🔑"[:2],
		"characters of no use": "zero\x00escape\x1bdirection\u202e",
		"like a header":        "entry version=2 generation=b parts=9 bytes=1 as=text sha256=0\n",
		"like base64":          "c2VjcmV0",
		"every byte":           string(everyByte()),
	} {
		t.Run(name, func(t *testing.T) {
			rejoined(t, value)
			k, _ := opened()
			put(t, k, "key/1", value)
			holds(t, k, "key/1", value)
		})
	}
}

func everyByte() []byte {
	all := make([]byte, 256)
	for n := range all {
		all[n] = byte(n)
	}
	return all
}

func TestLayoutSizes(t *testing.T) {
	text, raw := long(300<<10), strings.Repeat(string(everyByte()), 300*4)
	for size := 1; size <= 300<<10; size += 3<<10 + 1 {
		rejoined(t, text[:size])
		rejoined(t, raw[:size])
	}
	for size := maxEntry - 200; size <= maxEntry+100; size++ { // about the end of the first part
		rejoined(t, text[:size])
		rejoined(t, raw[:size*3/4])
	}
	for shift := range 4 { // each part ends at another byte of a character
		rejoined(t, strings.Repeat("x", shift)+strings.Repeat("🔑", 5_000))
	}
}

func TestLargest(t *testing.T) {
	e, _ := split(long(500_000), "a")
	largest := maxEntry - len(e.head.header()) + (maxParts-1)*maxEntry
	for name, c := range map[string]struct {
		value string
		fits  bool
	}{
		"text":                {long(largest), true},
		"text and a byte":     {long(largest + 1), false},
		"anything":            {strings.Repeat("\xff", 380_000), true},
		"too much of it":      {strings.Repeat("\xff", 390_000), false},
		"a megabyte of lines": {long(1 << 20), false},
	} {
		t.Run(name, func(t *testing.T) {
			k, m := opened()
			put(t, k, "key/1", "old")
			before := stored(m)
			err := k.Put(t.Context(), "key/1", secret.New(c.value))
			if c.fits {
				if err != nil {
					t.Fatal(err)
				}
				holds(t, k, "key/1", c.value)
				return
			}
			failed(t, err, ErrTooBig, "")
			failed(t, k.Put(t.Context(), "key/2", secret.New(c.value)), ErrTooBig, "")
			if !maps.Equal(stored(m), before) {
				t.Error("something was changed")
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	replace := func(user, from, to string) func(map[string]string) {
		return func(entries map[string]string) { entries[user] = strings.Replace(entries[user], from, to, 1) }
	}
	const second, third = "key/1#a.2", "key/1#a.3"
	for name, damage := range map[string]func(entries map[string]string){
		"no header":            replace("key/1", "\n", " "),
		"empty line":           replace("key/1", "entry", "\nentry"),
		"another program's":    func(e map[string]string) { e["key/1"] = "hello" },
		"cut short":            func(e map[string]string) { e["key/1"] = e["key/1"][:20] },
		"version":              replace("key/1", "version=1", "version=0"),
		"no version":           replace("key/1", "version=1", "version="),
		"generation":           replace("key/1", "generation=a", "generation=c"),
		"the other generation": replace("key/1", "generation=a", "generation=b"),
		"no parts":             replace("key/1", "parts=4", "parts=0"),
		"more parts":           replace("key/1", "parts=4", "parts=5"),
		"fewer parts":          replace("key/1", "parts=4", "parts=3"),
		"absurdly many parts":  replace("key/1", "parts=4", "parts=4000000000"),
		"length":               replace("key/1", "bytes=7000", "bytes=7001"),
		"negative length":      replace("key/1", "bytes=7000", "bytes=-7000"),
		"the other form":       replace("key/1", "as=text", "as=base64"),
		"an unknown form":      replace("key/1", "as=text", "as=morse"),
		"checksum":             replace("key/1", "sha256=", "sha256=0"),
		"line end":             replace("key/1", "\n", "\r\n"),
		"first part":           replace("key/1", "100,", "10O,"),
		"a part":               replace(second, "500,", "5O0,"),
		"a part shorter":       replace(second, "500,", ""),
		"a part missing":       func(e map[string]string) { delete(e, third) },
		"parts swapped":        func(e map[string]string) { e[second], e[third] = e[third], e[second] },
	} {
		t.Run(name, func(t *testing.T) {
			k, m := opened()
			put(t, k, "key/1", long(7_000))
			put(t, k, "key/2", long(7_000))
			entries := stored(m)
			damage(entries)
			if maps.Equal(entries, stored(m)) {
				t.Fatal("the test damages nothing")
			}
			for user := range stored(m) {
				change(m, user, entries[user])
			}

			_, err := k.Get(t.Context(), "key/1")
			failed(t, err, ErrDamaged, "100,101")
			holds(t, k, "key/2", long(7_000))
			named(t, k, "key/1", "key/2")
			put(t, k, "key/1", "new")
			holds(t, k, "key/1", "new")
			if lost := unreachable(t, m); len(lost) != 0 {
				t.Errorf("of the damaged value these are left: %q", lost)
			}
			if err := k.Delete(t.Context(), "key/1"); err != nil {
				t.Error(err)
			}
			named(t, k, "key/2")
		})
	}
}

func TestNewer(t *testing.T) {
	for name, c := range map[string]struct{ user, text string }{
		"entry":              {"key/1", "entry version=2 whatever=that needs\nvalue"},
		"entry, much later":  {"key/1", "entry version=100"},
		"index":              {indexName, "index version=2 names=elsewhere\n"},
		"index, second page": {pageName(1), "index version=2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			k, m := opened()
			put(t, k, "key/1", "old")
			put(t, k, "key/2", "two")
			change(m, c.user, c.text)
			before := stored(m)
			k = New(m, testService) // the new version has run meanwhile
			if c.user == "key/1" {
				_, err := k.Get(t.Context(), "key/1")
				failed(t, err, ErrNewer, "old")
				failed(t, k.Put(t.Context(), "key/1", secret.New("changed")), ErrNewer, "changed")
			} else {
				_, err := k.Names(t.Context())
				failed(t, err, ErrNewer, "")
				_, err = k.Repair(t.Context(), alone)
				failed(t, err, ErrNewer, "")
				failed(t, k.Put(t.Context(), "key/3", secret.New("s3cret")), ErrNewer, "s3cret")
			}
			failed(t, k.Delete(t.Context(), "key/1"), ErrNewer, "")
			if !maps.Equal(stored(m), before) {
				t.Error("something was changed")
			}
			holds(t, k, "key/2", "two")
		})
	}
}

func FuzzParseHead(f *testing.F) {
	for _, value := range []string{"", "s3cret", "two\nlines\n", "\xff", long(5_000)} {
		e, _ := split(value, "b")
		f.Add(e.head.header() + e.head.first)
	}
	f.Add("entry version=2")
	f.Add("entry version=1 generation=a parts=1 bytes=0 as=text sha256=0") // no line end
	f.Add("entry version=1 generation= parts=1 bytes=0 as=text sha256=0\n")
	f.Add("entry version=99999999999999999999 generation=a parts=1 bytes=0 as=text sha256=0\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHead(text)
		switch err {
		case nil:
			if h.header()+h.first != text {
				t.Error("read as something else than was written")
			}
			if value, ok := join(h, nil); ok && h.parts == 1 {
				if e, fits := split(value, h.generation); fits && e.head.sum != h.sum {
					t.Error("joined to another value")
				}
			}
		case ErrDamaged, ErrNewer:
		default:
			t.Errorf("got %v", err)
		}
	})
}

func FuzzParsePage(f *testing.F) {
	for _, names := range [][]string{nil, {"key/1"}, {"key/1", "key/2"}, {""}} {
		f.Add(newPage(names).text)
	}
	f.Add("index version=2\n")
	f.Add(fmt.Sprintf("index version=1 sha256=%s\n\n\n", checksum("\n\n")))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePage(text)
		switch err {
		case nil:
			if p.text != text || newPage(p.names).text != text {
				t.Error("read as something else than was written")
			}
		case ErrDamaged, ErrNewer:
		default:
			t.Errorf("got %v", err)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("", 1)
	f.Add("🔑", 1_000)
	f.Add("\xff", 3_000)
	f.Fuzz(func(t *testing.T, text string, times int) {
		if times < 0 || len(text)*times > 200_000 {
			t.Skip()
		}
		rejoined(t, strings.Repeat(text, times))
	})
}

// On macOS go-keyring hands an entry to the program /usr/bin/security as one line, base64, of up to 4,096 bytes
// (keyring_darwin.go). Our largest entry fits, under the longest name.
func TestTheLargestEntryFitsMacOS(t *testing.T) {
	const limit = 4096
	service := "com.controlmap.connect.jumpcloud"
	user := partName(strings.Repeat("n", maxName), "a", maxParts)
	password := "go-keyring-base64:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", maxEntry)))
	line := fmt.Sprintf("add-generic-password -U -s '%s' -a '%s' -w '%s'\n", service, user, password)
	if len(line) > limit {
		t.Errorf("the line has %d bytes, and may have %d", len(line), limit)
	}
	if room := limit - len(line); room < 512 {
		t.Errorf("only %d bytes are left", room)
	}
	if maxEntry > smallest {
		t.Errorf("an entry of %d bytes is too large for Windows", maxEntry)
	}
}
