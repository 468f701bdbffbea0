package keychain

import (
	"errors"
	"strconv"
	"strings"
)

// The kinds of failures, for errors.Is. A failure because a context ended has that context's error as its kind.
var (
	ErrNotFound     = errors.New("not in the keychain")
	ErrNoService    = errors.New("no session bus to reach the system keychain by")
	ErrNoProvider   = errors.New("no system keychain is installed or running")
	ErrNoKeyring    = errors.New("the system keychain has no keyring to store in")
	ErrNotPermitted = errors.New("this program may not use the system keychain")
	ErrLocked       = errors.New("the system keychain is locked")
	ErrTimeout      = errors.New("the system keychain did not answer in time")
	ErrDamaged      = errors.New("the stored value is damaged")
	ErrIncomplete   = errors.New("the list of what is stored lacks some of it")
	ErrGone         = errors.New("something else has deleted it from the keychain")
	ErrExists       = errors.New("there is such an entry already")
	ErrNewer        = errors.New("stored by a newer version of this program")
	ErrNotSaved     = errors.New("the system keychain did not do what it confirmed")
	ErrTooBig       = errors.New("too big for the system keychain")
	ErrBusy         = errors.New("another process is changing what is stored")
	ErrFailed       = errors.New("the system keychain failed")
)

// Error says what failed. It never contains a value.
type Error struct {
	Op   string // what was being done: get, put, delete or wipe
	Name string // of the entry; empty if it was about all of them
	Kind error  // one of this package's Err variables, or a context's error
	Err  error  // what the backend said; nil if the failure was found by this package
}

// Error returns what was being done, the entry, the kind and the cause, in one line.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("keychain: " + e.Op)
	if e.Name != "" {
		text.WriteString(" " + strconv.Quote(e.Name))
	}
	for _, err := range e.Unwrap() {
		text.WriteString(": " + err.Error())
	}
	return text.String()
}

// Unwrap returns the kind and the cause, as far as there are.
func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// newError makes the Error for cause, which is a kind itself or what the backend said.
func newError(op, name string, cause error) *Error {
	e := &Error{Op: op, Name: name, Kind: classify(cause)}
	if cause != e.Kind {
		e.Err = cause
	}
	return e
}

// tellTale is how many bytes in a row of a text an error may not repeat: fewer say little, and more would let through
// what was cut off.
const tellTale = 8

// discreet returns err, which is about storing text, or only its kind if its words repeat the text, a line of it, or
// a piece.
func discreet(err error, text string) error {
	message := err.Error()
	for n := range len(message) - tellTale + 1 {
		if strings.Contains(text, message[n:n+tellTale]) {
			return classify(err)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		quoted := strconv.Quote(line)
		if line != "" && (strings.Contains(message, line) || strings.Contains(message, quoted[1:len(quoted)-1])) {
			return classify(err)
		}
	}
	return err
}
