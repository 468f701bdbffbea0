package jumpcloud

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"controlmap-jumpcloud/connector/printable"
)

// The types below hold single values of an answer. Each accepts any JSON. A value of the wrong type counts as missing, so its row
// can still be read.

// Text is a line of text in an answer. It is short and printable, see [printable.Line].
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

// The values of a Flag.
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

// largestTotal is the largest total that a server can mean.
const largestTotal = 1_000_000_000

// total is the number of rows that the server states for a list. N is nil if it states none, or an impossible one.
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
