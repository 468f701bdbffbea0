package jumpcloud_test

import (
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
)

func TestParseBaseURL(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // "" means refused
	}{
		{"https://console.jumpcloud.com", "https://console.jumpcloud.com"},
		{" https://console.jumpcloud.com/ ", "https://console.jumpcloud.com"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"http://[::1]:8080", "http://[::1]:8080"},
		{"http://localhost:8080", "http://localhost:8080"},
		{"http://console.jumpcloud.com", ""},
		{"http://127.0.0.1.example.com", ""},
		{"http://localhost.example.com", ""},
		{"ftp://127.0.0.1", ""},
		{"console.jumpcloud.com", ""},
		{"https://user:pass@console.jumpcloud.com", ""},
		{"https://console.jumpcloud.com/?x-api-key=1", ""},
		{"", ""},
		{"https://", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			u, err := jumpcloud.ParseBaseURL(c.text)
			if c.want == "" && err == nil {
				t.Errorf("accepted as %s", u)
			}
			if c.want != "" && (err != nil || u.String() != c.want) {
				t.Errorf("got %v, %v; want %s", u, err, c.want)
			}
		})
	}
}

func TestRegionsAreSafe(t *testing.T) {
	for _, r := range jumpcloud.Regions() {
		if u, err := jumpcloud.ParseBaseURL(r.Console); err != nil || u.Scheme != "https" {
			t.Errorf("region %s: %s: %v", r.ID, r.Console, err)
		}
	}
}
