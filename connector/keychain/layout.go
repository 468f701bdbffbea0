package keychain

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	version  = 1    // of the layout of entries and of index pages
	maxEntry = 2000 // bytes of an entry that this package writes
	maxParts = 256  // of a value
	maxName  = 200  // bytes of a name
)

// nameShape is what a name looks like: lower case, because Windows does not tell upper case from it, and without the
// "#" that names parts.
var nameShape = regexp.MustCompile(`^[a-z0-9._/-]+$`)

// usable reports whether name can be a name.
func usable(name string) bool {
	return len(name) <= maxName && nameShape.MatchString(name) && name != indexName && !strings.HasPrefix(name, indexName+"/")
}

// generation tells the parts of a value from those of the value before it: a, b, or empty if there is no value.
type generation string

// other returns the generation of the value that replaces this one's.
func (g generation) other() generation {
	if g == "a" {
		return "b"
	}
	return "a"
}

// partName returns the backend's name of the n-th part of a value, from 2 on.
func partName(name string, g generation, n int) string {
	return fmt.Sprintf("%s#%s.%d", name, g, n)
}

// How a value is written: text that any keychain gives back unchanged as it is, all else as base64.
const (
	asText   = "text"
	asBase64 = "base64"
)

// head is the first entry of a value: what describes the value, and its first part.
type head struct {
	generation generation
	parts      int    // of the value, with the one in the head
	length     int    // of the value, in bytes
	as         string // asText or asBase64
	sum        string // SHA-256 of the value, in hexadecimal
	first      string // the first part
}

// header returns the first line of the entry.
func (h head) header() string {
	return fmt.Sprintf("entry version=%d generation=%s parts=%d bytes=%d as=%s sha256=%s\n",
		version, h.generation, h.parts, h.length, h.as, h.sum)
}

// parseHead reads the entry that [head.header] and the first part make. Its error is ErrDamaged or ErrNewer.
func parseHead(text string) (head, error) {
	line, first, _ := strings.Cut(text, "\n")
	h := head{first: first}
	var written int
	if n, _ := fmt.Sscanf(line, "entry version=%d", &written); n == 1 && written > version {
		return head{}, ErrNewer
	}
	_, err := fmt.Sscanf(line, "entry version=%d generation=%s parts=%d bytes=%d as=%s sha256=%s",
		&written, &h.generation, &h.parts, &h.length, &h.as, &h.sum)
	if err != nil || h.header()+first != text || !h.possible() {
		return head{}, ErrDamaged
	}
	return h, nil
}

// possible reports whether the header is one that this package writes.
func (h head) possible() bool {
	return (h.generation == "a" || h.generation == "b") && (h.as == asText || h.as == asBase64) &&
		h.parts >= 1 && h.parts <= maxParts
}

// entry is a value as it is stored.
type entry struct {
	head  head
	parts []string // the second and following
}

// split makes the entry of a value. It reports false if the value is too big.
func split(value string, g generation) (entry, bool) {
	as, text := encode(value)
	h := head{generation: g, parts: maxParts, length: len(value), as: as, sum: checksum(value)}
	h.first, text = cut(text, maxEntry-len(h.header()))
	var parts []string
	for text != "" {
		var part string
		part, text = cut(text, maxEntry)
		parts = append(parts, part)
	}
	h.parts = 1 + len(parts)
	return entry{head: h, parts: parts}, h.parts <= maxParts
}

// join makes the value of the head and the following parts, and reports whether it is the value that was split.
func join(h head, parts []string) (string, bool) {
	value := h.first + strings.Join(parts, "")
	if h.as == asBase64 {
		decoded, err := base64.RawStdEncoding.DecodeString(value)
		if err != nil {
			return "", false
		}
		value = string(decoded)
	}
	return value, len(value) == h.length && checksum(value) == h.sum
}

// encode returns the value as it is written.
func encode(value string) (as, text string) {
	plain := func(r rune) bool { return unicode.IsGraphic(r) || r == '\n' || r == '\t' }
	if utf8.ValidString(value) && !strings.ContainsFunc(value, func(r rune) bool { return !plain(r) }) {
		return asText, value
	}
	return asBase64, base64.RawStdEncoding.EncodeToString([]byte(value))
}

// cut returns up to size bytes of text, and the rest. It cuts no character, for some keychains store text only.
func cut(text string, size int) (first, rest string) {
	if len(text) <= size {
		return text, ""
	}
	for !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size], text[size:]
}

func checksum(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
