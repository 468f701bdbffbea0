package wire

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// longestDetail is how many characters the text of an error has at most.
const longestDetail = 160

var (
	// quoted matches what an error repeats of an answer, such as a header that could not be read.
	quoted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`) })
	// addresses matches IP addresses, with or without a port.
	addresses = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\[?[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%\w+)?\]?(?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`)
	})
)

// detail turns an error into a text for support. The text is printable and short. It holds no hosts and addresses, and no part of
// the request or the answer.
func detail(err error, req *http.Request) error {
	text := addresses().ReplaceAllString(quoted().ReplaceAllString(describe(err), `"…"`), "…")
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, redact(text, req))
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longestDetail {
		text = string(r[:longestDetail]) + "…"
	}
	return errors.New(text)
}

// describe returns the text of an error, without the names of hosts.
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

// ordinary lists headers whose values are not secret.
var ordinary = []string{"Accept", "Content-Type", "User-Agent"}

// sentBy lists the values of a request's other headers, such as the key.
func sentBy(req *http.Request) []string {
	var sent []string
	for name, values := range req.Header {
		if !slices.Contains(ordinary, name) {
			sent = append(sent, values...)
		}
	}
	return slices.DeleteFunc(sent, func(value string) bool { return value == "" })
}

// redact returns text without the secret values that the request sent, and without pieces of them of eight bytes or more. It
// ignores case.
func redact(text string, req *http.Request) string {
	const piece = 8
	lower, left := lowered(text), make([]bool, len(text))
	for _, value := range sentBy(req) {
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

// markAll marks the bytes of each occurrence of part in text.
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

// lowered returns text with ASCII letters in lower case. Unlike [strings.ToLower] it keeps the length.
func lowered(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
