package jumpcloud

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"controlmap-jumpcloud/connector/printable"
)

// The types below hold single values of an answer. Each reads any JSON. A value of another type than agreed counts as not told, so
// that its row and the list can still be read.

// Text is a line of text in an answer. Whatever came, it is short and printable, see [printable.Line]. It is empty where the text
// shows nothing.
type Text string

// UnmarshalJSON reads a string.
func (t *Text) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = ""
	}
	*t = Text(printable.Line(text))
	return nil
}

// Flag is a yes or no in an answer. The zero value is NotTold.
type Flag int8

// What a Flag can be.
const (
	NotTold Flag = iota
	Yes
	No
)

// UnmarshalJSON reads true or false.
func (f *Flag) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true":
		*f = Yes
	case "false":
		*f = No
	default:
		*f = NotTold
	}
	return nil
}

// largestTotal is more rows than any list has. A larger total is a mistake.
const largestTotal = 1_000_000_000

// total is how many rows a list has, as the server says. N is nil where the server says nothing that makes sense.
type total struct{ n *int }

// UnmarshalJSON reads a whole number, also one in quotes or written as 3.0 or 3e2.
func (t *total) UnmarshalJSON(data []byte) error {
	*t = totalIn(strings.Trim(string(data), `"`))
	return nil
}

// totalIn reads the total from an answer's field or header.
func totalIn(text string) total {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || f < 0 || f > largestTotal || f != math.Trunc(f) {
		return total{}
	}
	n := int(f)
	return total{&n}
}

// OrganizationID returns the usual form of an Organization ID, 24 hexadecimal digits in lower case, and whether text is one.
func OrganizationID(text string) (string, bool) {
	if len(text) != 24 || strings.Trim(text, "0123456789abcdefABCDEF") != "" {
		return "", false
	}
	return strings.ToLower(text), true
}
