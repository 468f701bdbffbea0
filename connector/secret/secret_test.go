package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

const text = "jca_NeverToBeSeenAnywhere"

// holder has the secret where printing usually goes wrong: in an unexported field, behind a pointer, in a map.
type holder struct {
	hidden secret.Secret
	Shown  secret.Secret
	Ptr    *secret.Secret
	Map    map[string]secret.Secret
	List   []secret.Secret
}

func newHolder() holder {
	s := secret.New(text)
	return holder{hidden: s, Shown: s, Ptr: &s, Map: map[string]secret.Secret{"k": s}, List: []secret.Secret{s}}
}

func TestNeverPrinted(t *testing.T) {
	s := secret.New(text)
	h := newHolder()
	var out strings.Builder
	for _, verb := range "vTtbcdoOqxXUeEfFgGsp" {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "10.3"} {
			format := "%" + flags + string(verb) + "\n"
			fmt.Fprintf(&out, format, s)
			fmt.Fprintf(&out, format, &s)
			fmt.Fprintf(&out, format, h)
			fmt.Fprintf(&out, format, &h)
		}
	}
	fmt.Fprintln(&out, s, h, fmt.Errorf("with %w", errors.New(fmt.Sprint(s))))

	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "s", s, "h", h, "group", slog.GroupValue(slog.Any("s", s)))
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "s", s, "h", h)

	asJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asJSON)
	asXML, err := xml.Marshal(h.Shown)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asXML)
	var asGob bytes.Buffer
	if err := gob.NewEncoder(&asGob).Encode(struct{ S secret.Secret }{s}); err != nil {
		t.Fatal(err)
	}
	out.Write(asGob.Bytes())

	printed := out.String()
	hexed := fmt.Sprintf("%x", text)
	for _, leak := range []string{text, text[4:12], hexed[:16], strings.ToUpper(hexed[:16])} {
		if strings.Contains(printed, leak) {
			t.Errorf("printed form contains %q", leak)
		}
	}
	if !strings.Contains(printed, secret.Redacted) {
		t.Error("nothing was printed as redacted: the test looked at nothing")
	}
}

func TestReveal(t *testing.T) {
	if got := secret.New(text).Reveal(); got != text {
		t.Errorf("Reveal() = %d bytes, want the text", len(got))
	}
	var zero secret.Secret
	if zero.Reveal() != "" || !zero.Empty() || !secret.New("").Empty() || secret.New(text).Empty() {
		t.Error("the zero value must be the empty secret, and only it")
	}
}

func TestEqual(t *testing.T) {
	a := secret.New(text)
	for _, c := range []struct {
		name  string
		other secret.Secret
		want  bool
	}{
		{"same text", secret.New(text), true},
		{"other text", secret.New(text + "x"), false},
		{"empty", secret.Secret{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := a.Equal(c.other); got != c.want {
				t.Errorf("Equal = %v, want %v", got, c.want)
			}
		})
	}
}
