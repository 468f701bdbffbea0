package jumpcloud

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Region is where an organization's data lives; it decides the hosts. A key is known in its own region only.
type Region struct {
	// ID is the short name that is stored with a connection.
	ID string
	// Console is the address of the Admin Portal and, below /api, of the API.
	Console string
	// Unconfirmed says that it is not sure that JumpCloud has this region.
	Unconfirmed bool
}

// Regions lists JumpCloud's regions, the largest first. The hosts are those of JumpCloud's own contract (US) and
// of public client code (EU, India).
func Regions() []Region {
	return []Region{
		{ID: "us", Console: "https://console.jumpcloud.com"},
		{ID: "eu", Console: "https://console.eu.jumpcloud.com"},
		{ID: "in", Console: "https://console.in.jumpcloud.com", Unconfirmed: true},
	}
}

// ParseBaseURL checks an address that a person gave in place of a region: https, or http to this computer only,
// since a key is sent there. The error is a sentence for that person.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(strings.TrimSpace(text), "/"))
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not an address like https://console.jumpcloud.com", text)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address may hold no user name, password, query or fragment")
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return u, nil
	}
	return nil, fmt.Errorf("%q would send the API key unprotected: use https (http is only allowed to this computer)", text)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
