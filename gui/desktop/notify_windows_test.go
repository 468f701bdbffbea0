//go:build !headless

package desktop

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// Whatever an organization is called, its name is a line of the script's input, and no part of the script.
func TestANameIsNoCommand(t *testing.T) {
	names := []string{`a"; calc; "`, "$(calc)\r\n`", "Ørsted 株式会社 Ó", ""}
	var read []string
	for line := range strings.Lines(inLines(names...)) {
		name, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(line, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, string(name))
	}
	if !slices.Equal(read, names) {
		t.Errorf("%q becomes %q", names, read)
	}
	if strings.Contains(toast, `"`) {
		t.Error("the script holds a quotation mark, which the command line would have to quote")
	}
}
