package program

import (
	"bytes"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

// The tests work in the top folder of the project, where the scripts are. A test that runs itself once more is there already.
func init() {
	if _, err := os.Stat("go.mod"); err == nil {
		return
	}
	if err := os.Chdir("../.."); err != nil {
		panic(err)
	}
}

// fyneApp reads the text that main embeds.
func fyneApp() string {
	text, err := os.ReadFile("FyneApp.toml")
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestFlags(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		out  string // a part of the output
		errs string // a part of the error output
	}{
		"version":             {[]string{"--version"}, 0, "ControlMap Connect for JumpCloud 0.", ""},
		"help":                {[]string{"--help"}, 0, "-jumpcloud URL", ""},
		"unknown":             {[]string{"--demmo"}, 2, "", "-demmo"},
		"no such keychain":    {[]string{"--keychain", "file"}, 2, "", `--keychain is system or memory, not "file"`},
		"no value":            {[]string{"--keychain"}, 2, "", "keychain"},
		"unprotected":         {[]string{"--jumpcloud", "http://console.jumpcloud.com"}, 2, "", "use https"},
		"no address":          {[]string{"--jumpcloud", "console"}, 2, "", "is not an address"},
		"address with a key":  {[]string{"--jumpcloud", "https://user:pass@host"}, 2, "", "may hold no user name"},
		"no port":             {[]string{"--jumpcloud", "https://host:99999"}, 2, "", "65535"},
		"the API":             {[]string{"check", "--jumpcloud", "https://host/api"}, 2, "", "leave out /api"},
		"demo that keeps":     {[]string{"--demo", "--keychain", "system"}, 2, "", "leave out --keychain"},
		"nothing to watch":    {[]string{"--background", "--demo"}, 2, "", "leave out --background"},
		"nor in memory":       {[]string{"--background", "--keychain", "memory"}, 2, "", "leave out --background"},
		"help: background":    {[]string{"--help"}, 0, "-background", ""},
		"two JumpClouds":      {[]string{"--demo", "--jumpcloud", "https://host"}, 2, "", "leave out --jumpcloud"},
		"check: help":         {[]string{"check", "--help"}, 0, "Exit code 0", ""},
		"check: unknown":      {[]string{"check", "--key"}, 2, "", "-key"},
		"check: no key":       {[]string{"check", "--key-stdin", "--keychain", "memory"}, 2, "", "No key came in"},
		"check: no window":    {[]string{"check", "--demo"}, 2, "", "-demo"},
		"check: of what":      {[]string{"check", "--region", "eu"}, 2, "", "go with --key-stdin"},
		"check: unprotected":  {[]string{"check", "--jumpcloud", "http://host"}, 2, "", "use https"},
		"check: nothing kept": {[]string{"check", "--keychain", "memory"}, 2, "", "No connections are stored"},
		"check: changes":      {[]string{"check", "--key-stdin", "--changed"}, 2, "", "--all and --changed go with the stored"},
		"check: all of none":  {[]string{"check", "--all", "--changed", "--keychain", "memory"}, 2, "", "No connections are stored"},
		"connect: help":       {[]string{"connect", "--help"}, 0, "goes on where it was stopped", ""},
		"connect: no list":    {[]string{"connect"}, 2, "", "--from-csv FILE is missing"},
		"connect: no file":    {[]string{"connect", "--from-csv", "no/such", "--keychain", "memory"}, 2, "", "no/such could not be read"},
		"list: help":          {[]string{"list", "--help"}, 0, "No key is printed", ""},
		"list: twice":         {[]string{"list", "--json", "--csv"}, 2, "", "not both"},
		"list: nothing":       {[]string{"list", "--csv", "--keychain", "memory"}, 0, "name,organization,", ""},
		"left over":           {[]string{"--version=false", "now"}, 2, "", `nothing to do with "now"`},
	} {
		var out, errs bytes.Buffer
		code := Run(fyneApp(), c.args, strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%s: exit code %d, printed %q, complained %q", name, code, &out, &errs)
		}
		ran := slices.Contains([]string{"check: no key", "check: nothing kept", "check: all of none", "connect: no file"}, name)
		if c.code != 0 && !ran && !strings.Contains(errs.String(), "--help") {
			t.Errorf("%s: the error does not say where to look", name)
		}
	}
}

// A password in an address is not repeated in an error.
func TestAnAddressWithAPasswordIsNotRepeated(t *testing.T) {
	var out, errs bytes.Buffer
	Run(fyneApp(), []string{"--jumpcloud", "https://user:TESTpassword@host"}, nil, &out, &errs)
	if strings.Contains(errs.String(), "TESTpassword") {
		t.Error("it is")
	}
}

// A server that sends the key back behind its answer does not get it into a log.
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
	for range 20 { // net/http may close the connection before it reads the rest
		var out, errs bytes.Buffer
		Run(fyneApp(), []string{"check", "--key-stdin", "--keychain", "memory", "--jumpcloud", server.URL}, strings.NewReader(key), &out, &errs)
		if strings.Contains(out.String()+errs.String(), key) {
			t.Fatalf("the key is in what is printed or logged:\n%s%s", &out, &errs)
		}
	}
}
