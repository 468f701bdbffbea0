package main

import (
	"bytes"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A server that sends the key back, after the end of its answer, does not get it into a log.
func TestTheKeyIsNotLogged(t *testing.T) {
	const key = "jca_TESTlogged00000000000000000000000000001"
	former := log.Writer()
	defer log.SetOutput(former)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, to, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(to, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n%s", r.Header.Get("x-api-key"))
		_ = to.Flush()
	}))
	defer server.Close()
	for range 20 { // net/http may close the connection before it looks
		var out, errs bytes.Buffer
		run([]string{"check", "--key-stdin", "--keychain", "memory", "--jumpcloud", server.URL}, strings.NewReader(key), &out, &errs)
		if strings.Contains(out.String()+errs.String(), key) {
			t.Fatalf("the key is in what is printed or logged:\n%s%s", &out, &errs)
		}
	}
	var kept bytes.Buffer
	if n, err := (discreet{&kept}).Write([]byte("something else\n")); n != 15 || err != nil || kept.String() != "something else\n" {
		t.Errorf("of something else, %q is logged", &kept)
	}
}
