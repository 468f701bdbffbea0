package check

import (
	"regexp"
	"strings"
)

// products lists products whose tokens people are likely to have at hand when they prepare an audit. The shapes are those that their
// makers document.
var products = []struct {
	name  string
	shape *regexp.Regexp
}{
	{"GitHub", regexp.MustCompile(`^(gh[pousr]_|github_pat_)\w+$`)},
	{"GitLab", regexp.MustCompile(`^glpat-[\w.-]+$`)},
	{"Slack", regexp.MustCompile(`^xox[a-z]-[\w-]+$`)},
	{"Atlassian", regexp.MustCompile(`^ATATT[\w=-]+$`)},
	{"AWS", regexp.MustCompile(`^(AKIA|ASIA)[A-Z0-9]{16}$`)},
	{"Google", regexp.MustCompile(`^(AIza[\w-]{35}|ya29\.[\w.-]+)$`)},
	{"Okta", regexp.MustCompile(`^00[\w-]{40}$`)},
	{"Stripe", regexp.MustCompile(`^[srp]k_(live|test)_\w+$`)},
	{"OpenAI", regexp.MustCompile(`^sk-(proj-)?[\w-]{20,}$`)},
	{"JSON Web Token", regexp.MustCompile(`^eyJ[\w-]+\.[\w-]+\.[\w-]*$`)},
	{"SSH", regexp.MustCompile(`^(ssh-(rsa|ed25519)|-----BEGIN)`)},
}

// productOf names the product whose tokens have this shape. It is empty if no product here has such tokens.
func productOf(token string) string {
	for _, p := range products {
		if p.shape.MatchString(token) {
			return p.name
		}
	}
	return ""
}

// productIn names the product that a text mentions. It is empty if the text mentions none of these, or mentions JumpCloud.
func productIn(text string) string {
	text = strings.ToLower(text)
	if strings.Contains(text, "jumpcloud") {
		return ""
	}
	for _, p := range products {
		if at := strings.Index(text, strings.ToLower(p.name)); at == 0 || at > 0 && !alphanumeric(rune(text[at-1])) {
			return p.name
		}
	}
	return ""
}
