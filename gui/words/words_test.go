package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

func TestEveryCauseHasItsWords(t *testing.T) {
	for _, m := range check.Meanings() {
		o := check.Outcome{State: m.State, Cause: m.Cause, Facts: check.Facts{"Organization": "Larkspur"}}
		if what := Seen(o, time.Now()); what == "" || strings.HasPrefix(what, "cause.") {
			t.Errorf("%s says nothing", m.Cause)
		}
		passes := m.Cause == check.CauseRateLimited // the checks run again by themselves when the wait is over
		if needs := (m.State == check.Failed || m.State == check.Warning) && !passes; needs != (Remedy(o, InForm, time.Now()) != "") || needs != (m.Move != "") {
			t.Errorf("%s (%s): the remedy is %q, for %q", m.Cause, m.State, Remedy(o, InForm, time.Now()), m.Move)
		}
		title := Title(o, time.Now())
		if unnamed := !has("cause." + string(m.Cause) + ".title"); unnamed == needsTitle(m) || len([]rune(title)) > 60 && needsTitle(m) || strings.HasSuffix(title, ".") {
			t.Errorf("%s has the title %q", m.Cause, title)
		}
		for _, words := range []string{title, Seen(o, time.Now()), Move(o, InForm, time.Now()), Move(o, InConnection, time.Now()), Move(o, InTerminal, time.Now())} {
			if strings.Contains(words, "<no value>") || strings.Contains(words, "{{") || strings.Contains(words, "move.") {
				t.Errorf("%s has a place that is not filled in: %q", m.Cause, words)
			}
		}
		for _, help := range []check.Help{m.Help, m.Next()} {
			if help != "" && !has("help."+string(help)) {
				t.Errorf("the button %s has no words", help)
			}
		}
		if m.Move != "" && !has("who."+string(m.Move)) {
			t.Errorf("%s has no words", m.Move)
		}
	}
	for _, one := range check.All() {
		if !has("check." + string(one.ID) + ".title") {
			t.Errorf("check %s has no title", one.ID)
		}
	}
	for s := check.Waiting; s <= check.Skipped; s++ {
		if !has("state." + s.String()) {
			t.Errorf("state %s has no word", s)
		}
	}
	for _, station := range check.Stations() {
		if !has("way." + string(station)) {
			t.Errorf("the station %s has no name", station)
		}
	}
	for _, group := range check.Groups() {
		if !has("group." + string(group)) {
			t.Errorf("the group %s has no name", group)
		}
	}
}

// needsTitle reports whether a cause can be what the card says.
func needsTitle(m check.Meaning) bool { return m.State == check.Failed || m.State == check.Warning }

// Every failure of the keychain has a sentence and a next step.
func TestEveryKeychainCauseHasItsWords(t *testing.T) {
	for _, cause := range connector.KeychainCauses() {
		if o := (check.Outcome{Cause: cause}); !has("cause."+string(cause)+".seen") || Remedy(o, InForm, time.Now()) == "" {
			t.Errorf("%s has no words", cause)
		}
	}
}

// The English file has every key that the source uses, and no other.
func TestTheTranslationFileIsComplete(t *testing.T) {
	texts := fileOf(t, "en")
	quoted := regexp.MustCompile(`"([a-z]+(?:\.[a-z_]+)+)"`)
	others := []string{"icon.png", "lock.svg", "window.lock", "runtime.sigpanic", "com.canonical.dbusmenu"} // what looks like a key and is none
	used := make(map[string]bool)
	for _, file := range sources(t) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range quoted.FindAllStringSubmatch(string(source), -1) {
			used[match[1]] = true
			if _, ok := texts[match[1]]; !ok && !slices.Contains(others, match[1]) {
				t.Errorf("%s asks for %q, which has no text", file, match[1])
			}
		}
	}
	// The source puts these keys together from parts, such as the name of a cause or of a check.
	composed := regexp.MustCompile(`^(age|ask|cause|check|left|state|region|guide|sample|details|duration|help|move|refusal|wiped|demo|page|clipboard|about|folder|file|who|way|group|count|figures|health|settings\.theme)[._]`)
	for key := range texts {
		fynes := !strings.Contains(key, ".") // Fyne asks for it
		if !used[key] && !composed.MatchString(key) && !fynes {
			t.Errorf("nothing asks for %q", key)
		}
	}
}

// sources lists the Go files of the window and the command line, without tests.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d sources, %v", len(files), err)
	}
	return files
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 ms", 1499 * time.Microsecond: "1 ms", 999 * time.Millisecond: "999 ms",
		time.Second: "1.0 s", 12340 * time.Millisecond: "12.3 s"} {
		if got := Took(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
	now := time.Now()
	for d, want := range map[time.Duration]string{0: "just now", 5 * time.Minute: "5 min ago",
		47 * time.Hour: "47 h ago", 72 * time.Hour: "3 d ago"} {
		if got := Ago(now.Add(-d), now); got != want {
			t.Errorf("%s ago is %q, want %q", d, got, want)
		}
	}
	if got := Ago(time.Time{}, now); got != "not checked" {
		t.Errorf("never is %q", got)
	}
}

// What helps with the keychain is named by the name that it has on the screen.
func TestWhatHelpsWithTheKeychain(t *testing.T) {
	for cause, names := range map[check.Cause][]string{
		check.CauseNoKeyring:            {"Seahorse", "KeePassXC"},
		check.CauseKeychainNotPermitted: {"password-manager-service", "org.freedesktop.secrets"},
	} {
		for _, id := range []string{"en", "de", "fr", "es"} {
			use(t, id)
			remedy := Remedy(check.Outcome{State: check.Failed, Cause: cause}, InForm, time.Now())
			for _, name := range names {
				if !strings.Contains(remedy, name) {
					t.Errorf("%s, %s: no %s in %q", cause, id, name, remedy)
				}
			}
		}
	}
}

// A request that failed says how often it was tried.
func TestTriesAreCounted(t *testing.T) {
	for _, cause := range []check.Cause{check.CauseBroken, check.CauseServer, check.CauseUnreadable, check.CauseRateLimited, check.CauseProxyFailed, check.CauseProxyBroke} {
		for id, want := range map[string][3]string{
			"en": {"It was tried once.", "It was tried 3 times.", "It was tried 6 times."},
			"de": {"Es wurde einmal versucht.", "Es wurde 3-mal versucht.", "Es wurde 6-mal versucht."},
			"fr": {"Un essai a été fait.", "3 essais ont été faits.", "6 essais ont été faits."},
			"es": {"Se intentó una vez.", "Se intentó 3 veces.", "Se intentó 6 veces."},
		} {
			use(t, id)
			for i, tries := range []string{"1", "3", "6"} {
				if said := Seen(check.Outcome{Cause: cause, Facts: check.Facts{"Tries": tries}}, time.Now()); strings.Count(said, want[i]) != 1 {
					t.Errorf("%s, %s, %s tries: %q", cause, id, tries, said)
				}
			}
			if said := Seen(check.Outcome{Cause: cause}, time.Now()); strings.Contains(said, want[0]) {
				t.Errorf("%s, %s: it does not know of a try, and says %q", cause, id, said)
			}
		}
	}
}

// Whose certificate is not accepted is said, and what is wrong with it.
func TestTheFlawOfAProxysCertificateIsSaid(t *testing.T) {
	said := make(map[string]string)
	for flaw, want := range map[string]string{"": "its issuer “Inspection” is not trusted", "form": "does not name the proxy in a way that counts",
		"name": "it is for “other.example”", "time": "it is not valid on", "unreadable": "it cannot be read"} {
		facts := check.Facts{"Proxy": "proxy.example:3128", "Flaw": flaw, "Issuer": "Inspection", "Names": "other.example", "Now": "2026-11-24T12:00:00Z"}
		text := Seen(check.Outcome{Cause: check.CauseProxyCertificate, Facts: facts}, time.Now())
		if !strings.Contains(text, want) || !strings.Contains(text, "proxy.example:3128") || !strings.Contains(text, "not JumpCloud’s certificate") || said[text] != "" {
			t.Errorf("%q: %s", flaw, text)
		}
		said[text] = flaw
	}
}
