package terminal

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// hidden holds characters that must not reach a terminal unchanged.
const hidden = "\x00\x07\x1b[31m\r\x7f\u0085\u009b\u00ad\u061c\u200b\u200d\u200f\u202e\u2028\u2029\u2066\ufeff\U000e0001"

func TestNothingHiddenIsPrinted(t *testing.T) {
	var table, asJSON bytes.Buffer
	results := []result{{Name: "Lark" + hidden + "spur", State: check.Failed, Report: check.Report{
		Organization: check.Organization{Name: hidden}}, Choices: []check.Organization{{ID: hidden, Name: hidden + "ü🗝"}}}}
	if _, err := words.Use("en"); err != nil {
		t.Fatal(err)
	}
	checker{out: Safe(&table), errs: Safe(&table), now: time.Now}.print(results, true)
	checker{out: Safe(&asJSON), asJSON: true, now: time.Now}.print(results, true)
	for _, out := range []string{table.String(), asJSON.String()} {
		if strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			t.Errorf("it prints %q", out)
		}
	}
	var got struct{ Connections []result }
	if err := json.Unmarshal(asJSON.Bytes(), &got); err != nil || got.Connections[0].Name != results[0].Name {
		t.Errorf("the JSON says %s, %v", asJSON.String(), err)
	}
	if !strings.Contains(table.String(), "ü🗝") {
		t.Errorf("what shows is changed: %q", table.String())
	}
}
