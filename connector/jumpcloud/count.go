package jumpcloud

import (
	"fmt"
	"strconv"
	"strings"
)

// Count is how many there are of something: exactly n, at least n, or not known. The zero value is not known.
type Count struct {
	n     int
	known precision
}

type precision int8

const (
	unknown precision = iota
	atLeast
	exact
)

// Exactly returns the count of n, neither more nor fewer.
func Exactly(n int) Count { return Count{n, exact} }

// AtLeast returns the count of n or more. At least none is the same as not known.
func AtLeast(n int) Count {
	if n <= 0 {
		return Count{}
	}
	return Count{n, atLeast}
}

// Known reports whether anything is known about the number.
func (c Count) Known() bool { return c.known != unknown }

// Exact returns the number, and whether it is known exactly.
func (c Count) Exact() (int, bool) { return c.n, c.known == exact }

// Min returns the number that there are at least. It is 0 where nothing is known.
func (c Count) Min() int { return c.n }

// String is the number, with a + where there may be more. It is empty where the number is not known.
func (c Count) String() string {
	switch c.known {
	case exact:
		return strconv.Itoa(c.n)
	case atLeast:
		return strconv.Itoa(c.n) + "+"
	}
	return ""
}

// ParseCount reads a text that String has written. The error says that the text is none.
func ParseCount(text string) (Count, error) {
	number, more := strings.CutSuffix(text, "+")
	n, err := strconv.Atoi(number)
	switch {
	case text == "":
		return Count{}, nil
	case err != nil || n < 0:
		return Count{}, fmt.Errorf("%q is no count", text)
	case more:
		return AtLeast(n), nil
	}
	return Exactly(n), nil
}
