package connector_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

const panicVariable = "CONNECTOR_TEST_PANIC"

// panicking is a keychain that panics at one kind of call, with what it was given.
type panicking struct {
	keychain.Backend
	at string
}

func (p panicking) Get(service, user string) (string, error) {
	text, err := p.Backend.Get(service, user)
	if p.at == "get" && strings.HasPrefix(user, "key/") {
		panic("the library read " + text)
	}
	return text, err
}

func (p panicking) Set(service, user, text string) error {
	if p.at == "set" && strings.HasPrefix(user, "key/") {
		panic("the library was to write " + text)
	}
	return p.Backend.Set(service, user, text)
}

// panickingTransport panics with a request that bears the key at hand.
type panickingTransport struct{}

func (panickingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	panic(req)
}

// places are where a program may panic while it holds a key.
var places = map[string]func(t *testing.T, c *connector.Connector, key check.Credentials, kept connector.Connection){
	"while a request is sent": func(t *testing.T, c *connector.Connector, key check.Credentials, _ connector.Connection) {
		connector.WithHTTPClient(func() *http.Client { return &http.Client{Transport: &wire.Retry{Base: panickingTransport{}}} })(c)
		c.Validate(t.Context(), key, ignore)
	},
	"while it is told of a check": func(t *testing.T, c *connector.Connector, key check.Credentials, _ connector.Connection) {
		c.Validate(t.Context(), key, func(check.Result) { panic(key) })
	},
	"while a kept key is checked": func(t *testing.T, c *connector.Connector, _ check.Credentials, kept connector.Connection) {
		_, _ = c.Check(t.Context(), kept.ID, func(r check.Result) { panic(&r) })
	},
	"with a key that was read": func(t *testing.T, c *connector.Connector, _ check.Credentials, kept connector.Connection) {
		key, _ := c.APIKey(t.Context(), kept.ID)
		panic(key)
	},
	"with a report that can be gone on from": func(t *testing.T, c *connector.Connector, key check.Credentials, _ connector.Connection) {
		panic(c.Validate(t.Context(), key, ignore))
	},
	"with an error that repeats it": func(*testing.T, *connector.Connector, check.Credentials, connector.Connection) {
		panic(secret.New(jumpcloudtest.SampleKey))
	},
}

// A program that dies of a panic prints where it was, and its arguments as numbers: never a key.
func TestPanicsHoldNoKey(t *testing.T) {
	if place := os.Getenv(panicVariable); place != "" {
		s := newServer(t)
		c := newConnector(keychain.Memory(), s)
		key := with(jumpcloudtest.SampleKey)
		places[place](t, c, key, save(t, c, "Ours", key))
		return
	}
	for place := range places {
		for _, traceback := range []string{"single", "system"} {
			process := exec.Command(os.Args[0], "-test.run=^TestPanicsHoldNoKey$")
			process.Env = append(os.Environ(), panicVariable+"="+place, "GOTRACEBACK="+traceback)
			out, err := process.CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte("panic: ")) || !bytes.Contains(out, []byte("goroutine ")) {
				t.Errorf("%s: there was no panic: %v\n%s", place, err, out)
			}
			holdsNoKey(t, place, string(out))
		}
	}
}

// A keychain library that panics with what it was given ends in an error, which does not repeat it.
func TestPanicsOfTheKeychainHoldNoKey(t *testing.T) {
	s := newServer(t)
	for _, at := range []string{"get", "set"} {
		k := &panicking{Backend: keychain.Memory()}
		c := newConnector(k, s)
		kept := save(t, c, "Ours", with(jumpcloudtest.SampleAdministratorKey))
		k.at = at
		report := validated(t, c, with(jumpcloudtest.SampleKey))
		_, saving := c.Save(t.Context(), "Ours", with(jumpcloudtest.SampleKey), report)
		_, reading := c.APIKey(t.Context(), kept.ID)
		if saving == nil || at == "get" && reading == nil {
			t.Errorf("%s: no error", at)
		}
		for _, err := range []error{saving, reading} {
			if err != nil {
				holdsNoKey(t, at, err.Error())
			}
		}
	}
}

// holdsNoKey looks for a key, or a piece of one that is more than a word, which the names of functions have too.
func holdsNoKey(t *testing.T, what, text string) {
	t.Helper()
	for _, key := range []string{jumpcloudtest.SampleKey, jumpcloudtest.SampleAdministratorKey} {
		for i := range len(key) - 12 {
			if piece := key[i : i+12]; strings.Contains(text, piece) && strings.ContainsAny(piece, "_0123456789") && strings.Trim(piece, "0") != "" {
				t.Fatalf("%s: %q of the key is in\n%s", what, piece, text)
			}
		}
	}
}
