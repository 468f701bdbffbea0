package jumpcloud

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"controlmap-jumpcloud/connector/wire"
)

// ParseBaseURL checks an address that a person entered in place of a region. A key is sent there, so it has to be https, or http to
// this computer. The result has the usual spelling of its host, see [wire.CheckHost]. The error is a sentence for that person.
func ParseBaseURL(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "@") {
		return nil, errors.New("the address may hold no user name or password") // without the text, which may be a password
	}
	if scheme, _, ok := strings.Cut(text, "://"); !ok || scheme == "" {
		return nil, fmt.Errorf("%q is not an address: it does not begin with https://", text)
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address like https://console.jumpcloud.com", text)
	}
	if u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#") {
		return nil, fmt.Errorf("%q may hold no query (?) or fragment (#): end it after the host", text)
	}
	if err := wire.CheckHost(u); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	if err := checkPath(u); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, fmt.Errorf("%q would send the API key unprotected: use https (http is only allowed to this computer)", text)
	}
	return u, nil
}

var apiAtTheEnd = regexp.MustCompile(`(?i)/api(/v\d+)?$`)

// checkPath checks the path of an address, and removes slashes at its end.
func checkPath(u *url.URL) error {
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	if strings.ContainsFunc(u.Path, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return errors.New("there is a blank or a backslash in it")
	}
	if end := apiAtTheEnd.FindString(u.Path); end != "" {
		return fmt.Errorf("leave out %s at the end: it is added by itself", end)
	}
	return nil
}

// isLoopback reports whether a host is this computer.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
