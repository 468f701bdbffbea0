package jumpcloud

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// ParseBaseURL checks an address that a person gave in place of a region: https, or http to this computer only,
// since a key is sent there. One host has one spelling in what it returns: small letters, no dot at the end, no port where
// it is the usual one. The error is a sentence for that person.
func ParseBaseURL(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "@") {
		return nil, errors.New("the address may hold no user name or password") // nor is it repeated: it may be a password
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
	if err := checkHost(u); err != nil {
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

var hostName = regexp.MustCompile(`^[\pL\pN_](?:[\pL\pN\pM_.-]*[\pL\pN\pM_])?$`)

// checkHost checks an address's host and port, and gives them their usual spelling.
func checkHost(u *url.URL) error {
	host, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	n, err := strconv.Atoi(port)
	switch {
	case strings.HasSuffix(u.Host, ":"):
		return errors.New("the number of the port is missing after the colon")
	case port != "" && (err != nil || n < 1 || n > 65535):
		return fmt.Errorf("%s is not a port: ports are numbers from 1 to 65535", port)
	case host == "":
		return errors.New("the name of the host is missing")
	case strings.HasPrefix(u.Host, "["):
		ip, err := netip.ParseAddr(host)
		if err != nil || ip.Zone() != "" {
			return errors.New("the IPv6 address cannot be read, or names a zone")
		}
		host = "[" + ip.String() + "]"
	case !hostName.MatchString(host) || strings.Contains(host, ".."):
		return errors.New("the name of the host has characters that no name has")
	}
	u.Host = host
	if usual := map[string]int{"http": 80, "https": 443}[u.Scheme]; port != "" && n != usual {
		u.Host += ":" + strconv.Itoa(n)
	}
	return nil
}

var apiAtTheEnd = regexp.MustCompile(`(?i)/api(/v\d+)?$`)

// checkPath checks what an address has after its host, and takes the slashes at its end away.
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
