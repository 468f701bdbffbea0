package wire

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// shake makes a call to a server on localhost with this TLS configuration. Its certificate is trusted.
func shake(t *testing.T, config *tls.Config) *Error {
	t.Helper()
	address, end := jumpcloudtest.Handshakes(config)
	defer end()
	_, port, _ := net.SplitHostPort(address)
	transport := newTransport()
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	last := config.Certificates[0].Certificate
	if root, err := x509.ParseCertificate(last[len(last)-1]); err == nil {
		transport.TLSClientConfig.RootCAs.AddCert(root)
	}
	h := &http.Client{Transport: transport}
	defer h.CloseIdleConnections()
	_, err := get(t.Context(), h, "https://localhost:"+port)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	return e
}

func TestCertificatesThatAreNotAccepted(t *testing.T) {
	certificate := func(change func(*x509.Certificate)) *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{jumpcloudtest.Certificate(func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"localhost"}
			change(c)
		})}}
	}
	for name, c := range map[string]struct {
		config *tls.Config
		kind   error
	}{
		"name in the common name only": {certificate(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, "localhost" }), ErrCertificateForm},
		"the same, other capitals":     {certificate(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, "LocalHost." }), ErrCertificateForm},
		"common name beside others":    {certificate(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = []string{"a.example"}, "localhost" }), ErrCertificateForm},
		"no names at all":              {certificate(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, "" }), ErrCertificateForm},
		"another common name":          {certificate(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, "a.example" }), ErrCertificateName},
		"other names":                  {certificate(func(c *x509.Certificate) { c.DNSNames = []string{"a.example", "b.example"} }), ErrCertificateName},
		"addresses only":               {certificate(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{net.IPv4(10, 0, 0, 1)} }), ErrCertificateName},
		"expired":                      {certificate(func(c *x509.Certificate) { c.NotAfter = time.Unix(1, 0) }), ErrCertificateTime},
		"not valid yet":                {certificate(func(c *x509.Certificate) { c.NotBefore = time.Now().AddDate(9, 0, 0) }), ErrCertificateTime},
		"for clients only":             {certificate(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), ErrCertificate},
		"a negative serial number":     {&tls.Config{Certificates: []tls.Certificate{jumpcloudtest.IllegalCertificate()}}, ErrCertificateUnreadable},
		"no certificate":               {&tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{[]byte("none")}, PrivateKey: jumpcloudtest.Certificate(nil).PrivateKey}}}, ErrCertificateUnreadable},
	} {
		e := shake(t, c.config)
		if e.Kind != c.kind {
			t.Errorf("%s: %v, want %v", name, e, c.kind)
		}
		if named := e.Certificate != nil; named != (c.kind != ErrCertificateUnreadable) || e.Issuing {
			t.Errorf("%s: the certificate is %v, of an authority: %v", name, e.Certificate, e.Issuing)
		}
		if c.kind == ErrCertificateName && strings.Contains(strings.Join(CertificateNames(e.Certificate), " "), "localhost") {
			t.Errorf("%s: it is for %v, and not for localhost", name, CertificateNames(e.Certificate))
		}
	}
}

func TestTLSThatIsNotAgreedOn(t *testing.T) {
	certificate := jumpcloudtest.Certificate(func(c *x509.Certificate) { c.DNSNames = []string{"localhost"} })
	with := func(change func(*tls.Config)) *tls.Config {
		c := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS10}
		change(c)
		return c
	}
	for name, config := range map[string]*tls.Config{
		"TLS 1.1": with(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS11 }),
		"TLS 1.0": with(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS10 }),
		"no common cipher": with(func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}
		}),
		"a client's certificate": with(func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }),
		"the same, TLS 1.2":      with(func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }),
		"no common protocol":     with(func(c *tls.Config) { c.NextProtos = []string{"imap"} }),
		"a server without any secret": with(func(c *tls.Config) {
			c.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("none") }
			c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("none") }
		}),
	} {
		e := shake(t, config)
		if e.Kind != ErrTLS || e.Tries != 1 || !strings.Contains(e.Err.Error(), "tls: ") {
			t.Errorf("%s: %v after %d tries, with the text %v", name, e.Kind, e.Tries, e.Err)
		}
	}
}

// The certificate that has expired may be an authority's, and not the host's.
func TestAnAuthorityThatHasExpired(t *testing.T) {
	make := func(name string, issuer *x509.Certificate, by *ecdsa.PrivateKey, until time.Time) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: until, DNSNames: []string{"localhost"},
			BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
		if issuer == nil {
			issuer, by = template, key
		}
		der, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c, key
	}
	later := time.Now().AddDate(1, 0, 0)
	root, rootKey := make("Root", nil, nil, later)
	middle, middleKey := make("Middle", root, rootKey, time.Unix(1, 0))
	leaf, leafKey := make("Leaf", middle, middleKey, later)
	e := shake(t, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw, middle.Raw, root.Raw}, PrivateKey: leafKey}}})
	if e.Kind != ErrCertificateTime || !e.Issuing || e.Certificate.Subject.CommonName != "Middle" {
		t.Errorf("%v, of %v, an authority: %v", e, e.Certificate.Subject, e.Issuing)
	}
}
