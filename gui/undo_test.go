package gui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// removing opens the window on a connection and removes it. It can still be undone.
func removing(t *testing.T, k keychain.Backend) *stage {
	t.Helper()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.press("Remove")
	s.press("Remove")
	if len(s.names()) != 0 || !s.hasLine("The connection is removed.") {
		t.Fatalf("the screen says\n%s", s.screenText())
	}
	return s
}

// isKept reports whether a keychain has a connection, as the next start finds it.
func isKept(t *testing.T, k keychain.Backend) bool {
	t.Helper()
	all, err := connector.New(keychain.New(k, "gui.test")).Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return len(all) > 0
}

// A removed connection is in the keychain until it cannot be undone any more. So it is not lost if the program is killed before.
func TestARemovalCanBeUndone(t *testing.T) {
	k := keychain.Memory()
	s := removing(t, k)
	s.reread()
	s.idle()
	if len(s.names()) != 0 || !isKept(t, k) {
		t.Error("it came back when the connections were read anew, or is deleted already")
	}
	s.tab(s.button("Undo"))
	s.keys(fyne.KeyReturn)
	s.until("it is back", func() bool { return s.title() == "Larkspur Robotics" && len(s.names()) == 1 })
	s.pass(undoTime)
	s.idle()
	if len(s.names()) != 1 || !isKept(t, k) || s.offers("Undo") {
		t.Errorf("it is deleted all the same:\n%s", s.screenText())
	}
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleKey)
}

func TestARemovalThatIsNotUndone(t *testing.T) {
	for name, end := range map[string]func(*stage){
		"the time is over":       func(s *stage) { s.pass(undoTime); s.idle() },
		"the window closes":      func(s *stage) { s.close(); s.work.ending.Wait() },
		"everything is removed":  func(s *stage) { s.removeEverything(); s.idle() },
		"another one is removed": func(s *stage) { s.writer.remove("another"); s.idle() },
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			end(removing(t, k))
			if isKept(t, k) {
				t.Error("it is still there")
			}
		})
	}
}

// If the keychain does not delete a connection, it comes back to the list.
func TestARemovalThatFails(t *testing.T) {
	k := broken(nil)
	s := removing(t, k)
	k.fail(keychain.ErrLocked)
	s.pass(undoTime)
	s.idle()
	if len(s.names()) != 1 || !s.offers("Try again") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A save ends the removal first: what is saved in the place of the removed connection is not deleted with it.
func TestASaveAfterARemovalStays(t *testing.T) {
	for name, again := range map[string]struct{ key, want string }{
		"the same key": {jumpcloudtest.SampleKey, oneListed},
		"another key":  {jumpcloudtest.SampleSecondKey, secondListed},
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			keepHere(t, k, jumpcloudtest.SampleKey)
			s := openHere(t, k)
			s.tap("Larkspur Robotics")
			s.press("Remove")
			s.press("Remove")
			s.typeKey(again.key)
			s.shown()
			s.idle()
			s.pass(undoTime)
			s.idle()
			if got := s.listed(); got != again.want || s.offers("Undo") {
				t.Errorf("the list has %q, and the screen says\n%s", got, s.screenText())
			}
		})
	}
}

// The same is true of a connection of the session that is saved in the keychain.
func TestASaveFromTheSessionAfterARemovalStays(t *testing.T) {
	k := broken(nil)
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	kept := s.connections.all[0]
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.until("there are two", func() bool { return len(s.names()) == 2 && !s.formShown() })
	k.fail(nil)
	s.idle()
	session := s.details().c
	s.tell(opened{Connection: kept})
	s.press("Remove")
	s.press("Remove")
	s.writer.saveFromSession(session)
	s.until("it is saved", func() bool { return len(s.connections.all) == 1 && !s.connections.all[0].SessionOnly })
	s.pass(undoTime)
	s.idle()
	if got := s.listed(); got != secondListed || !isKept(t, k) {
		t.Errorf("the list has %q", got)
	}
}

// keeping keeps a key without a window: for the session, or in the keychain.
func (s *stage) keeping(key string, session bool, options ...connector.SaveOption) connector.Connection {
	s.t.Helper()
	save, credentials := s.c.Save, credentialsOf(key)
	if session {
		save = s.c.SaveForSession
	}
	c, err := save(s.t.Context(), "", credentials, s.c.Validate(s.t.Context(), credentials, func(check.Result) {}), options...)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// saveAndRemove keeps the first key, and does what each letter of order says: b begins a save, e ends it, r removes the connection,
// t lets the time to undo that pass, u undoes it.
func saveAndRemove(t *testing.T, order string, session bool, begin func(*stage, connector.Connection)) *stage {
	t.Helper()
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := openHere(t, k)
	s.idle()
	first := s.keeping(jumpcloudtest.SampleKey, session)
	s.reread()
	s.idle()
	for _, step := range order {
		switch step {
		case 'b':
			k.close()
			begin(s, first)
			s.until("it is being saved", func() bool { return s.writer.saves > 0 })
		case 'e':
			k.open()
			s.until("it is saved", func() bool { return s.writer.saves == 0 })
			s.idle()
		case 'r':
			if len(s.connections.all) > 0 {
				s.writer.remove(s.connections.all[0].ID)
			}
		case 't':
			s.pass(undoTime)
		case 'u':
			if s.offers("Undo") {
				s.press("Undo")
			}
		}
	}
	s.pass(undoTime)
	s.idle()
	return s
}

// What is saved while a connection is removed is never deleted with it, whatever comes first.
func TestASaveIsNeverRemoved(t *testing.T) {
	typed := func(key string) func(*stage, connector.Connection) {
		return func(s *stage, c connector.Connection) {
			if key == jumpcloudtest.SampleKey || s.connections.hidden[c.ID] {
				s.tell(newWanted{})
			} else {
				s.tell(keyWanted{c})
			}
			s.typeKey(key)
		}
	}
	for name, c := range map[string]struct {
		key     string // the one that is saved
		begin   func(*stage, connector.Connection)
		session bool // the connection is kept for the session only
	}{
		"the same key":                 {jumpcloudtest.SampleKey, typed(jumpcloudtest.SampleKey), false},
		"another key":                  {jumpcloudtest.SampleSecondKey, typed(jumpcloudtest.SampleSecondKey), false},
		"the same key, of the session": {jumpcloudtest.SampleKey, typed(jumpcloudtest.SampleKey), true},
		"another key, of the session":  {jumpcloudtest.SampleSecondKey, typed(jumpcloudtest.SampleSecondKey), true},
		"a key from the session": {jumpcloudtest.SampleSecondKey, func(s *stage, c connector.Connection) {
			s.writer.saveFromSession(s.keeping(jumpcloudtest.SampleSecondKey, true), connector.Replacing(c))
		}, false},
	} {
		for _, order := range []string{"bret", "brte", "rbet", "rbte", "rtbe", "beru", "breu", "brue", "rbeu", "rbue", "rube", "bert"} {
			t.Run(name+" "+order, func(t *testing.T) {
				s := saveAndRemove(t, order, c.session, c.begin)
				kept := s.kept()
				if order == "bert" { // it is removed once it is saved
					if len(kept) > 0 {
						t.Errorf("kept is %+v", kept)
					}
					return
				}
				if len(kept) != 1 || kept[0].KeyID != connector.KeyID(secret.New(c.key)) || kept[0].SessionOnly {
					t.Fatalf("kept is %+v", kept)
				}
				key, err := s.c.APIKey(t.Context(), kept[0].ID)
				if err != nil || key.Reveal() != c.key || len(s.names()) != 1 || s.offers("Undo") {
					t.Errorf("%v; the screen says\n%s", err, s.screenText())
				}
			})
		}
	}
}

// Nor is it deleted when the window closes before it is known where the save has gone.
func TestClosingBetweenASaveAndARemoval(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.idle()
	id := s.connections.all[0].ID
	k.close()
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", s.saving)
	s.writer.remove(id)
	s.shut = true
	s.win.Close()
	k.open()
	s.work.running.Wait()
	s.work.ending.Wait()
	if !isKept(t, k) {
		t.Error("it is deleted")
	}
}

// The end of a save deletes what cannot be undone any more, and nothing else.
func TestTheEndOfASaveLeavesUndo(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := openHere(t, k)
	s.idle()
	s.keeping(jumpcloudtest.SampleKey, false)
	first := s.keeping(jumpcloudtest.SampleSecondKey, false, connector.KeepingBoth())
	second := s.keeping(jumpcloudtest.SampleAdministratorKey, false)
	s.reread()
	s.idle()
	k.close()
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", s.saving)
	s.writer.remove(first.ID)
	s.writer.remove(second.ID)
	k.open()
	s.until("it is saved", func() bool { return s.writer.saves == 0 })
	s.idle()
	if got := s.kept(); len(got) != 2 || !s.offers("Undo") {
		t.Fatalf("kept are %+v, and the screen says\n%s", got, s.screenText())
	}
	s.press("Undo")
	s.pass(undoTime)
	s.idle()
	if got := s.kept(); len(got) != 2 || len(s.names()) != 2 {
		t.Errorf("then kept are %+v", got)
	}
}

// What was being changed when a connection was removed is there when that is undone.
func TestUndoShowsWhatWasChangedMeanwhile(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	k.close()
	s.writer.changeName(s.details().c, "Ours")
	s.writer.remove(s.details().c.ID)
	k.open()
	s.idle()
	s.press("Undo")
	s.idle()
	if s.title() != "Ours" || s.names()[0] != "Ours" {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A removal that has failed can be tried again. It asks first if the connection was saved since, for that key would go, also if
// the window does not know it yet.
func TestARemovalThatIsTriedAgain(t *testing.T) {
	for _, key := range []string{"", jumpcloudtest.SampleKey, jumpcloudtest.SampleSecondKey} {
		t.Run("saved since: "+key, func(t *testing.T) {
			k := broken(nil)
			keepHere(t, k, jumpcloudtest.SampleKey)
			s := openHere(t, k)
			s.idle()
			s.tap("Larkspur Robotics")
			failToRemove(s, k)
			k.fail(keychain.ErrLocked)
			s.press("Try again")
			if s.idle(); s.dialog() != "" || !s.offers("Try again") {
				t.Fatalf("while it fails, the screen says\n%s", s.screenText())
			}
			k.fail(nil)
			s.clock.advance(time.Minute)
			if key != "" {
				if _, err := s.c.Save(t.Context(), "", credentialsOf(key), s.laterReport(key), connector.Replacing(s.connections.all[0])); err != nil {
					t.Fatal(err)
				}
			}
			s.press("Try again")
			s.idle()
			if asked := s.dialog() != ""; asked != (key != "") {
				t.Fatalf("it is asked: %t", asked)
			}
			if isKept(t, k) != (key != "") {
				t.Error("it is removed without a question, or not at all")
			}
		})
	}
}

// laterReport is a report on a key that is made a minute later.
func (s *stage) laterReport(key string) check.Report {
	report := s.c.Validate(s.t.Context(), credentialsOf(key), func(check.Result) {})
	report.At = report.At.Add(time.Minute)
	return report
}

// A note does not take Undo away, and goes before it.
func TestANoteLeavesUndo(t *testing.T) {
	s := removing(t, keychain.Memory())
	s.tell(noted{"one"})
	s.tell(noted{"another"})
	if !s.offers("Undo") || s.hasLine("one") || !s.hasLine("another") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.pass(noteTime)
	if !s.offers("Undo") || s.hasLine("another") {
		t.Errorf("after the note the screen says\n%s", s.screenText())
	}
	s.tell(noted{"last"})
	s.pass(undoTime - noteTime)
	s.tell(noted{"last"})
	if s.idle(); s.offers("Undo") || !s.hasLine("last") {
		t.Errorf("after the removal the screen says\n%s", s.screenText())
	}
}

// A new name and a new note can be taken back, too: the last change, for as long as a removal.
func TestAChangeCanBeUndone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	change := func(item, text string) {
		t.Helper()
		s.press(item)
		s.types(text)
		s.keys(fyne.KeyReturn)
		s.until("it is changed", func() bool { return s.hasLine(text) && s.offers("Undo") })
		s.idle()
	}
	change("Note…", "Ticket 1")
	change("Note…", "Ticket 2")
	s.press("Undo")
	s.until("the note is back", func() bool { return s.hasLine("Ticket 1") })
	change("Rename…", "Ours")
	s.press("Undo")
	s.until("the name is back", func() bool { return s.title() == "Larkspur Robotics" })
	s.idle()
	if kept := s.kept(); len(kept) != 1 || kept[0].Name != "Larkspur Robotics" || kept[0].Note != "Ticket 1" || s.sees("Undo") {
		t.Errorf("kept are %+v; the screen says\n%s", kept, s.screenText())
	}
	change("Rename…", "Ours")
	s.pass(undoTime)
	if s.sees("Undo") {
		t.Error("it can be undone for longer")
	}
	s.press("Rename…")
	s.keys(fyne.KeyReturn)
	s.settle()
	if s.sees("Undo") {
		t.Error("nothing was changed, and that can be undone")
	}
}

// Each change has an Undo of its own: that of another connection or another text leaves it.
func TestEachChangeCanBeUndone(t *testing.T) {
	s := stageOfTwo(t)
	one, two := s.connections.all[0], s.connections.all[1]
	s.writer.changeName(one, "First")
	s.idle()
	s.writer.changeNote(one, "Ticket 1")
	s.idle()
	s.writer.changeName(two, "Second")
	s.idle()
	if n := len(s.writer.toast.Box.Objects) - 1; n != 3 {
		t.Fatalf("%d can be undone", n)
	}
	s.writer.putBack(one, nameText, "First")
	s.idle()
	for _, c := range s.kept() {
		if c.ID == one.ID && (c.Name != one.Name || c.Note != "Ticket 1") || c.ID == two.ID && c.Name != "Second" {
			t.Errorf("kept is %+v", c)
		}
	}
}

// stageOfTwo opens the window on two connections.
func stageOfTwo(t *testing.T) *stage {
	t.Helper()
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.idle()
	return s
}

// What somebody else has written since is not overwritten, and that is said.
func TestUndoLeavesWhatWasWrittenSince(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.writer.changeName(s.details().c, "Ours")
	s.idle()
	other := connector.New(keychain.New(k, "gui.test"))
	if _, err := other.Rename(t.Context(), s.details().c, "Theirs"); err != nil {
		t.Fatal(err)
	}
	s.press("Undo")
	s.idle()
	if kept := s.kept(); kept[0].Name != "Theirs" || s.title() != "Theirs" || !s.sees("Something else has changed this connection.") {
		t.Errorf("kept are %+v; the screen says\n%s", kept, s.screenText())
	}
}

// A connection of the session that was saved in the keychain is another one there: nothing is offered that would do nothing.
func TestNoUndoForWhatHasMoved(t *testing.T) {
	s := openHere(t, broken(nil))
	keepIn(s, true)
	s.writer.changeName(s.details().c, "Ours")
	s.idle()
	if !s.offers("Undo") {
		t.Fatal("it cannot be undone")
	}
	s.press("Save in the keychain")
	s.idle()
	if s.offers("Undo") || s.title() != "Ours" {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// What is not saved can be put back without the system keychain.
func TestUndoWithoutTheKeychain(t *testing.T) {
	k := broken(nil)
	s := openHere(t, k)
	keepIn(s, true)
	former := s.title()
	k.fail(keychain.ErrLocked)
	s.writer.changeName(s.details().c, "Ours")
	s.idle()
	s.press("Undo")
	s.idle()
	if s.title() != former {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}
