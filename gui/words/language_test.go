package words

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
)

func TestMain(m *testing.M) {
	if _, err := Use("en"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// use switches to a language until the test ends.
func use(t *testing.T, id string) {
	t.Helper()
	t.Cleanup(func() {
		if _, err := Use("en"); err != nil {
			t.Error(err)
		}
	})
	if _, err := Use(id); err != nil {
		t.Fatal(err)
	}
}

func TestTheLanguageFollowsTheSystem(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("skipped: the language of this system cannot be set for one program")
	}
	for _, c := range []struct{ locale, list, says string }{
		{"en_US.UTF-8", "", "Search"}, {"en_AU.UTF-8", "", "Search"}, {"de_DE.UTF-8", "", "Suchen"}, {"de_AT", "", "Suchen"},
		{"fr_CA.UTF-8", "", "Rechercher"}, {"es_MX.UTF-8", "", "Buscar"}, {"es_419.UTF-8", "", "Buscar"},
		{"ja_JP.UTF-8", "", "Search"}, {"zh_TW.UTF-8", "", "Search"},
		{"ca_ES.UTF-8", "ca:es", "Buscar"}, {"it_IT.UTF-8", "it:fr", "Rechercher"},
	} {
		t.Setenv("LC_ALL", c.locale)
		t.Setenv("LANGUAGE", c.list)
		use(t, "")
		if got := Text("list.search"); got != c.says {
			t.Errorf("in %s %s it says %q, want %q", c.locale, c.list, got, c.says)
		}
		for _, l := range Languages { // also one that is not the system's
			use(t, l.ID)
			if got, want := Text("list.search"), fileOf(t, l.ID)["list.search"]; got != want {
				t.Errorf("in %s, with %s chosen, it says %q", c.locale, l.ID, got)
			}
		}
	}
}

// Dates and numbers follow the language.
func TestDatesAndNumbers(t *testing.T) {
	at := time.Date(2026, 3, 9, 12, 0, 0, 0, time.Local)
	o := check.Outcome{Cause: check.CauseKeyAge, Facts: check.Facts{"Created": at.Format(time.RFC3339), "Days": "1"}}
	for id, want := range map[string]string{
		"en": "Made on 2026-03-09, yesterday", "de": "Erzeugt am 09.03.2026, gestern",
		"fr": "Créée le 09/03/2026, hier", "es": "Creada el 09/03/2026, ayer",
	} {
		use(t, id)
		if got := Seen(o, at); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
		point := map[bool]string{true: "1.5 s", false: "1,5 s"}[id == "en"]
		if got := Took(1500 * time.Millisecond); got != point {
			t.Errorf("%s: 1.5 s is %q", id, got)
		}
	}
	o.Facts["Days"] = "30"
	use(t, "de")
	if got := Seen(o, at); !strings.HasSuffix(got, "vor 30 Tagen") {
		t.Errorf("30 days: %q", got)
	}
}
