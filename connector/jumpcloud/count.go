package jumpcloud

import (
	"fmt"
	"strconv"
	"strings"
)

// Count is a number: exactly n, at least n, or not known. The zero value is not known.
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

// Exactly returns the count n.
func Exactly(n int) Count { return Count{n, exact} }

// AtLeast returns the count n or more. AtLeast(0) is not known.
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

// Min returns the lowest possible number, 0 if nothing is known.
func (c Count) Min() int { return c.n }

// String returns the number, with a + if there may be more, or "" if nothing is known.
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
		return Count{}, fmt.Errorf("%q is not a count", text)
	case more:
		return AtLeast(n), nil
	}
	return Exactly(n), nil
}
