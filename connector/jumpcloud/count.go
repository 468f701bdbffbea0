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

// Exactly returns the count of n, when there are neither more nor fewer.
func Exactly(n int) Count { return Count{n, exact} }

// AtLeast returns the count of n, when there may be more. That there are at least none says nothing: it is not known.
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

// Min returns the number of which it is known that there are not fewer.
func (c Count) Min() int { return c.n }

// String is the number, with a + where there may be more, and empty where it is not known.
func (c Count) String() string {
	switch c.known {
	case exact:
		return strconv.Itoa(c.n)
	case atLeast:
		return strconv.Itoa(c.n) + "+"
	}
	return ""
}

// ParseCount reads what String has written.
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
