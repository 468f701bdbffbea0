package check

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
)

// Credentials are what a person enters to connect.
type Credentials struct {
	// Region is the id of a region, or empty to find it from the key.
	Region string
	// AnyRegion says that the other regions may be asked too, although one was chosen.
	AnyRegion bool
	// APIKey is the key of a JumpCloud administrator or service account.
	APIKey secret.Secret
	// OrganizationID may be empty if the key opens one organization only. It is a Secret because people put the key there by
	// mistake.
	OrganizationID secret.Secret
	// LeftOut says that the pasted or piped text had other words besides the entries. The other words were dropped.
	LeftOut bool
	// OtherOrganization says that another Organization ID came with the key.
	OtherOrganization bool
}

var (
	hex24       = regexp.MustCompile(`^[0-9a-fA-F]{24}$`)
	hex40       = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
	newStyleKey = regexp.MustCompile(`^jca_[0-9A-Za-z]{20,}$`)
	scalePadKey = regexp.MustCompile(`^([0-9a-fA-F]{8}-){7}[0-9a-fA-F]{8}$`)
)

// partOfKey is what a text holds if it must not be shown: an API key of JumpCloud's, or much of one.
var partOfKey = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)jca_[0-9a-z]{8}|(^|[^0-9a-z])[0-9a-f]{40}([^0-9a-z]|$)`)
})

// HoldsKey reports whether a text holds what looks like an API key, so that it must not be shown. Invisible characters within do not count.
func HoldsKey(text string) bool { return partOfKey().MatchString(printable.Visible(text)) }

// IsOrganizationID reports whether a text has the form of an Organization ID.
func IsOrganizationID(text string) bool { return hex24.MatchString(text) }

// likeKey reports whether a text looks like one of JumpCloud's API keys.
func likeKey(text string) bool { return newStyleKey.MatchString(text) || hex40.MatchString(text) }

// WithOrganization returns the credentials with an Organization ID that was entered in its own field. Unless it is blank, it replaces
// an id that came with the key.
func (c Credentials) WithOrganization(entered secret.Secret) Credentials {
	if blank(entered.Reveal()) {
		return c
	}
	came := c.OrganizationID
	c.OrganizationID = entered
	c.OtherOrganization = !came.Empty() && !came.Equal(c.Cleaned().OrganizationID)
	return c
}

// Swapped returns the credentials with the key and the Organization ID exchanged.
func (c Credentials) Swapped() Credentials {
	c.APIKey, c.OrganizationID = c.OrganizationID, c.APIKey
	return c
}

// Keys lists the API keys in the entry of the key if there are several. The person has to choose one.
func (c Credentials) Keys() []secret.Secret {
	var keys []secret.Secret
	if c.read().cause == CauseKeySeveral {
		for _, key := range search(c.APIKey.Reveal()).keys {
			keys = append(keys, secret.New(key))
		}
	}
	return keys
}

// KeyHint returns the part of a key that may be shown, so that people can tell keys apart: its prefix and its last four characters.
func KeyHint(key secret.Secret) string {
	text := key.Reveal()
	prefix := ""
	if newStyleKey.MatchString(text) {
		prefix = "jca_"
	}
	return prefix + "…" + text[max(len(prefix), len(text)-4):]
}

// Cleaned returns the credentials as they may be sent: one key, and one Organization ID in lower case. Each is empty if the entries hold
// none.
func (c Credentials) Cleaned() Credentials {
	e := c.read()
	c.APIKey, c.OrganizationID = secret.New(e.key), secret.New(e.organization)
	return c
}

// Plausible reports whether a screen may check the credentials before anybody asks for it: the key looks like one of JumpCloud's, and
// the Organization ID is well formed or empty.
func (c Credentials) Plausible() bool { return c.Shape().State == Passed }

// Shape is the outcome of the first check, which looks at the entries and makes no request.
func (c Credentials) Shape() Outcome {
	e := c.read()
	return outcome(e.cause, e.facts)
}

// organization returns the Organization ID. It is empty if the entry does not look like one: the entry may be a key, which must not
// leave its Secret.
func (c Credentials) organization() string {
	if id := c.OrganizationID.Reveal(); hex24.MatchString(id) {
		return id
	}
	return ""
}

// entries says what the two entries hold, and how the first check ends.
type entries struct {
	key, organization string // what may be sent
	cause             Cause
	facts             Facts
}

// read searches both entries as it would search a pasted text, because people type all kinds of text.
func (c Credentials) read() entries {
	keyEntry, organizationEntry := c.APIKey.Reveal(), c.OrganizationID.Reveal()
	if len(keyEntry) > longestKey {
		return entries{cause: CauseKeyTooLong}
	}
	inKey, inOrganization := search(keyEntry), search(firstRunes(organizationEntry, LongestEntry))
	if blank(keyEntry) && len(inOrganization.keys) > 0 && inOrganization.organization() != "" {
		inKey = inOrganization // both are in that entry
	}
	e := entries{key: inKey.entry(), organization: inOrganization.organization()}
	came := ""
	if len(inKey.keys) > 0 {
		came = inKey.organization()
	}
	if blank(organizationEntry) {
		e.organization = came
	}
	e.cause, e.facts = c.observed(inKey, inOrganization, came, e.organization)
	if e.cause.Meaning().State == Failed {
		e.key = ""
	}
	return e
}

// observed says what the first check finds. Came is the Organization ID that came with the key, organization the one to use.
func (c Credentials) observed(inKey, inOrganization found, came, organization string) (Cause, Facts) {
	keyEntry, organizationEntry := c.APIKey.Reveal(), c.OrganizationID.Reveal()
	misplaced := len(inOrganization.keys) > 0 && organization == ""
	trouble, facts := inKey.trouble()
	switch {
	case misplaced && (inKey.entry() == "" || hex24.MatchString(inKey.value)):
		return CauseSwapped, nil
	case trouble != "":
		return trouble, facts
	case misplaced:
		return CauseOrganizationIsKey, nil
	case organization == "" && !blank(organizationEntry):
		return CauseOrganizationMalformed, nil
	case c.OtherOrganization || came != "" && came != organization:
		return CauseOrganizationDiffers, nil
	case len(inKey.keys) == 0 && (c.LeftOut || inKey.rest):
		return CauseKeyUnusual, Facts{"LeftOut": "true"}
	case len(inKey.keys) == 0:
		return CauseKeyUnusual, nil
	case c.LeftOut || inKey.rest || inOrganization.rest:
		return CauseEntriesLeftOut, nil
	case strings.TrimSpace(keyEntry) != inKey.entry() || !blank(organizationEntry) && !strings.EqualFold(strings.TrimSpace(organizationEntry), organization):
		return CauseEntriesRepaired, nil
	}
	return CauseEntriesGood, nil
}

// blank reports whether a text shows nothing.
func blank(text string) bool {
	return !strings.ContainsFunc(visible(text), func(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsControl(r) })
}

// trouble says why nothing can be sent as the key. It is empty if something can. An unusual look is no trouble, because JumpCloud may
// change how its keys look.
func (f found) trouble() (Cause, Facts) {
	product := cmp.Or(f.product, productOf(f.value))
	switch {
	case len(f.keys) > 1:
		return CauseKeySeveral, Facts{"Count": strconv.Itoa(len(f.keys))}
	case len(f.keys) == 1:
		return "", nil
	case f.value == "":
		return CauseKeyMissing, nil
	case hex24.MatchString(f.value):
		return CauseKeyIsOrganizationID, nil
	case scalePadKey.MatchString(f.value):
		return CauseKeyIsControlMap, nil
	case product != "":
		return CauseKeyIsOther, Facts{"Product": product}
	case f.prose:
		return CauseKeyIsText, nil
	case !sendable(f.value):
		return CauseKeyUnreadable, nil
	}
	return "", nil
}

// sendable reports whether the text can be the value of an HTTP header.
func sendable(key string) bool {
	return strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
