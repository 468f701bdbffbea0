package words

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"controlmap-jumpcloud/connector/check"
)

var pageIn = flag.String("page", "", "the folder that TestHandOverPage writes its pages into, for people to look at")

// handOvers are two keys and three connections.
func handOvers(now time.Time) []HandOver {
	audit := check.Report{At: now, Administrator: check.Administrator{Email: "audit@northgate.example", Role: "Read Only", KeyExpires: now.AddDate(0, 0, 90)}}
	endless := check.Report{At: now, Administrator: check.Administrator{KeyNeverExpires: true}}
	return []HandOver{
		{Name: "Larkspur Robotics", Organization: check.Organization{ID: "5f0000000000000000000001", Name: "Larkspur Robotics"}, KeyID: "a", Report: audit,
			Tenant: "https://larkspur.app.ctrlmap.com", Replaces: true},
		{Name: "Juniper", Organization: check.Organization{ID: "5f0000000000000000000002", Name: "Juniper & Sons Bakery"}, KeyID: "b", Report: endless},
		{Name: "Aldgate Dental", Organization: check.Organization{ID: "5f0000000000000000000003", Name: "Aldgate Dental"}, KeyID: "a", Report: audit,
			Tenant: "https://aldgate.app.eu.ctrlmap.com"},
	}
}

// withoutTags is what a browser shows of a page.
func withoutTags(page string) string {
	_, body, _ := strings.Cut(page, "<body>")
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""))
}

// The page says all that somebody who has never seen the program has to know, in each language, as text and as HTML alike.
func TestHandOverPage(t *testing.T) {
	now := time.Now()
	for _, l := range Languages {
		use(t, l.ID)
		p := NewHandOverPage(handOvers(now), now)
		page, err := p.HTML()
		if err != nil {
			t.Fatal(err)
		}
		if *pageIn != "" {
			if err := os.WriteFile(filepath.Join(*pageIn, l.ID+".html"), page, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*pageIn, l.ID+".txt"), []byte(p.Text()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for as, text := range map[string]string{"text": p.Text(), "HTML": withoutTags(string(page))} {
			at := 0
			for _, want := range []string{p.Title, p.About, p.NoKey, p.Rights, p.Do, p.Steps[0], p.Steps[len(p.Steps)-1],
				p.Keys[0].Title, "audit@northgate.example", "Read Only", Date(now.AddDate(0, 0, 90)),
				"1. Larkspur Robotics", Text("instructions.replaces"), "https://larkspur.app.ctrlmap.com", "5f0000000000000000000001",
				"2. Aldgate Dental", Text("instructions.new"), "https://aldgate.app.eu.ctrlmap.com", "5f0000000000000000000003",
				p.Keys[1].Title, Text("ends.never"), "3. Juniper", "Juniper & Sons Bakery", Text("instructions.tenant_unknown"), "5f0000000000000000000002", p.End} {
				i := strings.Index(text[at:], want)
				if i < 0 {
					t.Fatalf("%s, %s: %q is not there, or not in its place:\n%s", l.ID, as, want, text)
				}
				at += i + len(want)
			}
			if strings.Contains(text, "instructions.") || strings.Contains(text, "{{") || strings.Contains(text, "no value") {
				t.Errorf("%s, %s: something has no words:\n%s", l.ID, as, text)
			}
		}
		if !strings.Contains(string(page), `<html lang="`+l.ID+`">`) || strings.Count(string(page), `<a href="https://`) != 2 {
			t.Errorf("%s: the language or the links are wrong:\n%s", l.ID, page)
		}
	}
}

// Names do no harm: not in a browser, not in a terminal, and not where the page is pasted into a spreadsheet.
func TestHandOverPageOfHostileNames(t *testing.T) {
	use(t, "en")
	now := time.Now()
	for _, name := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "</style></bdi><h1>", "{{.Title}}", "=cmd|' /C calc'!A0", "\t=1+1", "\n=1+1", "\r\n@SUM(A1)",
		"+1", "-1", "\u202egpj.exe", "\u2066\u200f\u061c", "\x1b]0;x\a", strings.Repeat("W", 200), strings.Repeat("e\u0301", 200), "שלום בע״מ", "\xff\xfe"} {
		one := HandOver{Name: name, Organization: check.Organization{ID: name, Name: name + "2"}, KeyID: name, Tenant: "javascript:alert(1)//" + name,
			Report: check.Report{At: now, Administrator: check.Administrator{Email: name, Role: name}}}
		p := NewHandOverPage([]HandOver{one, {KeyID: name}}, now)
		page, err := p.HTML()
		if err != nil {
			t.Fatal(err)
		}
		elements := regexp.MustCompile(`<(/?[a-z0-9!]+)[ >]`).FindAllStringSubmatch(strings.ToLower(string(page)), -1)
		for _, e := range elements {
			if !strings.Contains(" !doctype html head meta title style body h1 h2 h3 p ol li div span bdi ", " "+strings.TrimPrefix(e[1], "/")+" ") && e[1] != "a" && e[1] != "/a" {
				t.Errorf("%q: the page has the element %s", name, e[1])
			}
		}
		if strings.Contains(strings.ToLower(string(page)), `href="javascript`) || strings.Count(string(page), "<h1>") != 1 {
			t.Errorf("%q: the page is\n%s", name, page)
		}
		for as, text := range map[string]string{"text": p.Text(), "HTML": withoutTags(string(page))} {
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); line != "" && strings.ContainsRune("=+-@", rune(line[0])) {
					t.Errorf("%q, %s: a line begins with a formula: %q", name, as, line)
				}
				if n := len([]rune(line)); n > 400 {
					t.Errorf("%q, %s: a line has %d characters", name, as, n)
				}
			}
			for _, r := range text {
				if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control)) {
					t.Errorf("%q, %s: it has %U", name, as, r)
				}
			}
		}
	}
}
