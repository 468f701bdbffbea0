package wire

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/mattn/go-ieproxy"
	"golang.org/x/net/http/httpproxy"
)

// proxyVariables may hold the proxy's address. The first one that is set counts.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}

// unreadableProxy is the error for a malformed proxy setting. It does not hold the value, which may contain a password.
type unreadableProxy struct {
	setting string // the variable, "" for the system's settings
}

func (e *unreadableProxy) Error() string { return ErrProxyUnreadable.Error() }
func (e *unreadableProxy) Unwrap() error { return ErrProxyUnreadable }

// proxySetting is a proxy setting of the environment or the system.
type proxySetting struct {
	name   string // the variable, "" for the system's settings
	value  string // "" means no proxy
	except string // hosts that are reached without the proxy, like NO_PROXY
}

// systemProxy returns a function for [http.Transport.Proxy]. It uses the proxy of the environment, or else the system's.
//
// If the variable is malformed, [http.ProxyFromEnvironment] uses no proxy. Here that is an error, because the key must not bypass
// a proxy that somebody has set.
func systemProxy() func(*http.Request) (*url.URL, error) {
	environment := environmentProxy()
	return func(req *http.Request) (*url.URL, error) {
		if req.URL.Scheme != "https" {
			return nil, nil // http is only used to this computer
		}
		s := environment
		if s.value == "" {
			s = settingsProxy(req.URL)
		}
		if s.value == "" || s.excepts(req.URL) {
			return nil, nil
		}
		proxy, err := parseProxy(s.value)
		if err != nil {
			return nil, &unreadableProxy{s.name}
		}
		callOf(req.Context()).through(proxy)
		return proxy, nil
	}
}

func environmentProxy() proxySetting {
	s := proxySetting{except: httpproxy.FromEnvironment().NoProxy}
	for _, name := range proxyVariables {
		if value := strings.TrimSpace(os.Getenv(name)); value != "" {
			s.name, s.value = name, value
			break
		}
	}
	return s
}

// settingsProxy reads the settings of Windows and macOS: the proxy that their script returns, or else a fixed one. Linux has no
// such settings.
func settingsProxy(to *url.URL) proxySetting {
	settings := ieproxy.GetConf()
	if settings.Automatic.Active {
		answer := settings.Automatic.FindProxyForURL(to.String())
		if first := strings.FieldsFunc(answer, func(r rune) bool { return r == ';' || r == ' ' }); len(first) > 0 {
			_, named, isNamed := strings.Cut(first[0], "=") // Windows may put the protocol before it: https=host:port
			if !isNamed {
				named = first[0]
			}
			return proxySetting{value: named}
		}
	}
	if !settings.Static.Active {
		return proxySetting{except: httpproxy.FromEnvironment().NoProxy}
	}
	return proxySetting{value: fixedProxy(settings.Static.Protocols), except: settings.Static.NoProxy}
}

// fixedProxy returns the proxy for https. The settings may have one for each protocol, and a SOCKS proxy for all others.
func fixedProxy(protocols map[string]string) string {
	if proxy, ok := protocols["https"]; ok {
		return strings.TrimSpace(proxy)
	}
	if proxy := strings.TrimSpace(protocols[""]); proxy != "" {
		return proxy
	}
	if proxy := strings.TrimSpace(protocols["socks"]); proxy != "" {
		return "socks4://" + proxy // not supported: parseProxy refuses it
	}
	return ""
}

// excepts reports whether a host is reached without the proxy, as this computer always is.
func (s proxySetting) excepts(to *url.URL) bool {
	some := httpproxy.Config{HTTPSProxy: "http://proxy.invalid", NoProxy: s.except}
	proxy, err := some.ProxyFunc()(to)
	return proxy == nil && err == nil
}

var errNoProxy = errors.New("not the address of a proxy") // without the address, which may contain a password

// parseProxy reads a proxy's address: host and port, or a URL with a scheme that net/http supports.
func parseProxy(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, errNoProxy
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, errNoProxy
	}
	if strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		return nil, errNoProxy // a password with a / ? or # in it: url.Parse took the part before it for the host
	}
	if err := CheckHost(u); err != nil {
		return nil, errNoProxy
	}
	return u, nil
}
