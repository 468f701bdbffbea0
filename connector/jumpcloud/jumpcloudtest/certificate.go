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

// Certificate makes a self-signed certificate for this computer's loopback addresses. Change, if not nil, changes it before it is
// signed.
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

// IllegalCertificate makes a certificate with a negative serial number, which Go refuses to read. Some products that inspect
// encrypted traffic make such certificates.
func IllegalCertificate() tls.Certificate {
	const serial = 0x112233445566
	c := Certificate(func(template *x509.Certificate) { template.SerialNumber = big.NewInt(serial) })
	number := big.NewInt(serial).Bytes()
	at := bytes.Index(c.Certificate[0], number)
	c.Certificate[0][at] |= 0x80 // this breaks the signature, but clients check that later
	return c
}

// Handshakes starts a server on loopback that does TLS handshakes and answers nothing. It returns the address and a function that
// ends it.
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
				_, _ = c.Read(make([]byte, 1)) // does the handshake
			}()
		}
	}()
	return l.Addr().String(), func() { _ = l.Close() }
}
