package terminal

import (
	"bytes"
	"testing"
)

// Of net/http's lines, only the one that repeats an answer is dropped.
func TestWhatIsLogged(t *testing.T) {
	var kept bytes.Buffer
	for _, line := range []string{"something else\n", "2026/01/02 Unsolicited response received on idle HTTP channel starting with \"TEST\"; err=<nil>\n"} {
		if n, err := Log(&kept).Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("%q: %d bytes, %v", line, n, err)
		}
	}
	if kept.String() != "something else\n" {
		t.Errorf("%q is logged", &kept)
	}
}
