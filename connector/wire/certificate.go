package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
)

// certificateKind says why a certificate was not accepted. It returns nil if err is about something else.
func certificateKind(err error) error {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		invalid      x509.CertificateInvalidError
		host         x509.HostnameError
	)
	switch {
	case errors.As(err, &host) && namesNothingUsable(host):
		return ErrCertificateForm
	case errors.As(err, &host):
		return ErrCertificateName
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired: // not yet valid is this reason too
		return ErrCertificateTime
	case errors.As(err, &invalid), errors.As(err, &authority), errors.As(err, &verification):
		return ErrCertificate
	case strings.HasPrefix(innermost(err).Error(), "tls: failed to parse certificate"): // it has no type of its own
		return ErrCertificateUnreadable
	}
	return nil
}

// namesNothingUsable reports whether a certificate names no host at all, or names this host only where clients do not look. Clients
// look at the Subject Alternative Names, and there at the IP addresses if the host is an IP address.
func namesNothingUsable(e x509.HostnameError) bool {
	names := CertificateNames(e.Certificate)
	asked := strings.TrimSuffix(strings.Trim(e.Host, "[]"), ".")
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
		return strings.EqualFold(strings.TrimSuffix(name, "."), asked)
	})
}

// CertificateNames lists the hosts that a certificate is for. The common name, which no client looks at, comes last.
func CertificateNames(c *x509.Certificate) []string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if name := c.Subject.CommonName; name != "" && !slices.Contains(names, name) {
		names = append(names, name)
	}
	return names
}

// refusedCertificate returns the certificate that an error of the TLS handshake is about, or nil. Issuing reports whether it
// belongs to an authority, and not to the host.
func refusedCertificate(err error) (c *x509.Certificate, issuing bool) {
	var (
		invalid      x509.CertificateInvalidError
		verification *tls.CertificateVerificationError
	)
	if errors.As(err, &verification) && len(verification.UnverifiedCertificates) > 0 {
		c = verification.UnverifiedCertificates[0]
	}
	if errors.As(err, &invalid) && invalid.Cert != nil {
		return invalid.Cert, c != nil && !invalid.Cert.Equal(c)
	}
	return c, false
}
