package jumpcloud

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/mattn/go-ieproxy"
	"golang.org/x/net/http/httpproxy"
)

// proxyVariables may name the proxy, in the order in which they are looked at: the first that is not empty counts.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}

// unreadableProxy is why nothing was sent: the setting for the proxy cannot be read. It holds the name of the setting, and
// never its value, which may be a password.
type unreadableProxy struct {
	setting string // the variable, "" for the settings of the system
}

func (e *unreadableProxy) Error() string { return ErrProxyUnreadable.Error() }
func (e *unreadableProxy) Unwrap() error { return ErrProxyUnreadable }

// proxySetting is where requests are to go, as far as the environment or the system says.
type proxySetting struct {
	name   string // the variable, "" for the settings of the system
	value  string // "" means that there is no proxy
	except string // hosts to ask without it, like NO_PROXY
}

// systemProxy returns a function for [http.Transport.Proxy]: the proxy of the environment, else that of the system's settings.
//
// [http.ProxyFromEnvironment] asks without a proxy where it cannot read the variable. A key must not go past a proxy that
// was set, so here that is an error.
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
		routeOf(req.Context()).through(proxy)
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

// settingsProxy is what the settings of Windows and macOS say: the answer of their script, else a fixed proxy. On Linux
// there are none.
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

// fixedProxy is the proxy for https among those of the settings, by protocol. A SOCKS proxy is for whatever has none of its
// own.
func fixedProxy(protocols map[string]string) string {
	if proxy, ok := protocols["https"]; ok {
		return strings.TrimSpace(proxy)
	}
	if proxy := strings.TrimSpace(protocols[""]); proxy != "" {
		return proxy
	}
	if proxy := strings.TrimSpace(protocols["socks"]); proxy != "" {
		return "socks4://" + proxy // of that version, which is not supported
	}
	return ""
}

// excepts reports whether a host is to be asked without the proxy. This computer always is.
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
		return nil, errNoProxy // a password with a / ? or # in it: what is before that would be taken for the host
	}
	if err := checkHost(u); err != nil {
		return nil, errNoProxy
	}
	return u, nil
}
