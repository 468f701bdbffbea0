package wire

import (
	"net/http"
	"slices"
	"strings"
)

// NextIn reads the Link headers of an answer (RFC 8288). Next reports whether they announce another page. Ends reports whether they
// are about pages but announce none. Their addresses are not used: clients ask for pages by number, so no answer can send the key
// to another host.
func NextIn(h http.Header) (next, ends bool) {
	var all []string
	for _, value := range h.Values("Link") {
		all = append(all, relations(value)...)
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(all, func(rel string) bool { return slices.Contains(names, strings.ToLower(rel)) })
	}
	next = has("next")
	return next, !next && has("first", "prev", "previous", "last")
}

// relations lists the relations in a Link header. Here they are next and last:
//
//	<https://…?skip=100>; rel="next", <https://…?skip=900>; title="the end"; rel=last
func relations(value string) []string {
	var all []string
	for {
		_, rest, opened := strings.Cut(value, "<")
		_, rest, closed := strings.Cut(rest, ">")
		if !opened || !closed {
			return all
		}
		var parameters string
		parameters, value = cutOutsideQuotes(rest, ',')
		all = append(all, relationsOf(parameters)...)
	}
}

// relationsOf reads the parameter rel of one link. The first one counts.
func relationsOf(parameters string) []string {
	for parameters != "" {
		var parameter string
		parameter, parameters = cutOutsideQuotes(parameters, ';')
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "rel") {
			return strings.Fields(strings.ReplaceAll(value, `"`, " "))
		}
	}
	return nil
}

// cutOutsideQuotes is [strings.Cut] at the first separator outside of quotes.
func cutOutsideQuotes(text string, separator byte) (before, after string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case quoted && text[i] == '\\':
			i++ // skip the escaped character
		case !quoted && text[i] == separator:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
