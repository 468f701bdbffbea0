// Package secret holds the Secret type: text that may be kept in memory and used, but never printed.
package secret

import (
	"crypto/subtle"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what every printed form of a Secret shows, whatever the secret's length.
const Redacted = "••••"

// Secret is text that must not be shown: an API key, above all. Every formatted form of it (every verb of
// package fmt, JSON, text, gob, slog) is [Redacted]; [Secret.Reveal] is the only way to the text, and easy to
// search for. The zero value is the empty secret.
//
// The text is held by a function and not by a field, because fmt reads the unexported fields of a struct by
// reflection without asking the Formatter of what it finds there: a function prints as an address.
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

// Reveal returns the text. Call it as late as possible, and keep the result no longer than the call that needs it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.reveal == nil }

// Equal reports whether both hold the same text, in a time that does not depend on where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns [Redacted].
func (s Secret) String() string { return Redacted }

// Format writes [Redacted] for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalJSON returns [Redacted] as a JSON string. There is no UnmarshalJSON: a redacted form cannot be read back.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText returns [Redacted].
func (s Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// GobEncode returns [Redacted].
func (s Secret) GobEncode() ([]byte, error) { return []byte(Redacted), nil }

// LogValue returns [Redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }
