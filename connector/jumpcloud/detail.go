package jumpcloud

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// longestDetail bounds the text of an error, in characters.
const longestDetail = 160

var (
	// quoted is what an error repeats of an answer, such as a header that it could not read.
	quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)
	// addresses are IP addresses, with or without a port.
	addresses = regexp.MustCompile(`\[?[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%\w+)?\]?(?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`)
)

// described is an error as a text for people who help: printable and short, without hosts and addresses, without what an
// answer held, and without what the request sent.
func described(err error, req *http.Request) error {
	text := addresses.ReplaceAllString(quoted.ReplaceAllString(describe(err), `"…"`), "…")
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, without(text, sentBy(req)))
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longestDetail {
		text = string(r[:longestDetail]) + "…"
	}
	return errors.New(text)
}

// describe is an error's text. Of those that name hosts it leaves the names out.
func describe(err error) string {
	switch e := err.(type) {
	case *url.Error:
		return describe(e.Err) // it repeats the whole URL
	case *net.OpError:
		return e.Op + ": " + describe(e.Err)
	case *net.DNSError:
		return "lookup: " + e.Err
	}
	var (
		host x509.HostnameError
		name *net.DNSError
	)
	switch {
	case errors.As(err, &host):
		return "x509: the certificate is for another name"
	case errors.As(err, &name):
		return "lookup: " + name.Err
	}
	return err.Error()
}

// sentBy lists what a request sent and nobody may read: the key and the Organization ID.
func sentBy(req *http.Request) []string {
	var sent []string
	for _, header := range []string{"x-api-key", "x-org-id"} {
		if value := req.Header.Get(header); value != "" {
			sent = append(sent, value)
		}
	}
	return sent
}

// without is text in which each piece of a sent value is left out, in whatever case. Eight bytes or more are a piece.
func without(text string, sent []string) string {
	const piece = 8
	lower, left := lowered(text), make([]bool, len(text))
	for _, value := range sent {
		value = lowered(value)
		length := min(piece, len(value))
		for start := 0; start+length <= len(value); start++ {
			markAll(left, lower, value[start:start+length])
		}
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !left[i]:
			b.WriteByte(text[i])
		case i == 0 || !left[i-1]:
			b.WriteString("…")
		}
	}
	return b.String()
}

// markAll marks each place of text where part stands.
func markAll(marks []bool, text, part string) {
	for from := 0; ; from++ {
		i := strings.Index(text[from:], part)
		if i < 0 {
			return
		}
		from += i
		for j := range len(part) {
			marks[from+j] = true
		}
	}
}

// lowered is text with its ASCII letters small. Unlike that of [strings.ToLower], its length is that of text.
func lowered(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
