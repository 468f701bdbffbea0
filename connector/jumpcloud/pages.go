package jumpcloud

import (
	"encoding/json"
	"net/http"
	"strings"

	"controlmap-jumpcloud/connector/wire"
)

// bodyKind says what an answer means that is no success with data, and whose it is. It looks at the status and the body. JumpCloud
// refuses in JSON, or in a few words that begin with the text of the status. Any other body is somebody else's.
func bodyKind(status int, h http.Header, body []byte) (kind error, owner string) {
	text := strings.ToLower(string(trimmed(body)))
	markup := isMarkup(body)
	if !markup {
		if message, ok := ownMessage(status, text); ok {
			return messageKind(status, message)
		}
	}
	return foreignKind(status, h, text, markup)
}

// ownMessage returns the message of an answer, if the answer has the form of JumpCloud's.
func ownMessage(status int, text string) (message string, ok bool) {
	if isJSON([]byte(text)) {
		var said struct{ Message, Error any }
		if json.Unmarshal([]byte(text), &said) != nil {
			return text, true // an answer of 64 KiB or more is cut off
		}
		for _, value := range []any{said.Message, said.Error} {
			if s, ok := value.(string); ok && s != "" {
				return s, true
			}
		}
		return text, true
	}
	return text, text == "" || strings.HasPrefix(text, strings.ToLower(http.StatusText(status))) && status != http.StatusOK
}

// messageKind says what a message in JumpCloud's form means. Some filters answer in that form too.
func messageKind(status int, message string) (kind error, owner string) {
	switch {
	case status/100 == 4 && isAbuse(message):
		return ErrBlocked, ""
	case status != http.StatusForbidden || strings.HasPrefix(message, "forbidden"):
		return statusKind(status, message), ""
	case containsAny(message, policyMarks):
		return wire.ErrFiltered, ownerOf(message, filters)
	case strings.Contains(message, "has been blocked"):
		return ErrBlocked, ""
	}
	return ErrForbidden, ""
}

// foreignKind says what a page or text of somebody else means, and whose it is if that can be seen.
func foreignKind(status int, h http.Header, text string, markup bool) (kind error, owner string) {
	text += "\nserver: " + strings.ToLower(h.Get("Server"))
	if h.Get("X-Squid-Error") != "" {
		text += " (squid)"
	}
	filter, protector := ownerOf(text, filters), ownerOf(text, protectors)
	usual := statusKind(status, text)
	switch {
	case filter != "":
		return wire.ErrFiltered, filter
	case status/100 == 5, usual == wire.ErrRateLimited, usual == wire.ErrProxyLogin:
		return usual, ""
	case strings.Contains(text, "suspected abuse"):
		return ErrBlocked, ""
	case protector != "" && containsAny(text, []string{"error code: 1015", "rate limited"}):
		return wire.ErrRateLimited, ""
	case protector != "":
		return wire.ErrProtected, protector
	case isAbuse(text):
		return ErrBlocked, ""
	case containsAny(text, policyMarks):
		return wire.ErrFiltered, ""
	case status == http.StatusOK && containsAny(text, signInMarks):
		return wire.ErrSignIn, ""
	case status == http.StatusOK, status == http.StatusForbidden, markup && !strings.Contains(text, "cannot get /"):
		return ErrNotJumpCloud, ""
	}
	return usual, "" // a word or two, or the page of JumpCloud's server for an unknown path
}

// isAbuse reports whether JumpCloud says that it has blocked this network's address.
func isAbuse(text string) bool {
	return strings.Contains(text, "suspected abuse") || strings.Contains(text, "your ip") && strings.Contains(text, "blocked")
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// product is a product that answers in the place of others. Marks are texts in its pages, in small letters.
type product struct {
	name  string
	marks []string
}

func ownerOf(text string, products []product) string {
	for _, p := range products {
		if containsAny(text, p.marks) {
			return p.name
		}
	}
	return ""
}

// filters stand in a company's network, or on its computers.
var filters = []product{
	{"Cloudflare Gateway", []string{"cloudflare gateway", "cloudflare-gateway", "cloudflare zero trust", "cloudflareaccess"}},
	{"Zscaler", []string{"zscaler"}},
	{"Fortinet", []string{"fortinet", "fortigate", "fortiguard", "fortiproxy"}},
	{"Cisco Umbrella", []string{"cisco umbrella", "opendns", "umbrella.com"}},
	{"Cisco Secure Web Appliance", []string{"ironport", "cisco secure web appliance"}},
	{"Palo Alto Networks", []string{"palo alto networks", "paloaltonetworks", "globalprotect"}},
	{"Squid", []string{"squid", "err_access_denied"}},
	{"Sophos", []string{"sophos"}},
	{"Barracuda", []string{"barracuda"}},
	{"Symantec (Blue Coat)", []string{"blue coat", "bluecoat", "proxysg", "symantec web security"}},
	{"Forcepoint", []string{"forcepoint", "websense"}},
	{"Netskope", []string{"netskope"}},
	{"Skyhigh (McAfee)", []string{"mcafee web gateway", "skyhigh security", "skyhigh secure web gateway"}},
	{"Check Point", []string{"check point software", "usercheck"}},
	{"WatchGuard", []string{"watchguard"}},
	{"SonicWall", []string{"sonicwall"}},
	{"iboss", []string{"iboss"}},
	{"Menlo Security", []string{"menlo security", "menlosecurity"}},
	{"Cato Networks", []string{"cato networks", "catonetworks"}},
	{"Lightspeed", []string{"lightspeed systems"}},
	{"Smoothwall", []string{"smoothwall"}},
	{"Trend Micro", []string{"trend micro", "trendmicro"}},
	{"Kaspersky", []string{"kaspersky"}},
	{"DNSFilter", []string{"dnsfilter"}},
	{"NextDNS", []string{"nextdns"}},
}

// protectors stand in front of a service, and refuse requests that they suspect.
var protectors = []product{
	{"Cloudflare", []string{"error code: 10", "attention required! | cloudflare", "cf-error-details", "cloudflare ray id", "cdn-cgi/"}},
	{"Akamai", []string{"errors.edgesuite.net", "reference #", "reference&#32;&#35;", "server: akamai"}},
	{"Amazon CloudFront", []string{"generated by cloudfront"}},
	{"Imperva", []string{"incapsula", "imperva"}},
	{"Sucuri", []string{"sucuri"}},
	{"Fastly", []string{"fastly error"}},
	{"Azure Front Door", []string{"azure front door", "x-azure-ref"}},
}

// policyMarks are words with which filters say why they refuse.
var policyMarks = []string{"company policy", "company's policy", "corporate policy", "organization's policy", "organisation's policy",
	"organization policy", "security policy", "network policy", "usage policy", "use policy", "access policy", "blocked by policy",
	"policy violation", "acceptable use", "web filter", "content filter", "url filter", "web page blocked", "page is blocked",
	"site is blocked", "site has been blocked", "page has been blocked", "access to this site", "access to this web", "blocked by your",
	"blocked by the", "your administrator", "network administrator", "system administrator", "it department", "help desk",
	"blocked category", "url category", "not allowed here", "internet access policy"}

// signInMarks are words in the first pages of guest networks.
var signInMarks = []string{"<form", "password", "sign in", "sign-in", "log in", "login", "guest", "captive", "wi-fi", "wifi", "hotspot",
	"wispaccessgateway", "accept the terms", "terms and conditions", "terms of use"}
