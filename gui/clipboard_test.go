package gui

import (
	"errors"
	"slices"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// A display that takes its time keeps the window waiting for nothing, and what was copied last is what stays.
func TestTheDisplayTakesItsTimeToCopy(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	begun, free := make(chan bool), make(chan bool)
	var copied, said []string
	s.clipboard.marked = func(what secret.Secret) error {
		begun <- true
		<-free
		copied = append(copied, what.Reveal())
		return nil
	}
	put := func(what string) {
		s.clipboard.put(secret.New(what), func(bool) { said = append(said, what) }, func() {})
	}
	put("first")
	<-begun
	put("second")
	put("third")
	go func() { <-begun }()
	close(free)
	s.until("the last one is copied", func() bool { return slices.Equal(said, []string{"third"}) })
	if !slices.Equal(copied, []string{"first", "third"}) {
		t.Errorf("copied: %q", copied)
	}
}

// Where the secret cannot be marked as one, it is copied all the same, and the user is told.
func TestCopyWithoutTheMark(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	for _, c := range []struct {
		err  error
		says string
	}{{errors.New("there is none"), "status.copied_unmarked"}, {nil, "status.copied"}} {
		s.clipboard.marked = func(secret.Secret) error { return c.err }
		s.details().key.toClipboard()
		s.until("it says "+c.says, func() bool { return s.details().note.Text == text(c.says, facts{"Seconds": "45"}) })
	}
}
