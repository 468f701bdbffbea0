package jumpcloud

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestAProxyThatRefuses(t *testing.T) {
	for status, want := range map[int]error{http.StatusForbidden: ErrProxyRefused, http.StatusProxyAuthRequired: ErrProxyLogin,
		http.StatusBadGateway: ErrProxyFailed} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("x-api-key") != "" {
				t.Error("the proxy got the key")
			}
			w.WriteHeader(status)
		}))
		defer proxy.Close()
		if err := through(t, proxy.URL); !errors.Is(err, want) {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
	}
}

func TestAProxyThatIsNotThere(t *testing.T) {
	proxy := httptest.NewServer(nil)
	proxy.Close()
	for name, address := range map[string]string{"closed": proxy.URL, "misspelt": "http://proxxy.invalid:3128"} {
		if err := through(t, address); !errors.Is(err, ErrProxyUnreachable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// through makes a call by way of a proxy, to a host that no resolver knows.
func through(t *testing.T, proxy string) error {
	t.Helper()
	address, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	transport := newTransport()
	if transport.Proxy == nil {
		t.Error("the system's proxy settings are not asked for")
	}
	transport.Proxy = http.ProxyURL(address)
	client := &Client{BaseURL: "https://jumpcloud.invalid", HTTP: &http.Client{Transport: transport}}
	_, err = client.CountApplications(t.Context())
	return err
}
