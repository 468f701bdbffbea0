package gui

import (
	"runtime/debug"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/keychain"
)

// aboutOf opens the dialog and returns its list, which must have the keyboard.
func aboutOf(t *testing.T, s *stage) *licences {
	t.Helper()
	s.about()
	l, ok := s.focused().(*licences)
	if !ok {
		t.Fatalf("%T has the keyboard", s.focused())
	}
	return l
}

// shown is all the text that is laid out.
func (l *licences) shown() string {
	var texts []string
	for _, o := range l.pieces.Objects {
		texts = append(texts, o.(*widget.Label).Text)
	}
	return strings.Join(texts, "\n\n")
}

// Under About, the keyboard alone leads to every licence, to the end of its text, and out.
func TestAboutShowsEveryLicence(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	l := aboutOf(t, s)
	if size := s.win.Canvas().Overlays().Top().MinSize(); size.Width > 900 || size.Height > 600 {
		t.Errorf("it needs %v", size)
	}
	seen := make(map[string]bool)
	for range len(l.works) + 1 {
		w := l.works[l.chosen]
		for range 60 {
			l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		}
		if shown := l.shown(); w.Licence == "" || !strings.HasPrefix(shown, w.Name) || !strings.HasSuffix(shown, w.Text) {
			t.Errorf("%q does not show its licence", w.Name)
		}
		if bottom := l.pieces.MinSize().Height - l.scroll.Size().Height; l.scroll.Offset.Y != max(0, bottom) {
			t.Errorf("%q is at %v of %v", w.Name, l.scroll.Offset.Y, bottom)
		}
		seen[w.Name] = true
		l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	if len(seen) != len(l.works) || !seen["fyne.io/fyne/v2"] || !seen["Go"] {
		t.Errorf("%d of %d were shown", len(seen), len(l.works))
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if l.chosen != len(l.works)-2 {
		t.Error("it does not go up")
	}
	longest := 0
	for i, w := range l.works {
		if len(w.Text) > len(l.works[longest].Text) {
			longest = i
		}
	}
	l.Select(longest)
	if len(l.pieces.Objects) > 3 || len(l.rest) == 0 {
		t.Errorf("a long text is laid out as a whole: %d pieces, %d are left", len(l.pieces.Objects), len(l.rest))
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	l.Select((longest + 1) % len(l.works))
	if l.scroll.Offset.Y != 0 {
		t.Error("another one does not begin at its beginning")
	}
	s.press("Close")
	if s.dialog() != "" {
		t.Error("it stays open")
	}
}

// A module's version is that of the one in the program, which a test's own program does not tell.
func TestAboutShowsVersions(t *testing.T) {
	l := aboutOf(t, open(t, keychain.Memory(), Options{}))
	l.built = versions(&debug.BuildInfo{Deps: []*debug.Module{{Path: "fyne.io/fyne/v2", Version: "v2.0.0"}}}, true)
	for i, w := range l.works {
		l.Select(i)
		first, _, _ := strings.Cut(l.shown(), "\n")
		want := w.Name
		if w.Name == "fyne.io/fyne/v2" {
			want += " v2.0.0"
		}
		if first != want {
			t.Errorf("%q, want %q", first, want)
		}
	}
}

func TestAboutCopiesTheVersion(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.menu("Help", "About")
	meta := fyne.CurrentApp().Metadata()
	if !s.sees(meta.Name) || !s.sees("Version "+meta.Version) {
		t.Errorf("it says %s", s.dialog())
	}
	s.press("Copy version")
	s.until("it is copied", func() bool { return s.offers("Copied") })
	if got := fyne.CurrentApp().Clipboard().Content(); got != meta.Name+" "+meta.Version {
		t.Errorf("copied is %q", got)
	}
}
