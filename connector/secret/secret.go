// Package secret has the type Secret for text that may be used but never printed.
package secret

import (
	"crypto/subtle"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Redacted is the printed form of every Secret.
const Redacted = "••••"

// Secret is text that must not be shown, such as an API key. Every formatted form of it (every verb of package fmt, JSON, text,
// gob, slog) is [Redacted]. Only [Secret.Reveal] returns the text, which makes its uses easy to find. The zero value is the empty
// secret.
//
// A function holds the text, and not a field: fmt reads unexported fields by reflection and does not call their Formatter. A
// function prints as an address.
type Secret struct {
	reveal func() string
}

var (
	_ fmt.Formatter          = Secret{}
	_ json.Marshaler         = Secret{}
	_ encoding.TextMarshaler = Secret{}
	_ gob.GobEncoder         = Secret{}
	_ slog.LogValuer         = Secret{}
)

// New makes a Secret of text.
func New(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return text }}
}

// Reveal returns the text. Call it as late as possible, and do not keep the result.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.reveal == nil }

// Equal reports whether both hold the same text. Its time does not depend on where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// HasPrefix reports whether the text begins with prefix.
func (s Secret) HasPrefix(prefix string) bool { return strings.HasPrefix(s.Reveal(), prefix) }

// String returns [Redacted].
func (s Secret) String() string { return Redacted }

// Format writes [Redacted] for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalJSON returns [Redacted] as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText returns [Redacted].
func (s Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// GobEncode returns [Redacted].
func (s Secret) GobEncode() ([]byte, error) { return []byte(Redacted), nil }

// LogValue returns [Redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }
