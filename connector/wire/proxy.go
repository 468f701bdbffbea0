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

// proxyVariables are the variables that may hold the proxy's address. The first one that is not empty counts.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}

// unreadableProxy says that the setting for the proxy cannot be read, so that nothing was sent. It holds the name of the setting.
// It never holds the value, which may have a password in it.
type unreadableProxy struct {
	setting string // the variable, "" for the settings of the system
}

func (e *unreadableProxy) Error() string { return ErrProxyUnreadable.Error() }
func (e *unreadableProxy) Unwrap() error { return ErrProxyUnreadable }

// proxySetting is what the environment or the system says about the proxy.
type proxySetting struct {
	name   string // the variable, "" for the settings of the system
	value  string // "" means that there is no proxy
	except string // hosts to ask without it, like NO_PROXY
}

// systemProxy returns a function for [http.Transport.Proxy]. It takes the proxy of the environment, else that of the system's
// settings.
//
// [http.ProxyFromEnvironment] uses no proxy where it cannot read the variable. But a key must not go past a proxy that was set,
// so here that is an error.
func systemProxy() func(*http.Request) (*url.URL, error) {
	environment := environmentProxy()
	return func(req *http.Request) (*url.URL, error) {
		if req.URL.Scheme != "https" {
			return nil, nil // to this computer: nothing unencrypted is ever sent elsewhere
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

// settingsProxy reads the settings of Windows and macOS: the answer of their script, else a fixed proxy. Linux has no such
// settings.
func settingsProxy(to *url.URL) proxySetting {
	settings := ieproxy.GetConf()
	if settings.Automatic.Active {
		answer := settings.Automatic.FindProxyForURL(to.String())
		if first := strings.FieldsFunc(answer, func(r rune) bool { return r == ';' || r == ' ' }); len(first) > 0 {
			_, named, isNamed := strings.Cut(first[0], "=") // Windows may name the protocol that it is for
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

// fixedProxy finds the proxy for https in the settings, which have one for each protocol. A SOCKS proxy serves the protocols
// that have none of their own.
func fixedProxy(protocols map[string]string) string {
	if proxy, ok := protocols["https"]; ok {
		return strings.TrimSpace(proxy)
	}
	if proxy := strings.TrimSpace(protocols[""]); proxy != "" {
		return proxy
	}
	if proxy := strings.TrimSpace(protocols["socks"]); proxy != "" {
		return "socks4://" + proxy // a version that is not supported, so that it cannot be read
	}
	return ""
}

// excepts reports whether a host is asked without the proxy. This computer always is.
func (s proxySetting) excepts(to *url.URL) bool {
	some := httpproxy.Config{HTTPSProxy: "http://proxy.invalid", NoProxy: s.except}
	proxy, err := some.ProxyFunc()(to)
	return proxy == nil && err == nil
}

var errNoProxy = errors.New("not the address of a proxy") // without the address

// parseProxy reads a proxy's address: host and port, or a URL of a kind that net/http supports.
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
		return nil, errNoProxy // a password with a / ? or # in it: the part before it would be taken for the host
	}
	if err := CheckHost(u); err != nil {
		return nil, errNoProxy
	}
	return u, nil
}
