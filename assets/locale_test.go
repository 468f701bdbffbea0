package assets

import (
	"os"
	"testing"
)

func TestLocalesAreReadable(t *testing.T) {
	for _, c := range []struct{ all, lang, language, wantAll, wantLang, wantLanguage string }{
		{"", "de_DE.UTF-8", "", "", "de_DE.UTF-8", ""},
		{"", "de_DE@euro", "de:en", "", "de_DE", "de:en"},
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
