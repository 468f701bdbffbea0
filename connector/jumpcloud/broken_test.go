package jumpcloud_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
	"controlmap-jumpcloud/connector/wire/wiretest"
)

const answeredKey = "jca_TESTanswered0000000000000000000000000001"

// Answers that break the rules. Where possible they repeat a piece of the key.
func TestAnswersThatBreakTheRules(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for answer, want := range map[string]struct {
		kind  error
		tries int
	}{
		"":                         {wire.ErrBroken, 3},
		"HTTP/1.1 200 OK\r\n":      {wire.ErrBroken, 3},
		"SSH-2.0-OpenSSH_9.9\r\n":  {wire.ErrUnreadable, 1},
		"HTTP/nine 200 OK\r\n\r\n": {wire.ErrUnreadable, 1},
		"HTTP/1.1 OK\r\n\r\n":      {wire.ErrUnreadable, 1},
		"HTTP/1.1 2000 OK\r\n\r\n": {wire.ErrUnreadable, 1},
		answeredKey + "\r\n\r\n":   {wire.ErrUnreadable, 1},
		"HTTP/1.1 " + answeredKey[:20] + "\r\n\r\n":                                                 {wire.ErrUnreadable, 1},
		head + "no colon " + answeredKey + "\r\n\r\n":                                               {wire.ErrUnreadable, 1},
		head + answeredKey + " : x\r\n\r\n":                                                         {wire.ErrUnreadable, 1},
		head + "Content-Length: " + answeredKey + "\r\n\r\n":                                        {wire.ErrUnreadable, 1},
		head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}":                                   {wire.ErrUnreadable, 1},
		head + "Transfer-Encoding: " + answeredKey + "\r\n\r\n":                                     {wire.ErrUnreadable, 1},
		head + "X-Long: " + strings.Repeat("x", 1<<20) + "\r\n\r\n":                                 {wire.ErrUnreadable, 1},
		strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 1000)+"\r\n\r\n", 500): {wire.ErrUnreadable, 1},
		head + "Content-Length: 0\r\n\r\n":                                                          {wire.ErrUnreadable, 1},
		head + "Content-Length: 5\r\n\r\n \r\n\t ":                                                  {wire.ErrUnreadable, 1},
		head + "Content-Length: 99\r\n\r\n{\"totalCount\":":                                         {wire.ErrUnreadable, 3},
		head + "Content-Length: 99\r\n\r\n{\"totalCount\":1,\"results\":[]}":                        {wire.ErrUnreadable, 3},
		head + "Content-Length: 9\r\n\r\n{\"totalCount\":1}":                                        {wire.ErrUnreadable, 1},
		head + "Content-Encoding: gzip\r\n\r\n{\"totalCount\":1}":                                   {wire.ErrUnreadable, 1},
		head + "Content-Encoding: br\r\n\r\n\x8b\x00\x80":                                           {wire.ErrUnreadable, 1},
		head + "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00":                                     {wire.ErrUnreadable, 3},
		head + "Content-Encoding: gzip\r\n\r\n" + damagedGzip(t):                                    {wire.ErrUnreadable, 1},
		head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n":                                           {wire.ErrUnreadable, 1},
		head + "Transfer-Encoding: chunked\r\n\r\n40\r\n{":                                          {wire.ErrUnreadable, 3},
		"HTTP/1.1 204 No Content\r\n\r\n":                                                           {wire.ErrUnreadable, 1},
		"HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\n{}":                               {wire.ErrUnreadable, 1},
		"HTTP/1.1 304 Not Modified\r\n\r\n":                                                         {wire.ErrStatus, 1},
		"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n":                                           {wire.ErrStatus, 1},
		head + "Content-Length: 9\r\n\r\n\"" + answeredKey[:7] + "\"":                               {wire.ErrContract, 1},
		head + "Content-Length: 13\r\n\r\n{\"results\":7}":                                          {wire.ErrContract, 1},
	} {
		name := answer[:min(len(answer), 120)]
		address := wiretest.Answer(t, func(c net.Conn) {
			wiretest.SkipHeader(c)
			_, _ = io.WriteString(c, answer)
		})
		h := &http.Client{Transport: &wire.Retry{Base: wire.NewHTTPClient().Transport.(*wire.Retry).Base, Wait: noWait}}
		_, err := (&jumpcloud.Client{BaseURL: "http://" + address, HTTP: h, Key: secret.New(answeredKey)}).CountApplications(t.Context())
		h.CloseIdleConnections()
		var e *wire.Error
		if !errors.As(err, &e) || e.Kind != want.kind || e.Tries != want.tries {
			t.Errorf("%q: %v after %d tries, want %v after %d", name, err, e.Tries, want.kind, want.tries)
			continue
		}
		for part := 0; part+8 <= len(answeredKey); part++ {
			if text := fmt.Sprintf("%v %+v %#v %+v", e, *e, *e, e.Err); strings.Contains(text, answeredKey[part:part+8]) {
				t.Errorf("%q: a piece of the key is in %s", name, text)
			}
		}
		if text := fmt.Sprint(e.Err); strings.Contains(text, "127.0.0.1") || len([]rune(text)) > 161 {
			t.Errorf("%q: the text is %q", name, text)
		}
	}
}

// damagedGzip is packed data with a wrong checksum.
func damagedGzip(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, `{"totalCount":1,"results":[]}`); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed := []byte(b.String())
	packed[len(packed)-6] ^= 0xff
	return string(packed)
}
