package desktop

import (
	"strings"
	"testing"
)

func TestPlainIsForXmessage(t *testing.T) {
	got := plain("What helps:\n• Für “alle”, die’s brauchen…\n" + strings.Repeat("word ", 40))
	if !strings.HasPrefix(got, "What helps:\n* F\xfcr \"alle\", die's brauchen...\nword word") {
		t.Errorf("%q", got)
	}
	for line := range strings.Lines(got) {
		if len(line) > 82 {
			t.Errorf("a line of %d", len(line))
		}
	}
}
