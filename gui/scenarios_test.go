package gui

import (
	"cmp"
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

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// scenario is how an outcome comes about: what is entered, and what is wrong with JumpCloud or the network. The key is
// the sample's good one unless told.
type scenario struct {
	check            check.ID
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
		s.press("Check again")
		s.checked()
		s.makeSure()
	}
}

// shownByAnother keeps two connections to an organization, and has something happen to the key of the first: the second key shows it.
func shownByAnother(happens func(*jumpcloudtest.Server)) func(*stage) {
	return stored(func(s *stage) {
		credentials := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleSecondKey)}
		report := s.c.Validate(s.t.Context(), credentials, func(check.Result) {})
		if _, err := s.c.Save(s.t.Context(), "", credentials, report, connector.KeepingBoth()); err != nil {
			s.t.Fatal(err)
		}
		s.reread()
		s.settle()
		happens(s.server)
	})
}

// refuses has JumpCloud refuse the sample's key. Its administrator has another role then, unless role is empty.
func refuses(f *jumpcloudtest.Fault, role string) func(*jumpcloudtest.Server) {
	return func(s *jumpcloudtest.Server) {
		k := jumpcloudtest.SampleWorld().Keys[0]
		k.Fault, k.Role = f, cmp.Or(role, k.Role)
		s.SetKey(k)
	}
}

// scenarios has one for every outcome that there is.
var scenarios = map[check.Cause]scenario{
	check.CauseEntriesGood:     {check: check.IDEntries},
	check.CauseEntriesRepaired: {check: check.IDEntries, key: "\u200b x-api-key: \"" + jumpcloudtest.SampleKey + "\" \r\n"},
	check.CauseKeyMissing:      {check: check.IDEntries, noKey: true, do: func(s *stage) { s.submit(); s.checked() }},
	check.CauseEntriesLeftOut:  {check: check.IDEntries, key: "API key: " + jumpcloudtest.SampleKey},
	check.CauseKeySeveral:      {check: check.IDEntries, key: jumpcloudtest.SampleKey + " " + jumpcloudtest.SampleRevokedKey, do: rested},
	check.CauseKeyIsText:       {check: check.IDEntries, key: "the key that was mailed", do: rested},
	check.CauseOrganizationDiffers: {check: check.IDEntries, org: jumpcloudtest.OrganizationID(2),
		key: jumpcloudtest.SampleKey + " " + jumpcloudtest.OrganizationID(1), do: rested},
	check.CauseSwapped: {check: check.IDEntries, noKey: true, do: func(s *stage) {
		s.fill("API key", jumpcloudtest.OrganizationID(1))
		s.fill("Organization ID", jumpcloudtest.SampleKey)
		s.pass(typingPause)
	}},
	check.CauseKeyIsOrganizationID:   {check: check.IDEntries, key: jumpcloudtest.OrganizationID(1), do: rested},
	check.CauseKeyIsControlMap:       {check: check.IDEntries, key: strings.Repeat("0123abcd-", 7) + "0123abcd", do: rested},
	check.CauseKeyIsOther:            {check: check.IDEntries, key: "ghp_TEST0000000000000000000000000000000000", do: rested},
	check.CauseKeyUnreadable:         {check: check.IDEntries, key: "pâssword", do: rested},
	check.CauseKeyTooLong:            {check: check.IDEntries, key: strings.Repeat("k", 513), do: rested},
	check.CauseKeyUnusual:            {check: check.IDEntries, key: "TESTunusual", do: func(s *stage) { rested(s); s.submit(); s.checked() }},
	check.CauseOrganizationIsKey:     {check: check.IDEntries, org: jumpcloudtest.SampleKey, do: rested},
	check.CauseOrganizationMalformed: {check: check.IDEntries, org: "Larkspur", do: rested},

	check.CauseReachable: {check: check.IDReachable},
	check.CauseRegionUnknown: {check: check.IDReachable, noKey: true, do: stored(func(s *stage) {
		other := connector.WithRegions(jumpcloud.Region{ID: "elsewhere", Console: s.server.URL})
		other(s.c)
	})},
	check.CauseNameNotFound: {check: check.IDReachable, options: at("https://jumpcloud.invalid")},
	// A computer without a network, one that is worn out, and one that forbids it cannot be had here: the errors are those that
	// the system gives, or none that anybody knows.
	check.CauseNoRoute:      {check: check.IDReachable, options: undialled(unix(syscall.ENETUNREACH, 10051))},
	check.CauseNotPermitted: {check: check.IDReachable, options: undialled(unix(syscall.EACCES, 10013))},
	check.CauseExhausted:    {check: check.IDReachable, options: undialled(unix(syscall.EMFILE, 10024))},
	check.CauseUnknown:      {check: check.IDReachable, options: undialled(errors.New("the moon is in the wrong house"))},
	check.CauseUnreachable:  {check: check.IDReachable, options: at("https://127.0.0.1:1")},
	check.CauseBroken:       {check: check.IDReachable, fault: jumpcloudtest.Drop()},
	check.CauseProxyUnreadable: {check: check.IDReachable, options: func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		t.Setenv("HTTPS_PROXY", "http://dana:p%zz@proxy.example:3128")
		return over("https://console.example", nil)
	}},
	check.CauseProxyFailed: {check: check.IDReachable, options: proxied(http.StatusBadGateway)},
	check.CauseProxyBroke:  {check: check.IDReachable, options: proxied(http.StatusNoContent)},
	check.CauseProxyCertificate: {check: check.IDReachable, options: func(t *testing.T, _ *jumpcloudtest.Server) []connector.Option {
		proxy := jumpcloudtest.NewTLS(jumpcloudtest.World{})
		t.Cleanup(proxy.Close)
		return over("https://console.example", func(h *http.Transport) { h.Proxy = proxyAt(proxy.URL) })
	}},
	check.CauseProxyLogin:   {check: check.IDReachable, options: proxied(http.StatusProxyAuthRequired)},
	check.CauseProxyRefused: {check: check.IDReachable, options: proxied(http.StatusForbidden)},
	check.CauseProxyUnreachable: {check: check.IDReachable, options: func(*testing.T, *jumpcloudtest.Server) []connector.Option {
		return over("https://console.example", func(h *http.Transport) { h.Proxy = proxyAt("http://proxxy.invalid:3128") })
	}},
	check.CauseCertificate:        {check: check.IDReachable, options: encrypted("127.0.0.1", time.Time{})},
	check.CauseCertificateName:    {check: check.IDReachable, options: encrypted("localhost", time.Now())},
	check.CauseCertificateExpired: {check: check.IDReachable, options: encrypted("127.0.0.1", time.Now().AddDate(200, 0, 0))},
	check.CauseClockBehind:        {check: check.IDReachable, options: encrypted("127.0.0.1", time.Date(1969, time.May, 1, 0, 0, 0, 0, time.UTC))},
	check.CauseNotTLS: {check: check.IDReachable, options: func(_ *testing.T, s *jumpcloudtest.Server) []connector.Option {
		return over(strings.Replace(s.URL, "http:", "https:", 1), nil)
	}},
	check.CauseCertificateForm: {check: check.IDReachable, options: shaking(&tls.Config{Certificates: []tls.Certificate{
		jumpcloudtest.Certificate(func(c *x509.Certificate) { c.IPAddresses, c.Subject.CommonName = nil, "localhost" })}})},
	check.CauseCertificateBroken: {check: check.IDReachable, options: shaking(&tls.Config{
		Certificates: []tls.Certificate{jumpcloudtest.IllegalCertificate()}})},
	check.CauseTLSRefused: {check: check.IDReachable, options: shaking(&tls.Config{
		Certificates: []tls.Certificate{jumpcloudtest.Certificate(nil)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})},
	check.CauseSignIn:       {check: check.IDReachable, fault: jumpcloudtest.CaptivePortal()},
	check.CauseFiltered:     {check: check.IDReachable, fault: jumpcloudtest.FilterPage()},
	check.CauseProtected:    {check: check.IDReachable, fault: jumpcloudtest.Protected()},
	check.CauseNotJumpCloud: {check: check.IDReachable, fault: jumpcloudtest.ForeignPage()},
	check.CauseKeyRemoved:   {check: check.IDReachable, fault: jumpcloudtest.Redirect("/login")},
	check.CauseMoved:        {check: check.IDReachable, fault: jumpcloudtest.Redirect("/elsewhere")},
	check.CauseRedirected:   {check: check.IDReachable, fault: jumpcloudtest.Redirect("https://elsewhere.example/")},
	check.CauseBlocked:      {check: check.IDReachable, fault: jumpcloudtest.Blocked()},
	check.CauseRateLimited:  {check: check.IDReachable, fault: jumpcloudtest.RateLimited(90 * time.Second)},
	check.CauseTimeout: {check: check.IDReachable, fault: jumpcloudtest.Hang(),
		options: func(*testing.T, *jumpcloudtest.Server) []connector.Option {
			return []connector.Option{connector.WithLimits(50*time.Millisecond, time.Minute)}
		}},
	check.CauseSubscription: {check: check.IDReachable, fault: jumpcloudtest.NotLicensed()},
	check.CauseServer:       {check: check.IDReachable, fault: jumpcloudtest.Status(503)},
	check.CauseContract:     {check: check.IDReachable, fault: jumpcloudtest.WrongType()},
	check.CauseUnreadable:   {check: check.IDReachable, fault: jumpcloudtest.Empty()},
	check.CauseInsecure:     {check: check.IDReachable, options: at("http://console.jumpcloud.example")},
	check.CauseUnexpected:   {check: check.IDReachable, fault: jumpcloudtest.Status(418)},

	check.CauseClock:        {check: check.IDClock},
	check.CauseClockOff:     {check: check.IDClock, clock: -7 * time.Minute},
	check.CauseClockUnknown: {check: check.IDClock, fault: jumpcloudtest.Undated()},

	check.CauseKeyAccepted: {check: check.IDKey},
	check.CauseKeyElsewhere: {check: check.IDKey, region: "us", options: regionless, then: func(s *stage) {
		s.press("Ask all regions")
		s.shown()
	}},
	check.CauseKeyUnknown:       {check: check.IDKey, key: jumpcloudtest.SampleRevokedKey},
	check.CauseKeyUnknownPartly: {check: check.IDKey, key: jumpcloudtest.SampleRevokedKey, options: indiaSilent},
	check.CauseKeyUnknownHere:   {check: check.IDKey, region: "us", options: regionless},
	check.CauseKeyStopped: {check: check.IDKey, noKey: true, do: stored(func(s *stage) {
		s.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	})},
	check.CauseKeyReplaced: {check: check.IDKey, noKey: true, do: shownByAnother(func(s *jumpcloudtest.Server) {
		s.Generate(jumpcloudtest.SampleKey, "jca_TESTnewer0000000000000000000000000000001", 0)
	})},
	check.CauseKeyDeleted:     {check: check.IDKey, noKey: true, do: shownByAnother(func(s *jumpcloudtest.Server) { s.Revoke(jumpcloudtest.SampleKey) })},
	check.CauseKeyUnexplained: {check: check.IDKey, noKey: true, do: shownByAnother(refuses(jumpcloudtest.Unauthorized(), ""))},
	check.CauseOwnerRemoved:   {check: check.IDKey, noKey: true, do: shownByAnother(func(s *jumpcloudtest.Server) { s.Remove(jumpcloudtest.SampleKey) })},
	check.CauseRoleChanged:    {check: check.IDKey, noKey: true, do: shownByAnother(refuses(jumpcloudtest.Forbidden(), "Auditor"))},
	check.CauseRoleRefused:    {check: check.IDKey, key: jumpcloudtest.SampleCommandRunnerKey},
	check.CauseCommandRunner: {check: check.IDKey, with: owned(func(k *jumpcloudtest.Key) {
		k.Role, k.TellsSelf = jumpcloudtest.RoleCommandRunner, true
	})},
	check.CauseBillingOnly: {check: check.IDKey, with: owned(func(k *jumpcloudtest.Key) {
		k.Role, k.TellsSelf = jumpcloudtest.RoleBillingOnly, true
	})},
	check.CauseAPIAccessOff: {check: check.IDKey, with: owned(func(k *jumpcloudtest.Key) { k.APIAccessOff, k.TellsSelf = true, true })},
	check.CauseSuspended:    {check: check.IDKey, with: owned(func(k *jumpcloudtest.Key) { k.Suspended, k.TellsSelf = true, true })},

	check.CauseOrganization:        {check: check.IDOrganization},
	check.CauseOrganizationUnnamed: {check: check.IDOrganization, org: jumpcloudtest.OrganizationID(1), with: owned(func(k *jumpcloudtest.Key) { k.ServiceAccount = true })},
	check.CauseOrganizationUntold:  {check: check.IDOrganization, with: owned(func(k *jumpcloudtest.Key) { k.ServiceAccount = true })},
	check.CauseChoose:              {check: check.IDOrganization, key: jumpcloudtest.SampleMultiTenantKey},
	check.CauseNeeded:              {check: check.IDOrganization, fault: jumpcloudtest.NoOrganizationSelected()},
	check.CauseNotListed: {check: check.IDOrganization, key: jumpcloudtest.SampleMultiTenantKey, org: jumpcloudtest.OrganizationID(2),
		fault: jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503))},
	check.CauseNotOpened:      {check: check.IDOrganization, org: jumpcloudtest.OrganizationID(2)},
	check.CauseNoOrganization: {check: check.IDOrganization, with: owned(func(k *jumpcloudtest.Key) { k.Organizations = nil })},

	check.CauseCounted:           {check: check.IDGroups},
	check.CausePeople:            {check: check.IDPeople},
	check.CauseDevices:           {check: check.IDDevices},
	check.CauseAdministrators:    {check: check.IDAdministrators},
	check.CauseAdministratorsMFA: {check: check.IDAdministrators, key: jumpcloudtest.SampleAdministratorKey},
	check.CauseDatasetRefused:    {check: check.IDDevices, with: owned(func(k *jumpcloudtest.Key) { k.Role, k.Refused = "Auditor", []string{"/api/systems"} })},
	check.CauseDatasetWithheld:   {check: check.IDDevices, with: owned(func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/systems"} })},
	check.CauseDatasetDenied:     {check: check.IDDevices, fault: jumpcloudtest.Unauthorized().On("/api/systems")},
	check.CauseDatasetMissing:    {check: check.IDPeople, fault: jumpcloudtest.Status(404).On("/api/systemusers")},
	check.CauseDatasetUntold:     {check: check.IDAdministrators, fault: jumpcloudtest.Status(404).On("/api/users")},
	check.CauseNotLicensed:       {check: check.IDDiskEncryption, key: jumpcloudtest.SampleAdministratorKey},

	check.CauseRole:           {check: check.IDRole},
	check.CauseRoleCustom:     {check: check.IDRole, with: owned(func(k *jumpcloudtest.Key) { k.Role = "Auditor" })},
	check.CauseRolePrivileged: {check: check.IDRole, key: jumpcloudtest.SampleAdministratorKey},
	check.CauseNotTold:        {check: check.IDMFA, fault: jumpcloudtest.Status(500).On("/api/users/getSelf")},
	check.CauseRoleUnreadable: {check: check.IDRole, fault: jumpcloudtest.Forbidden().On("/api/users/getSelf")},
	check.CauseMFA:            {check: check.IDMFA},
	check.CauseMFAOff:         {check: check.IDMFA, key: jumpcloudtest.SampleAdministratorKey},
	check.CauseMFAUnknown: {check: check.IDMFA, with: owned(func(k *jumpcloudtest.Key) {
		k.Odd = map[string]any{"enableMultiFactor": nil, "totpEnrolled": "yes"}
	})},
	check.CauseKeyAge:        {check: check.IDKeyAge},
	check.CauseKeyOld:        {check: check.IDKeyAge, with: owned(func(k *jumpcloudtest.Key) { k.Created = time.Now().AddDate(-2, 0, 0) })},
	check.CauseKeyFromFuture: {check: check.IDKeyAge, with: owned(func(k *jumpcloudtest.Key) { k.Created = time.Now().AddDate(0, 0, 5) })},
	check.CauseKeyEnd:        {check: check.IDKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.Expires = time.Now().AddDate(0, 0, 60) })},
	check.CauseKeyEnded:      {check: check.IDKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.Expires, k.OutlivesEnd = time.Now().AddDate(0, 0, -2), true })},
	check.CauseKeyEndless:    {check: check.IDKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.TellsNoEnd = true })},
	check.CauseKeyEndUnknown: {check: check.IDKeyEnd, with: owned(func(*jumpcloudtest.Key) {})},
	check.CauseKeyExpires:    {check: check.IDKeyEnd, with: owned(func(k *jumpcloudtest.Key) { k.Expires = time.Now().AddDate(0, 0, 9) })},
	check.CauseKeyAgeUnknown: {check: check.IDKeyAge, with: owned(func(k *jumpcloudtest.Key) { k.Created = time.Time{} })},

	check.CauseDependency: {check: check.IDPeople, key: jumpcloudtest.SampleRevokedKey},
	check.CauseCancelled: {check: check.IDPeople, noKey: true, fault: jumpcloudtest.Hang(), do: func(s *stage) {
		s.typeKey(jumpcloudtest.SampleKey)
		s.until("the checks run", func() bool { return s.row(check.IDReachable).State == check.Running })
		s.keys(fyne.KeyEscape)
		s.checked()
	}},
}

// rested lets the typing rest, for what is said without a request.
func rested(s *stage) { s.pass(typingPause) }

// comeAbout opens a window, and has the scenario come about in it.
func (c scenario) comeAbout(t *testing.T) *stage {
	t.Helper()
	server := sampleServer(t)
	server.SetClock(c.clock)
	if c.fault != nil {
		server.Fail(c.fault)
	}
	var options []connector.Option
	if c.options != nil {
		options = c.options(t, server)
	}
	s := openOn(t, server, keychain.Memory(), Options{}, options...)
	c.run(s)
	return s
}

// run has the scenario come about in the window.
func (c scenario) run(s *stage) {
	if c.region != "" {
		s.pick("Region", words.Region(c.region))
	}
	if c.org != "" { // else More options stays folded, as people leave it
		s.fill("Organization ID", c.org)
	}
	if c.key == "" && !c.noKey {
		c.key = jumpcloudtest.SampleKey
	}
	if c.with != nil {
		s.server.SetKey(*c.with)
		c.key = c.with.Value
	}
	if c.do != nil {
		s.fill("API key", c.key)
		c.do(s)
		return
	}
	s.typeKey(c.key)
	s.saved()
	if s.current == screen(s.many()) {
		s.press("Back") // to what the form says
	}
	if c.then != nil {
		c.then(s)
	}
}
