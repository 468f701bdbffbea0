package wire

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var hostName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\pN_](?:[\pL\pN\pM_.-]*[\pL\pN\pM_])?$`) })

// CheckHost checks the host and the port of an address that a person entered. It rewrites them in their usual spelling: lower
// case, no dot at the end, no default port. The error is a sentence for that person.
func CheckHost(u *url.URL) error {
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
	case !hostName().MatchString(host) || strings.Contains(host, ".."):
		return errors.New("the name of the host has characters that no name has")
	}
	u.Host = host
	if usual := map[string]int{"http": 80, "https": 443}[u.Scheme]; port != "" && n != usual {
		u.Host += ":" + strconv.Itoa(n)
	}
	return nil
}
