package jumpcloud

import (
	"encoding/json"
	"net/http"
	"strings"

	"controlmap-jumpcloud/connector/wire"
)

// statusError returns nil for a success with data. Otherwise it returns an error that says what the status and the body mean.
func statusError(req *http.Request, resp *http.Response) error {
	e, location := wire.Failed(req, resp, nil), resp.Header.Get("Location")
	switch status := resp.StatusCode; {
	case status == http.StatusOK && wire.IsPacked(resp):
		e.Kind = wire.ErrUnreadable
	case status == http.StatusOK && !wire.IsPage(resp):
		return nil
	case status/100 == 2 && status != http.StatusOK:
		e.Kind = wire.StatusKind(status)
	case status/100 == 3 && location != "":
		var path string
		if e.Kind, e.Target, path = wire.RedirectKind(req, location); isSignIn(path) {
			e.Kind = ErrKeyRemoved
		}
	case status/100 == 3:
		e.Kind = wire.ErrStatus
	default:
		e.Kind, e.Owner = textKind(status, resp.Header, wire.ReadText(resp))
	}
	return e
}

// isSignIn reports whether a path is that of JumpCloud's sign-in page. JumpCloud redirects requests without a key to it.
func isSignIn(path string) bool {
	first, _, _ := strings.Cut(strings.Trim(strings.ToLower(path), "/"), "/")
	return first == "login" || first == "signin" || first == "sign-in"
}

// statusKind says what a status means if JumpCloud itself answered with this message.
func statusKind(status int, message string) error {
	switch status {
	case http.StatusBadRequest:
		return ErrBadRequest
	case http.StatusUnauthorized:
		if strings.Contains(message, "no organization selected") {
			return ErrNoOrganizationSelected
		}
		return ErrUnauthorized
	case http.StatusPaymentRequired:
		return ErrNotLicensed
	case http.StatusForbidden:
		if strings.Contains(message, "organization selection not allowed") {
			return ErrSelectionNotAllowed
		}
		return ErrForbidden
	case http.StatusNotFound:
		return ErrNotFound
	}
	return wire.StatusKind(status)
}

// textKind says what an answer without data means, and names the product that it is from. JumpCloud refuses in JSON, or in a few
// words that begin with the text of the status. Any other text is not from JumpCloud.
func textKind(status int, h http.Header, text string) (kind error, owner string) {
	if message, ok := ownMessage(status, text); ok {
		return messageKind(status, message)
	}
	return foreignKind(status, wire.WithServer(h, text))
}

// ownMessage returns the message of an answer, if the answer has the form of JumpCloud's answers.
func ownMessage(status int, text string) (message string, ok bool) {
	if wire.IsJSON(text) {
		var said struct{ Message, Error any }
		if json.Unmarshal([]byte(text), &said) != nil {
			return text, true // a long answer is cut off
		}
		for _, value := range []any{said.Message, said.Error} {
			if s, ok := value.(string); ok && s != "" {
				return s, true
			}
		}
		return text, true
	}
	isShort := strings.HasPrefix(text, strings.ToLower(http.StatusText(status))) && status != http.StatusOK && !wire.IsMarkup(text)
	return text, text == "" || isShort
}

// messageKind says what a message in JumpCloud's form means. Some filters answer in the same form.
func messageKind(status int, message string) (kind error, owner string) {
	switch {
	case status/100 == 4 && isAbuse(message):
		return ErrBlocked, ""
	case status != http.StatusForbidden || strings.HasPrefix(message, "forbidden"):
		return statusKind(status, message), ""
	case wire.HasPolicyWords(message):
		return wire.ErrFiltered, wire.FilterIn(message)
	case strings.Contains(message, "has been blocked"):
		return ErrBlocked, ""
	}
	return ErrForbidden, ""
}

// foreignKind says what a page or a text means that is not from JumpCloud, and names the product that it is from, if it says so.
func foreignKind(status int, text string) (kind error, owner string) {
	filter, protector := wire.FilterIn(text), wire.ProtectorIn(text)
	usual := statusKind(status, text)
	switch {
	case filter != "":
		return wire.ErrFiltered, filter
	case status/100 == 5, usual == wire.ErrRateLimited, usual == wire.ErrProxyLogin:
		return usual, ""
	case strings.Contains(text, "suspected abuse"):
		return ErrBlocked, ""
	case protector != "" && wire.IsRateLimitPage(text):
		return wire.ErrRateLimited, ""
	case protector != "":
		return wire.ErrProtected, protector
	case isAbuse(text):
		return ErrBlocked, ""
	case wire.HasPolicyWords(text):
		return wire.ErrFiltered, ""
	case status == http.StatusOK && wire.HasSignInWords(text):
		return wire.ErrSignIn, ""
	case status == http.StatusOK, status == http.StatusForbidden, wire.IsMarkup(text) && !strings.Contains(text, "cannot get /"):
		return ErrNotJumpCloud, ""
	}
	return usual, "" // a word or two, or the page that JumpCloud's server has for an unknown path
}

// isAbuse reports whether JumpCloud says that it has blocked this network's address.
func isAbuse(text string) bool {
	return strings.Contains(text, "suspected abuse") || strings.Contains(text, "your ip") && strings.Contains(text, "blocked")
}
