package gui

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
)

func TestEveryCauseHasItsWords(t *testing.T) {
	for _, m := range connector.Meanings() {
		o := connector.Outcome{State: m.State, Cause: m.Cause, Facts: connector.Facts{"Organization": "Larkspur"}}
		if what := seen(o, time.Now()); what == "" || strings.HasPrefix(what, "cause.") {
			t.Errorf("%s says nothing", m.Cause)
		}
		if needs := m.State == connector.Failed || m.State == connector.Warning; needs != (remedy(o, time.Now()) != "") || needs != (m.Move != "") {
			t.Errorf("%s (%s): the remedy is %q, for %q", m.Cause, m.State, remedy(o, time.Now()), m.Move)
		}
		for _, words := range []string{seen(o, time.Now()), move(o, inForm, time.Now()), move(o, inKept, time.Now()), move(o, inPiped, time.Now())} {
			if strings.Contains(words, "<no value>") || strings.Contains(words, "{{") || strings.Contains(words, "move.") {
				t.Errorf("%s leaves a place unfilled: %q", m.Cause, words)
			}
		}
		if m.Help != "" && !has("help."+string(m.Help)) {
			t.Errorf("the button %s has no words", m.Help)
		}
	}
	for _, check := range connector.Checks() {
		if !has("check." + string(check.ID) + ".title") {
			t.Errorf("check %s has no title", check.ID)
		}
	}
	for s := connector.Waiting; s <= connector.Skipped; s++ {
		if !has("state." + s.String()) {
			t.Errorf("state %s has no word", s)
		}
	}
	for _, topic := range []topic{guideRegion, guideKey, guideOrganization, guideName, guideNext} {
		if !has("guide."+string(topic)+".title") || !has("guide."+string(topic)+".text") {
			t.Errorf("the guide lacks %s", topic)
		}
	}
}

// Every failure of the keychain is a sentence and a next step.
func TestEveryKeychainCauseHasItsWords(t *testing.T) {
	for _, cause := range connector.KeychainCauses() {
		if o := (connector.Outcome{Cause: cause}); !has("cause."+string(cause)+".seen") || remedy(o, time.Now()) == "" {
			t.Errorf("%s has no words", cause)
		}
	}
}

// What the source asks for is in the translation file, and nothing else is.
func TestTheTranslationFileIsComplete(t *testing.T) {
	words := fileOf(t, "en")
	asked := regexp.MustCompile(`"([a-z]+(?:\.[a-z_]+)+)"`)
	used := make(map[string]bool)
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range asked.FindAllStringSubmatch(string(source), -1) {
			used[match[1]] = true
			if _, ok := words[match[1]]; !ok && match[1] != "icon.png" && match[1] != "window.lock" {
				t.Errorf("%s asks for %q, which has no words", file, match[1])
			}
		}
	}
	// These are put together from parts: a cause's name, a check's, and so on.
	made := regexp.MustCompile(`^(age|ask|cause|check|left|state|region|guide|sample|details|duration|help|move|wiped|demo|page|clipboard|about|folder|language|status\.saved)[._]`)
	for key := range words {
		if !used[key] && !made.MatchString(key) && !slices.Contains(fynes, key) {
			t.Errorf("nothing asks for %q", key)
		}
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 ms", 1499 * time.Microsecond: "1 ms", 999 * time.Millisecond: "999 ms",
		time.Second: "1.0 s", 12340 * time.Millisecond: "12.3 s"} {
		if got := seconds(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
	now := time.Now()
	for d, want := range map[time.Duration]string{0: "just now", 5 * time.Minute: "5 min ago",
		47 * time.Hour: "47 h ago", 72 * time.Hour: "3 d ago"} {
		if got := ago(now.Add(-d), now); got != want {
			t.Errorf("%s ago is %q, want %q", d, got, want)
		}
	}
	if got := ago(time.Time{}, now); got != "not checked" {
		t.Errorf("never is %q", got)
	}
}
