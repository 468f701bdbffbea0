package jumpcloudtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"time"
)

// newCertificate makes a certificate that nobody vouches for, for this computer's loopback addresses, with a key as today's
// services have it.
func newCertificate() tls.Certificate { return Certificate(nil) }

// Certificate makes one like [NewTLS] serves with, but for what change changes.
func Certificate(change func(*x509.Certificate)) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // the system has no random numbers
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Simulated JumpCloud", Organization: []string{"Simulated JumpCloud"}},
		NotBefore:             time.Unix(0, 0),
		NotAfter:              time.Date(2084, time.January, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true, // so that it can be trusted by itself
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err) // the template is wrong
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// IllegalCertificate makes one with a negative serial number, as some inspections of encrypted traffic do: it cannot be
// read.
func IllegalCertificate() tls.Certificate {
	const serial = 0x112233445566
	c := Certificate(func(template *x509.Certificate) { template.SerialNumber = big.NewInt(serial) })
	number := big.NewInt(serial).Bytes()
	at := bytes.Index(c.Certificate[0], number)
	c.Certificate[0][at] |= 0x80 // the signature no longer fits, which is looked at later
	return c
}

// Handshakes listens on loopback, and does nothing but TLS handshakes: what comes after one is not answered. It returns its
// address, and a function that ends it.
func Handshakes(config *tls.Config) (address string, end func()) {
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		panic(err) // there is no loopback
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = c.Read(make([]byte, 1)) // which shakes hands
			}()
		}
	}()
	return l.Addr().String(), func() { _ = l.Close() }
}
