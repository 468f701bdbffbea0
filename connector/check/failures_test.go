package check_test

import (
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/wire"
)

// The facts say how often a request was tried, and how long the server asked to wait. Six requests are made where there were too
// many.
func TestTriesAndWaitsAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		fault *jumpcloudtest.Fault
		cause check.Cause
		tries string
		until string // "" where no wait is asked for
	}{
		"503":                      {jumpcloudtest.Status(503), check.CauseServer, "3", ""},
		"520":                      {jumpcloudtest.Status(520), check.CauseServer, "3", ""},
		"501":                      {jumpcloudtest.Status(501), check.CauseServer, "1", ""},
		"408":                      {jumpcloudtest.Status(408), check.CauseServer, "3", ""},
		"511":                      {jumpcloudtest.Status(511), check.CauseSignIn, "1", ""},
		"503, an hour":             {jumpcloudtest.Waiting(503, "3600"), check.CauseServer, "1", noon.Add(time.Hour).Format(time.RFC3339)},
		"503, 7 s":                 {jumpcloudtest.Waiting(503, "7"), check.CauseServer, "6", noon.Add(7 * time.Second).Format(time.RFC3339)},
		"429, a day":               {jumpcloudtest.Waiting(429, "86400"), check.CauseRateLimited, "1", noon.AddDate(0, 0, 1).Format(time.RFC3339)},
		"429, now":                 {jumpcloudtest.Waiting(429, "0"), check.CauseRateLimited, "6", ""},
		"a connection that breaks": {jumpcloudtest.Drop(), check.CauseBroken, "3", ""},
		"an answer that breaks":    {jumpcloudtest.DropBody(), check.CauseUnreadable, "3", ""},
		"an empty answer":          {jumpcloudtest.Empty(), check.CauseUnreadable, "1", ""},
		"packed, unasked":          {jumpcloudtest.Unasked("br"), check.CauseUnreadable, "1", ""},
		"said to be packed":        {jumpcloudtest.Unasked("gzip"), check.CauseUnreadable, "1", ""},
	} {
		s := newServer(t)
		s.Fail(c.fault)
		r := newValidator(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore).Result(check.IDReachable)
		if r.Cause != c.cause || r.Facts["Tries"] != c.tries || r.Facts["Until"] != c.until {
			t.Errorf("%s: %s %v, want %s, %s tries, until %q", name, r.Cause, r.Facts, c.cause, c.tries, c.until)
		}
	}
}

// The text for support has the network's error, without addresses.
func TestDetailsAreForSupport(t *testing.T) {
	c := validatorOf("https://console.example")
	c.JumpCloud.NewHTTP = func() *http.Client {
		h := impatient()
		h.Transport.(*wire.Retry).Base = failing{&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443},
			Err: os.NewSyscallError("connect", syscall.ENOEXEC)}}
		return h
	}
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	r := report.Result(check.IDReachable)
	if want := "dial: connect: " + syscall.ENOEXEC.Error(); r.Cause != check.CauseUnknown || r.Facts["Detail"] != want {
		t.Errorf("%s with %v, want the detail %q", r.Cause, r.Facts, want)
	}
	if got := report.ForSupport("App 1"); !strings.Contains(got, "detail=dial: connect: ") || strings.Contains(got, "10.1.2.3") {
		t.Errorf("for support:\n%s", got)
	}
}

// What is wrong with a proxy's certificate is told, and that it is the proxy's.
func TestTheFlawOfAProxysCertificateIsTold(t *testing.T) {
	for flaw, want := range map[error]string{wire.ErrCertificate: "", wire.ErrCertificateForm: "form", wire.ErrCertificateName: "name",
		wire.ErrCertificateTime: "time", wire.ErrCertificateUnreadable: "unreadable"} {
		c := validatorOf("https://console.example")
		c.JumpCloud.NewHTTP = func() *http.Client {
			h := impatient()
			h.Transport.(*wire.Retry).Base = failing{&wire.Error{Kind: wire.ErrProxyCertificate, Flaw: flaw, Proxy: "proxy.example:3128"}}
			return h
		}
		r := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore).Result(check.IDReachable)
		if r.Cause != check.CauseProxyCertificate || r.Facts["Flaw"] != want || r.Facts["Proxy"] != "proxy.example:3128" {
			t.Errorf("%v: %s with %v", flaw, r.Cause, r.Facts)
		}
	}
}

// failing is a transport whose every request fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// Facts have whole seconds. A wait is never told to be shorter than it is.
func TestAWaitIsNotToldToBeShorter(t *testing.T) {
	s := newServer(t)
	s.Fail(jumpcloudtest.Waiting(429, "86400"))
	for _, past := range []time.Duration{0, 1, time.Millisecond, 500 * time.Millisecond, time.Second - 1} {
		v := newValidator(s)
		v.Now = func() time.Time { return noon.Add(past) }
		told := v.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore).Result(check.IDReachable).Facts["Until"]
		until, err := time.Parse(time.RFC3339, told)
		if end := v.Now().AddDate(0, 0, 1); err != nil || until.Before(end) || until.Sub(end) >= time.Second {
			t.Errorf("%v past noon: until %q", past, told)
		}
	}
}
