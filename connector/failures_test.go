package connector_test

import (
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// How often was tried, and how long a server asks to wait, is told as it was.
// Where there were too many requests, six are made.
func TestTriesAndWaitsAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		fault *jumpcloudtest.Fault
		cause connector.Cause
		tries string
		until string // "" where no wait is asked for
	}{
		"503":                      {jumpcloudtest.Status(503), connector.CauseServer, "3", ""},
		"520":                      {jumpcloudtest.Status(520), connector.CauseServer, "3", ""},
		"501":                      {jumpcloudtest.Status(501), connector.CauseServer, "1", ""},
		"408":                      {jumpcloudtest.Status(408), connector.CauseServer, "3", ""},
		"511":                      {jumpcloudtest.Status(511), connector.CauseSignIn, "1", ""},
		"503, an hour":             {jumpcloudtest.Waiting(503, "3600"), connector.CauseServer, "1", noon.Add(time.Hour).Format(time.RFC3339)},
		"503, 7 s":                 {jumpcloudtest.Waiting(503, "7"), connector.CauseServer, "6", noon.Add(7 * time.Second).Format(time.RFC3339)},
		"429, a day":               {jumpcloudtest.Waiting(429, "86400"), connector.CauseRateLimited, "1", noon.AddDate(0, 0, 1).Format(time.RFC3339)},
		"429, now":                 {jumpcloudtest.Waiting(429, "0"), connector.CauseRateLimited, "6", ""},
		"a connection that breaks": {jumpcloudtest.Drop(), connector.CauseBroken, "3", ""},
		"an answer that breaks":    {jumpcloudtest.DropBody(), connector.CauseUnreadable, "3", ""},
		"an empty answer":          {jumpcloudtest.Empty(), connector.CauseUnreadable, "1", ""},
		"packed, unasked":          {jumpcloudtest.Unasked("br"), connector.CauseUnreadable, "1", ""},
		"said to be packed":        {jumpcloudtest.Unasked("gzip"), connector.CauseUnreadable, "1", ""},
	} {
		s := newServer(t)
		s.Fail(c.fault)
		r := newConnector(keychain.Memory(), s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore).Result(connector.CheckReachable)
		if r.Cause != c.cause || r.Facts["Tries"] != c.tries || r.Facts["Until"] != c.until {
			t.Errorf("%s: %s %v, want %s, %s tries, until %q", name, r.Cause, r.Facts, c.cause, c.tries, c.until)
		}
	}
}

// What the network said is in the text for support, without its addresses.
func TestDetailsAreForSupport(t *testing.T) {
	c := newConnector(keychain.Memory())
	connector.WithRegions(jumpcloud.Region{ID: "us", Console: "https://console.example"})(c)
	connector.WithHTTPClient(func() *http.Client {
		h := impatient()
		h.Transport.(*jumpcloud.Retry).Base = failing{&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443},
			Err: os.NewSyscallError("connect", syscall.ENOEXEC)}}
		return h
	})(c)
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	r := report.Result(connector.CheckReachable)
	if want := "dial: connect: " + syscall.ENOEXEC.Error(); r.Cause != connector.CauseUnknown || r.Facts["Detail"] != want {
		t.Errorf("%s with %v, want the detail %q", r.Cause, r.Facts, want)
	}
	if got := report.ForSupport("App 1"); !strings.Contains(got, "detail=dial: connect: ") || strings.Contains(got, "10.1.2.3") {
		t.Errorf("for support:\n%s", got)
	}
}

// failing is a transport whose every request fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
