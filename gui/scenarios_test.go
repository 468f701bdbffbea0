package gui

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/gui/words"
)

// scenario is how an outcome comes about: what is entered, and what is wrong with JumpCloud or the network. The key is
// the sample's good one unless told.
type scenario struct {
	check            connector.CheckID
	key, org, region string
	noKey            bool
	fault            *jumpcloudtest.Fault
	with             *jumpcloudtest.Key // a key that JumpCloud knows
	clock            time.Duration      // how far JumpCloud's clock is off
	options          func(*testing.T, *jumpcloudtest.Server) []connector.Option
	then             func(*stage) // what is done once the checks have ended
	do               func(*stage) // in place of entering a key and waiting until the checks have ended
}

// owned is a key of the sample's first organization.
func owned(change func(*jumpcloudtest.Key)) *jumpcloudtest.Key {
	k := jumpcloudtest.Key{Value: "jca_TESTscenario0000000000000000000000000001", Email: "dana@larkspur.example",
		Role: jumpcloudtest.RoleReadOnly, MFA: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}, Created: time.Now().AddDate(0, -2, 0)}
	change(&k)
	return &k
}

// at has the program look for JumpCloud at another address.
func at(address string) func(*testing.T, *jumpcloudtest.Server) []connector.Option {
	return func(*testing.T, *jumpcloudtest.Server) []connector.Option {
		return []connector.Option{connector.WithRegions(jumpcloud.Region{ID: "us", Console: address})}
	}
}

// over puts a changed transport below the requests to an address.
func over(address string, change func(*http.Transport)) []connector.Option {
	return []connector.Option{connector.WithRegions(jumpcloud.Region{ID: "us", Console: address}),
		connector.WithHTTPClient(func() *http.Client { return impatient(change) })}
}

// proxied sends requests by way of a proxy that answers every request for a tunnel with this status.
func proxied(status int) func(*testing.T, *jumpcloudtest.Server) []connector.Option {
	return func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(proxy.Close)
		return over("https://console.example", func(h *http.Transport) { h.Proxy = proxyAt(proxy.URL) })
	}
}

func proxyAt(address string) func(*http.Request) (*url.URL, error) {
	return func(*http.Request) (*url.URL, error) { return url.Parse(address) }
}

// encrypted is a JumpCloud over https. Its certificate is trusted if the computer's clock is given, and looked at by it.
func encrypted(host string, clock time.Time) func(*testing.T, *jumpcloudtest.Server) []connector.Option {
	return func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		s := jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())
		t.Cleanup(s.Close)
		address := strings.Replace(s.URL, "127.0.0.1", host, 1)
		if clock.IsZero() {
			return over(address, nil)
		}
		return append(over(address, func(h *http.Transport) {
			h.TLSClientConfig.RootCAs = x509.NewCertPool()
			h.TLSClientConfig.RootCAs.AddCert(s.Certificate())
			h.TLSClientConfig.Time = func() time.Time { return clock }
		}), connector.WithClock(func() time.Time { return clock }))
	}
}

// unix is a failed connection with the system's own error: this number, or that one on Windows.
func unix(number, windows syscall.Errno) error {
	if runtime.GOOS == "windows" {
		number = windows
	}
	return os.NewSyscallError("connect", number)
}

// undialled has every connection fail with an error.
func undialled(err error) func(*testing.T, *jumpcloudtest.Server) []connector.Option {
	return func(*testing.T, *jumpcloudtest.Server) []connector.Option {
		return over("https://console.example", func(h *http.Transport) {
			h.DialContext = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
			}
		})
	}
}

// shaking has a server shake hands as the config says, with a certificate that is trusted.
func shaking(config *tls.Config) func(*testing.T, *jumpcloudtest.Server) []connector.Option {
	return func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		address, end := jumpcloudtest.Handshakes(config)
		t.Cleanup(end)
		_, port, _ := net.SplitHostPort(address)
		return over("https://localhost:"+port, func(h *http.Transport) {
			h.TLSClientConfig.RootCAs = x509.NewCertPool()
			if c, err := x509.ParseCertificate(config.Certificates[0].Certificate[0]); err == nil {
				h.TLSClientConfig.RootCAs.AddCert(c)
			}
		})
	}
}

// regionless makes the key known in Europe only.
func regionless(t *testing.T, s *jumpcloudtest.Server) []connector.Option {
	us := jumpcloudtest.New(jumpcloudtest.World{})
	t.Cleanup(us.Close)
	return []connector.Option{connector.WithRegions(jumpcloud.Region{ID: "us", Console: us.URL}, jumpcloud.Region{ID: "eu", Console: s.URL})}
}

// indiaSilent has two regions, of which the second cannot be asked.
func indiaSilent(_ *testing.T, s *jumpcloudtest.Server) []connector.Option {
	return []connector.Option{connector.WithRegions(jumpcloud.Region{ID: "us", Console: s.URL}, jumpcloud.Region{ID: "in", Console: "https://127.0.0.1:1"})}
}

// stored keeps the sample's connection, has something happen, and checks it again.
func stored(meanwhile func(*stage)) func(*stage) {
	return func(s *stage) {
		s.typeKey(jumpcloudtest.SampleKey)
		s.shown()
		meanwhile(s)
		s.details().start()
		s.until("the connection is checked again", func() bool { return !s.details().stop.Visible() })
	}
}

// scenarios has one for every outcome that there is.
var scenarios = map[connector.Cause]scenario{
	connector.CauseEntriesGood:     {check: connector.CheckEntries},
	connector.CauseEntriesRepaired: {check: connector.CheckEntries, key: "\u200b x-api-key: \"" + jumpcloudtest.SampleKey + "\" \r\n"},
	connector.CauseKeyMissing:      {check: connector.CheckEntries, noKey: true, do: func(s *stage) { s.form.submit(); s.checked() }},
	connector.CauseEntriesLeftOut:  {check: connector.CheckEntries, key: "API key: " + jumpcloudtest.SampleKey},
	connector.CauseKeySeveral:      {check: connector.CheckEntries, key: jumpcloudtest.SampleKey + " " + jumpcloudtest.SampleRevokedKey, do: rested},
	connector.CauseKeyIsText:       {check: connector.CheckEntries, key: "the key that was mailed", do: rested},
	connector.CauseOrganizationDiffers: {check: connector.CheckEntries, org: jumpcloudtest.OrganizationID(2),
		key: jumpcloudtest.SampleKey + " " + jumpcloudtest.OrganizationID(1), do: rested},
	connector.CauseSwapped: {check: connector.CheckEntries, noKey: true, do: func(s *stage) {
		s.form.key.SetText(jumpcloudtest.OrganizationID(1))
		s.form.organization.SetText(jumpcloudtest.SampleKey)
		s.pass(typingPause)
	}},
	connector.CauseKeyIsOrganizationID:   {check: connector.CheckEntries, key: jumpcloudtest.OrganizationID(1), do: rested},
	connector.CauseKeyIsControlMap:       {check: connector.CheckEntries, key: strings.Repeat("0123abcd-", 7) + "0123abcd", do: rested},
	connector.CauseKeyIsOther:            {check: connector.CheckEntries, key: "ghp_TEST0000000000000000000000000000000000", do: rested},
	connector.CauseKeyUnreadable:         {check: connector.CheckEntries, key: "pâssword", do: rested},
	connector.CauseKeyTooLong:            {check: connector.CheckEntries, key: strings.Repeat("k", 513), do: rested},
	connector.CauseKeyUnusual:            {check: connector.CheckEntries, key: "TESTunusual", do: func(s *stage) { rested(s); s.form.submit(); s.checked() }},
	connector.CauseOrganizationIsKey:     {check: connector.CheckEntries, org: jumpcloudtest.SampleKey, do: rested},
	connector.CauseOrganizationMalformed: {check: connector.CheckEntries, org: "Larkspur", do: rested},

	connector.CauseReachable: {check: connector.CheckReachable},
	connector.CauseRegionUnknown: {check: connector.CheckReachable, noKey: true, do: stored(func(s *stage) {
		other := connector.WithRegions(jumpcloud.Region{ID: "elsewhere", Console: s.server.URL})
		other(s.c)
	})},
	connector.CauseNameNotFound: {check: connector.CheckReachable, options: at("https://jumpcloud.invalid")},
	// A computer without a network, one that is worn out, and one that forbids it cannot be had here: the errors are those that
	// the system gives, or none that anybody knows.
	connector.CauseNoRoute:      {check: connector.CheckReachable, options: undialled(unix(syscall.ENETUNREACH, 10051))},
	connector.CauseNotPermitted: {check: connector.CheckReachable, options: undialled(unix(syscall.EACCES, 10013))},
	connector.CauseExhausted:    {check: connector.CheckReachable, options: undialled(unix(syscall.EMFILE, 10024))},
	connector.CauseUnknown:      {check: connector.CheckReachable, options: undialled(errors.New("the moon is in the wrong house"))},
	connector.CauseUnreachable:  {check: connector.CheckReachable, options: at("https://127.0.0.1:1")},
	connector.CauseBroken:       {check: connector.CheckReachable, fault: jumpcloudtest.Drop()},
	connector.CauseProxyUnreadable: {check: connector.CheckReachable, options: func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		t.Setenv("HTTPS_PROXY", "http://dana:p%zz@proxy.example:3128")
		return over("https://console.example", nil)
	}},
	connector.CauseProxyFailed: {check: connector.CheckReachable, options: proxied(http.StatusBadGateway)},
	connector.CauseProxyBroke:  {check: connector.CheckReachable, options: proxied(http.StatusNoContent)},
	connector.CauseProxyCertificate: {check: connector.CheckReachable, options: func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		proxy := jumpcloudtest.NewTLS(jumpcloudtest.World{})
		t.Cleanup(proxy.Close)
		return over("https://console.example", func(h *http.Transport) { h.Proxy = proxyAt(proxy.URL) })
	}},
	connector.CauseProxyLogin:   {check: connector.CheckReachable, options: proxied(http.StatusProxyAuthRequired)},
	connector.CauseProxyRefused: {check: connector.CheckReachable, options: proxied(http.StatusForbidden)},
	connector.CauseProxyUnreachable: {check: connector.CheckReachable, options: func(*testing.T, *jumpcloudtest.Server) []connector.Option {
		return over("https://console.example", func(h *http.Transport) { h.Proxy = proxyAt("http://proxxy.invalid:3128") })
	}},
	connector.CauseCertificate:        {check: connector.CheckReachable, options: encrypted("127.0.0.1", time.Time{})},
	connector.CauseCertificateName:    {check: connector.CheckReachable, options: encrypted("localhost", time.Now())},
	connector.CauseCertificateExpired: {check: connector.CheckReachable, options: encrypted("127.0.0.1", time.Now().AddDate(200, 0, 0))},
	connector.CauseClockBehind:        {check: connector.CheckReachable, options: encrypted("127.0.0.1", time.Date(1969, time.May, 1, 0, 0, 0, 0, time.UTC))},
	connector.CauseNotTLS: {check: connector.CheckReachable, options: func(_ *testing.T, s *jumpcloudtest.Server) []connector.Option {
		return over(strings.Replace(s.URL, "http:", "https:", 1), nil)
	}},
	connector.CauseCertificateForm: {check: connector.CheckReachable, options: shaking(&tls.Config{Certificates: []tls.Certificate{
		jumpcloudtest.Certificate(func(c *x509.Certificate) { c.IPAddresses, c.Subject.CommonName = nil, "localhost" })}})},
	connector.CauseCertificateBroken: {check: connector.CheckReachable, options: shaking(&tls.Config{
		Certificates: []tls.Certificate{jumpcloudtest.IllegalCertificate()}})},
	connector.CauseTLSRefused: {check: connector.CheckReachable, options: shaking(&tls.Config{
		Certificates: []tls.Certificate{jumpcloudtest.Certificate(nil)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})},
	connector.CauseSignIn:       {check: connector.CheckReachable, fault: jumpcloudtest.CaptivePortal()},
	connector.CauseFiltered:     {check: connector.CheckReachable, fault: jumpcloudtest.FilterPage()},
	connector.CauseProtected:    {check: connector.CheckReachable, fault: jumpcloudtest.Protected()},
	connector.CauseNotJumpCloud: {check: connector.CheckReachable, fault: jumpcloudtest.ForeignPage()},
	connector.CauseKeyRemoved:   {check: connector.CheckReachable, fault: jumpcloudtest.Redirect("/login")},
	connector.CauseMoved:        {check: connector.CheckReachable, fault: jumpcloudtest.Redirect("/elsewhere")},
	connector.CauseRedirected:   {check: connector.CheckReachable, fault: jumpcloudtest.Redirect("https://elsewhere.example/")},
	connector.CauseBlocked:      {check: connector.CheckReachable, fault: jumpcloudtest.Blocked()},
	connector.CauseRateLimited:  {check: connector.CheckReachable, fault: jumpcloudtest.RateLimited(90 * time.Second)},
	connector.CauseTimeout: {check: connector.CheckReachable, fault: jumpcloudtest.Hang(),
		options: func(*testing.T, *jumpcloudtest.Server) []connector.Option {
			return []connector.Option{connector.WithLimits(50*time.Millisecond, time.Minute)}
		}},
	connector.CauseSubscription: {check: connector.CheckReachable, fault: jumpcloudtest.NotLicensed()},
	connector.CauseServer:       {check: connector.CheckReachable, fault: jumpcloudtest.Status(503)},
	connector.CauseContract:     {check: connector.CheckReachable, fault: jumpcloudtest.WrongType()},
	connector.CauseUnreadable:   {check: connector.CheckReachable, fault: jumpcloudtest.Empty()},
	connector.CauseInsecure:     {check: connector.CheckReachable, options: at("http://console.jumpcloud.example")},
	connector.CauseUnexpected:   {check: connector.CheckReachable, fault: jumpcloudtest.Status(418)},

	connector.CauseClock:        {check: connector.CheckClock},
	connector.CauseClockOff:     {check: connector.CheckClock, clock: -7 * time.Minute},
	connector.CauseClockUnknown: {check: connector.CheckClock, fault: jumpcloudtest.Undated()},

	connector.CauseKeyAccepted: {check: connector.CheckKey},
	connector.CauseKeyElsewhere: {check: connector.CheckKey, region: "us", options: regionless, then: func(s *stage) {
		press(s.t, s.row(connector.CheckKey).button, words.Text("help.all_regions"))
		s.shown()
	}},
	connector.CauseKeyUnknown:       {check: connector.CheckKey, key: jumpcloudtest.SampleRevokedKey},
	connector.CauseKeyUnknownPartly: {check: connector.CheckKey, key: jumpcloudtest.SampleRevokedKey, options: indiaSilent},
	connector.CauseKeyUnknownHere:   {check: connector.CheckKey, region: "us", options: regionless},
	connector.CauseKeyStopped: {check: connector.CheckKey, noKey: true, do: stored(func(s *stage) {
		s.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	})},
	connector.CauseRoleRefused: {check: connector.CheckKey, key: jumpcloudtest.SampleCommandRunnerKey},
	connector.CauseCommandRunner: {check: connector.CheckKey, with: owned(func(k *jumpcloudtest.Key) {
		k.Role, k.TellsSelf = jumpcloudtest.RoleCommandRunner, true
	})},
	connector.CauseBillingOnly: {check: connector.CheckKey, with: owned(func(k *jumpcloudtest.Key) {
		k.Role, k.TellsSelf = jumpcloudtest.RoleBillingOnly, true
	})},
	connector.CauseAPIAccessOff: {check: connector.CheckKey, with: owned(func(k *jumpcloudtest.Key) { k.APIAccessOff, k.TellsSelf = true, true })},
	connector.CauseSuspended:    {check: connector.CheckKey, with: owned(func(k *jumpcloudtest.Key) { k.Suspended, k.TellsSelf = true, true })},

	connector.CauseOrganization:        {check: connector.CheckOrganization},
	connector.CauseOrganizationUnnamed: {check: connector.CheckOrganization, org: jumpcloudtest.OrganizationID(1), with: owned(func(k *jumpcloudtest.Key) { k.ServiceAccount = true })},
	connector.CauseOrganizationUntold:  {check: connector.CheckOrganization, with: owned(func(k *jumpcloudtest.Key) { k.ServiceAccount = true })},
	connector.CauseChoose:              {check: connector.CheckOrganization, key: jumpcloudtest.SampleMultiTenantKey},
	connector.CauseNeeded:              {check: connector.CheckOrganization, fault: jumpcloudtest.NoOrganizationSelected()},
	connector.CauseNotListed: {check: connector.CheckOrganization, key: jumpcloudtest.SampleMultiTenantKey, org: jumpcloudtest.OrganizationID(2),
		fault: jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503))},
	connector.CauseNotOpened:      {check: connector.CheckOrganization, org: jumpcloudtest.OrganizationID(2)},
	connector.CauseNoOrganization: {check: connector.CheckOrganization, with: owned(func(k *jumpcloudtest.Key) { k.Organizations = nil })},

	connector.CauseCounted:         {check: connector.CheckGroups},
	connector.CausePeople:          {check: connector.CheckPeople},
	connector.CauseDevices:         {check: connector.CheckDevices},
	connector.CauseAdministrators:  {check: connector.CheckAdministrators},
	connector.CauseDatasetRefused:  {check: connector.CheckDevices, with: owned(func(k *jumpcloudtest.Key) { k.Role, k.Refused = "Auditor", []string{"/api/systems"} })},
	connector.CauseDatasetWithheld: {check: connector.CheckDevices, with: owned(func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/systems"} })},
	connector.CauseDatasetDenied:   {check: connector.CheckDevices, fault: jumpcloudtest.Unauthorized().On("/api/systems")},
	connector.CauseDatasetMissing:  {check: connector.CheckPeople, fault: jumpcloudtest.Status(404).On("/api/systemusers")},
	connector.CauseDatasetUntold:   {check: connector.CheckAdministrators, fault: jumpcloudtest.Status(404).On("/api/users")},
	connector.CauseNotLicensed:     {check: connector.CheckDiskEncryption, key: jumpcloudtest.SampleAdministratorKey},

	connector.CauseRole:           {check: connector.CheckRole},
	connector.CauseRoleCustom:     {check: connector.CheckRole, with: owned(func(k *jumpcloudtest.Key) { k.Role = "Auditor" })},
	connector.CauseRolePrivileged: {check: connector.CheckRole, key: jumpcloudtest.SampleAdministratorKey},
	connector.CauseNotTold:        {check: connector.CheckMFA, fault: jumpcloudtest.Status(500).On("/api/users/getSelf")},
	connector.CauseRoleUnreadable: {check: connector.CheckRole, fault: jumpcloudtest.Forbidden().On("/api/users/getSelf")},
	connector.CauseMFA:            {check: connector.CheckMFA},
	connector.CauseMFAOff:         {check: connector.CheckMFA, key: jumpcloudtest.SampleAdministratorKey},
	connector.CauseMFAUnknown: {check: connector.CheckMFA, with: owned(func(k *jumpcloudtest.Key) {
		k.Odd = map[string]any{"enableMultiFactor": nil, "totpEnrolled": "yes"}
	})},
	connector.CauseKeyAge:        {check: connector.CheckKeyAge},
	connector.CauseKeyOld:        {check: connector.CheckKeyAge, with: owned(func(k *jumpcloudtest.Key) { k.Created = time.Now().AddDate(-2, 0, 0) })},
	connector.CauseKeyFromFuture: {check: connector.CheckKeyAge, with: owned(func(k *jumpcloudtest.Key) { k.Created = time.Now().AddDate(0, 0, 5) })},
	connector.CauseKeyEnd:        {check: connector.CheckKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.Expires = time.Now().AddDate(0, 0, 60) })},
	connector.CauseKeyEnded:      {check: connector.CheckKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.Expires, k.OutlivesEnd = time.Now().AddDate(0, 0, -2), true })},
	connector.CauseKeyEndless:    {check: connector.CheckKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.TellsNoEnd = true })},
	connector.CauseKeyEndUnknown: {check: connector.CheckKeyEnd, with: owned(func(*jumpcloudtest.Key) {})},
	connector.CauseKeyExpires:    {check: connector.CheckKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.Expires = time.Now().AddDate(0, 0, 9) })},
	connector.CauseKeyAgeUnknown: {check: connector.CheckKeyAge, with: owned(func(k *jumpcloudtest.Key) { k.Created = time.Time{} })},

	connector.CauseDependency: {check: connector.CheckPeople, key: jumpcloudtest.SampleRevokedKey},
	connector.CauseCancelled: {check: connector.CheckPeople, noKey: true, fault: jumpcloudtest.Hang(), do: func(s *stage) {
		s.typeKey(jumpcloudtest.SampleKey)
		s.until("the checks run", func() bool { return s.row(connector.CheckReachable).shown.State == connector.Running })
		s.form.stop()
		s.checked()
	}},
}

// rested lets the typing rest, for what is said without a request.
func rested(s *stage) { s.pass(typingPause) }

// run has the scenario come about in the window.
func (c scenario) run(s *stage) {
	if c.region != "" {
		s.form.region.setID(c.region)
	}
	s.form.organization.SetText(c.org)
	if c.key == "" && !c.noKey {
		c.key = jumpcloudtest.SampleKey
	}
	if c.with != nil {
		s.server.SetKey(*c.with)
		c.key = c.with.Value
	}
	if c.do != nil {
		s.form.key.SetText(c.key)
		c.do(s)
		return
	}
	s.typeKey(c.key)
	s.until("the checks have ended, and what works is saved", func() bool {
		return !s.formShown() || len(s.form.report.Results) > 0 && !s.form.cancelButton.Visible()
	})
	if c.then != nil {
		c.then(s)
	}
}
