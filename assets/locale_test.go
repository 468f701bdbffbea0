package assets

import (
	"os"
	"testing"
)

func TestLocalesAreReadable(t *testing.T) {
	for _, c := range []struct{ all, lang, language, wantAll, wantLang, wantLanguage string }{
		{"", "de_DE.UTF-8", "", "", "de_DE.UTF-8", ""},
		{"", "de_DE@euro", "de:en", "", "de_DE", "de:en"},
		{"", "ca_ES.UTF-8@valencia", "ca@valencia:ca", "", "ca_ES.UTF-8", "ca"},
		{"", "sr_RS@latin", "sr@latin:xx:es::es:\xff:C:POSIX:de.UTF-8", "", "sr_RS", "sr:es:de.UTF-8"},
		{"", "de_DE.UTF-8", "@:%$", "", "de_DE.UTF-8", ""},
		{"", "en_US.UTF-8:", "", "", "en_US.UTF-8", ""},
		{"", "de_DE:fr", ":::", "", "de_DE", ""},
		{"", "garbage and more", "de", "", "en_US.UTF-8", ""},
		{"xx_YY", "de_DE", "", "", "en_US.UTF-8", ""},
		{"", "@euro", "", "", "en_US.UTF-8", ""},
		{"C", "fr_FR.UTF-8", "fr", "", "en_US.UTF-8", ""},
		{"es_ES@modern", "C", "", "es_ES", "C", ""},
		{"C.UTF-8", "", "de", "", "en_US.UTF-8", ""},
		{"", "", "de", "", "en_US.UTF-8", ""},
		{"POSIX", "C", "", "", "en_US.UTF-8", ""},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", c.lang)
		t.Setenv("LANGUAGE", c.language)
		readable()
		if all, lang, language := os.Getenv("LC_ALL"), os.Getenv("LANG"), os.Getenv("LANGUAGE"); all != c.wantAll || lang != c.wantLang || language != c.wantLanguage {
			t.Errorf("LC_ALL=%s LANG=%s LANGUAGE=%s become %q, %q, %q", c.all, c.lang, c.language, all, lang, language)
		}
	}
}
