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

// rejoined checks that a value comes back from its entry, which is text.
func rejoined(t *testing.T, value string) {
	t.Helper()
	text := encode("key/1", value)
	if !utf8.ValidString(text) || (len(text) > maxEntry) != (len(value) > MaxValue) {
		t.Errorf("%d bytes make an entry of %d bytes", len(value), len(text))
	}
	if got, err := decode("key/1", text); err != nil || got != value {
		t.Errorf("%d bytes come back as %d others, %v", len(value), len(got), err)
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
		"like a header":        "entry version=2 sha256=0\n",
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
	for size := range MaxValue + 10 {
		rejoined(t, long(size))
		rejoined(t, strings.Repeat("\xff", size))
	}
}

func TestLargest(t *testing.T) {
	for name, c := range map[string]struct {
		value string
		fits  bool
	}{
		"text":            {long(MaxValue), true},
		"text and a byte": {long(MaxValue + 1), false},
		"anything":        {strings.Repeat("\xff", MaxValue), true},
		"too much of it":  {strings.Repeat("\xff", MaxValue+1), false},
		"a megabyte":      {long(1 << 20), false},
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
			failed(t, k.Create(t.Context(), "key/2", secret.New(c.value)), ErrTooBig, "")
			if !maps.Equal(stored(m), before) {
				t.Error("something was changed")
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	k, m := opened()
	put(t, k, "key/1", long(700))
	put(t, k, "key/2", long(700))
	whole := stored(m)["key/1"]
	for name, text := range map[string]string{
		"no header":              strings.Replace(whole, "\n", " ", 1),
		"empty line":             "\n" + whole,
		"another program's":      "hello",
		"cut short":              whole[:20],
		"cut at the end":         whole[:len(whole)-1],
		"half":                   whole[:len(whole)/2],
		"more at the end":        whole + "A",
		"version":                strings.Replace(whole, "version=1", "version=0", 1),
		"no version":             strings.Replace(whole, "version=1", "version=", 1),
		"checksum":               strings.Replace(whole, "sha256=", "sha256=0", 1),
		"line end":               strings.Replace(whole, "\n", "\r\n", 1),
		"a letter":               whole[:300] + "_" + whole[301:],
		"the entry of another":   stored(m)["key/2"],
		"the same under a blank": " " + whole,
	} {
		t.Run(name, func(t *testing.T) {
			k := New(m, testService)
			change(m, "key/1", text)
			_, err := k.Get(t.Context(), "key/1")
			failed(t, err, ErrDamaged, "100,101")
			holds(t, k, "key/2", long(700))
			put(t, k, "key/1", "new")
			holds(t, k, "key/1", "new")
		})
	}
}

func TestNewer(t *testing.T) {
	for name, text := range map[string]string{"next": "entry version=2 whatever=that needs\nvalue", "much later": "entry version=100"} {
		t.Run(name, func(t *testing.T) {
			k, m := opened()
			put(t, k, "key/2", "two")
			change(m, "key/1", text)
			_, err := k.Get(t.Context(), "key/1")
			failed(t, err, ErrNewer, "value")
			failed(t, k.Create(t.Context(), "key/1", secret.New("changed")), ErrExists, "changed")
			if stored(m)["key/1"] != text {
				t.Error("it was changed")
			}
			holds(t, k, "key/2", "two")
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, value := range []string{"", "s3cret", "two\nlines\n", "\xff", long(1_000)} {
		f.Add(encode("key/1", value))
		f.Add(encode("key/2", value))
	}
	f.Add("entry version=2")
	f.Add("entry version=1 sha256=0") // no line end
	f.Add("entry version=99999999999999999999 sha256=0\n")
	f.Fuzz(func(t *testing.T, text string) {
		value, err := decode("key/1", text)
		switch err {
		case nil:
			if encode("key/1", value) != text {
				t.Error("read as something else than was written")
			}
		case ErrDamaged, ErrNewer:
		default:
			t.Errorf("got %v", err)
		}
	})
}

// On macOS go-keyring hands an entry to the program /usr/bin/security as one line, base64, of up to 4,096 bytes
// (keyring_darwin.go). Our largest entry fits, under the longest name.
func TestTheLargestEntryFitsMacOS(t *testing.T) {
	const limit = 4096
	service := "com.controlmap.connect.jumpcloud"
	user := strings.Repeat("n", maxName)
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
