package jumpcloud_test

import (
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
)

func TestParseBaseURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://console.jumpcloud.com":                "https://console.jumpcloud.com",
		" https://console.jumpcloud.com/ ":             "https://console.jumpcloud.com",
		"\thttps://console.jumpcloud.com//\r\n":        "https://console.jumpcloud.com",
		"HTTPS://Console.JumpCloud.com":                "https://console.jumpcloud.com",
		"https://console.jumpcloud.com.":               "https://console.jumpcloud.com",
		"https://console.jumpcloud.com:443":            "https://console.jumpcloud.com",
		"https://console.jumpcloud.com:08443/our/own/": "https://console.jumpcloud.com:8443/our/own",
		"https://xn--bcher-kva.example":                "https://xn--bcher-kva.example",
		"https://api.example":                          "https://api.example",
		"https://host/rapi":                            "https://host/rapi",
		"https://[2001:DB8::1]:8443":                   "https://[2001:db8::1]:8443",
		"http://127.0.0.1:8080":                        "http://127.0.0.1:8080",
		"http://127.0.0.2:8080":                        "http://127.0.0.2:8080",
		"http://127.0.0.1:80":                          "http://127.0.0.1",
		"http://[::1]:8080":                            "http://[::1]:8080",
		"http://[::ffff:127.0.0.1]:8080":               "http://[::ffff:127.0.0.1]:8080",
		"http://localhost:8080":                        "http://localhost:8080",
		"http://LOCALHOST:8080":                        "http://localhost:8080",
		"http://localhost.:8080":                       "http://localhost:8080",
	} {
		if u, err := jumpcloud.ParseBaseURL(text); err != nil || u.String() != want {
			t.Errorf("%q becomes %v, %v; want %s", text, u, err, want)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for text, why := range map[string]string{
		"http://console.jumpcloud.com":                "unprotected",
		"http://127.0.0.1.example.com":                "unprotected",
		"http://localhost.example.com":                "unprotected",
		"http://127.1":                                "unprotected",
		"http://2130706433":                           "unprotected",
		"http://0.0.0.0":                              "unprotected",
		"http://ⓛocalhost":                            "characters", // some resolvers take it for localhost
		"http://[fe80::1]":                            "unprotected",
		"ftp://127.0.0.1":                             "unprotected",
		"console.jumpcloud.com":                       "https://",
		"console.jumpcloud.com:443":                   "https://",
		"localhost:8080":                              "https://",
		"//console.jumpcloud.com":                     "https://",
		"://console.jumpcloud.com":                    "https://",
		"https:/console.jumpcloud.com":                "https://",
		"https:console.jumpcloud.com":                 "https://",
		"":                                            "https://",
		"https://":                                    "name of the host",
		"https://:443":                                "name of the host",
		"https://host:99999":                          "65535",
		"https://host:0":                              "65535",
		"https://host:":                               "missing",
		"http://localhost:":                           "missing",
		"https://https://host":                        "missing",
		"https://host:x":                              "is not an address",
		"https://host:-1":                             "is not an address",
		"https://host name":                           "is not an address",
		"https://host\\path":                          "is not an address",
		"https://[::1":                                "is not an address",
		"https://[::1%25lo]":                          "zone",
		"https://-host":                               "characters",
		"https://a..b":                                "characters",
		"https://host/a b":                            "blank",
		"https://host/a\\b":                           "backslash",
		"https://console.jumpcloud.com/api":           "leave out /api",
		"https://console.jumpcloud.com/API/":          "leave out /API",
		"https://console.jumpcloud.com/api/v2":        "leave out /api/v2",
		"https://console.jumpcloud.com/?x-api-key=1":  "query",
		"https://console.jumpcloud.com/?":             "query",
		"https://console.jumpcloud.com/#/settings":    "fragment",
		"https://user:TESTpass@console.jumpcloud.com": "user name",
		"https://user:TEST%zz@console.jumpcloud.com":  "user name",
		"https://TESTpass@host:x":                     "user name",
		"user:TESTpass@host":                          "user name",
	} {
		u, err := jumpcloud.ParseBaseURL(text)
		switch {
		case err == nil:
			t.Errorf("%q is taken as %s", text, u)
		case !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "TEST"):
			t.Errorf("%q: it is said: %v, which does not speak of %q, or repeats a password", text, err, why)
		}
	}
}

func TestRegionsAreSafe(t *testing.T) {
	for _, r := range jumpcloud.Regions() {
		if u, err := jumpcloud.ParseBaseURL(r.Console); err != nil || u.Scheme != "https" {
			t.Errorf("region %s: %s: %v", r.ID, r.Console, err)
		}
	}
}
