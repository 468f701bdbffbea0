package keychain

import (
	"errors"
	"strconv"
	"strings"
)

// Kinds of an [Error], for errors.Is. If a context ended, the kind is the context's error.
var (
	ErrNotFound     = errors.New("not in the keychain")
	ErrNoService    = errors.New("there is no session bus, which the system keychain needs")
	ErrNoProvider   = errors.New("no system keychain is installed or running")
	ErrNoKeyring    = errors.New("the system keychain has no keyring to store in")
	ErrNotPermitted = errors.New("this program may not use the system keychain")
	ErrLocked       = errors.New("the system keychain is locked")
	ErrTimeout      = errors.New("the system keychain did not answer in time")
	ErrDamaged      = errors.New("the stored value is damaged")
	ErrIncomplete   = errors.New("the list of stored values is not complete")
	ErrGone         = errors.New("another program has deleted it from the keychain")
	ErrExists       = errors.New("the entry exists already")
	ErrNewer        = errors.New("stored by a newer version of this program")
	ErrNotSaved     = errors.New("the system keychain reported success but did not store or delete the value")
	ErrTooBig       = errors.New("too big for the system keychain")
	ErrBusy         = errors.New("another process is changing what is stored")
	ErrFailed       = errors.New("the system keychain failed")
)

// Error is a failed operation. It never contains a value.
type Error struct {
	Op   string // the operation: get, put, delete or wipe
	Name string // of the entry; empty if the operation was for all entries
	Kind error  // one of this package's Err variables, or a context's error
	Err  error  // the backend's error; nil if this package found the failure
}

// Error returns the operation, the entry, the kind and the backend's error in one line.
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

// Unwrap returns the kind and the backend's error.
func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// newError returns the Error for cause, which is a kind or the backend's error.
func newError(op, name string, cause error) *Error {
	e := &Error{Op: op, Name: name, Kind: classify(cause)}
	if cause != e.Kind {
		e.Err = cause
	}
	return e
}

// tellTale is how many bytes in a row of a stored text an error may not repeat.
const tellTale = 8

// discreet returns err, or only its kind if its message repeats a line or a piece of the text that was stored.
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
