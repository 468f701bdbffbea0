package keychain

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

const (
	version  = 1        // of an entry's layout
	maxEntry = smallest // bytes of an entry
	maxName  = 64       // bytes of a name
)

// MaxValue is how many bytes a value may have.
var MaxValue = base64.RawStdEncoding.DecodedLen(maxEntry - len(header("", "")))

// nameShape matches names. They are in lower case, because Windows ignores case.
var nameShape = regexp.MustCompile(`^[a-z0-9._/-]+$`)

func usable(name string) bool { return len(name) <= maxName && nameShape.MatchString(name) }

// header returns the first line of an entry: the version and the checksum. The checksum covers the name too, so an entry that was
// copied to another name counts as damaged.
func header(name, value string) string {
	sum := sha256.Sum256([]byte(name + "\n" + value))
	return fmt.Sprintf("entry version=%d sha256=%x\n", version, sum[:16])
}

// encode returns the text of an entry: the header, then the value in base64.
func encode(name, value string) string {
	return header(name, value) + base64.RawStdEncoding.EncodeToString([]byte(value))
}

// decode returns the value of an entry. Its error is ErrDamaged or ErrNewer.
func decode(name, text string) (string, error) {
	var written int
	if n, _ := fmt.Sscanf(text, "entry version=%d", &written); n == 1 && written > version {
		return "", ErrNewer
	}
	_, encoded, _ := strings.Cut(text, "\n")
	value, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil || encode(name, string(value)) != text {
		return "", ErrDamaged
	}
	return string(value), nil
}
