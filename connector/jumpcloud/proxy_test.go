package jumpcloud

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestAProxyThatRefuses(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusBadGateway} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("x-api-key") != "" {
				t.Error("the proxy got the key")
			}
			w.WriteHeader(status)
		}))
		defer proxy.Close()
		if err := through(t, proxy.URL); !errors.Is(err, ErrProxy) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAProxyThatIsNotThere(t *testing.T) {
	proxy := httptest.NewServer(nil)
	proxy.Close()
	if err := through(t, proxy.URL); !errors.Is(err, ErrProxy) {
		t.Errorf("got %v", err)
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
	_, err = client.CountSystems(t.Context())
	return err
}
