package connector

import (
	"regexp"
	"strings"
	"unicode"

	"controlmap-jumpcloud/connector/secret"
)

// Credentials are what a person enters to connect.
type Credentials struct {
	// Region is the id of a region, or empty to find it from the key.
	Region string
	// AnyRegion says that the other regions may be asked too, although one was chosen.
	AnyRegion bool
	// APIKey is the JumpCloud administrator's key.
	APIKey secret.Secret
	// OrganizationID may be empty where the key opens one organization only. It is a Secret because a person may put
	// the key there by mistake.
	OrganizationID secret.Secret
}

var (
	hex24       = regexp.MustCompile(`^[0-9a-fA-F]{24}$`)
	hex40       = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
	newStyleKey = regexp.MustCompile(`^jca_[0-9A-Za-z]{20,}$`)
	scalePadKey = regexp.MustCompile(`^([0-9a-fA-F]{8}-){7}[0-9a-fA-F]{8}$`)
	headerName  = regexp.MustCompile(`(?i)^x-(api-key|org-id)\s*[:=]\s*`)
)

// Cleaned returns the credentials without what copying drags along (blanks, line breaks, quotes, invisible
// characters, the header's name), and whether there was any of it.
func (c Credentials) Cleaned() (Credentials, bool) {
	key, org := clean(c.APIKey.Reveal()), clean(c.OrganizationID.Reveal())
	repaired := key != c.APIKey.Reveal() || org != c.OrganizationID.Reveal()
	c.APIKey, c.OrganizationID = secret.New(key), secret.New(strings.ToLower(org))
	return c, repaired
}

// Plausible reports whether the credentials have a shape that is worth a request: a key as JumpCloud makes them,
// and an Organization ID that is either well formed or left empty.
func (c Credentials) Plausible() bool {
	c, _ = c.Cleaned()
	return likeKey(c.APIKey.Reveal()) && (c.OrganizationID.Empty() || c.organization() != "")
}

// Swapped returns the credentials with key and Organization ID exchanged.
func (c Credentials) Swapped() Credentials {
	c.APIKey, c.OrganizationID = c.OrganizationID, c.APIKey
	return c
}

// organization returns the Organization ID, or "" where the entry does not have the shape of one. So no other text, which
// may be a key, leaves the Secret.
func (c Credentials) organization() string {
	if id := c.OrganizationID.Reveal(); hex24.MatchString(id) {
		return id
	}
	return ""
}

func likeKey(text string) bool { return newStyleKey.MatchString(text) || hex40.MatchString(text) }

// clean removes everything that neither a key nor an id ever contains.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	text = strings.Trim(text, "\"'`‘’“”„«»")
	text = headerName.ReplaceAllString(text, "")
	return strings.Trim(text, "\"'`‘’“”„«»")
}

// Shape is what the first check says of the credentials, which takes no request.
func (c Credentials) Shape() Outcome {
	cleaned, repaired := c.Cleaned()
	cause, facts := cleaned.shape()
	if cause == CauseEntriesGood && repaired {
		cause = CauseEntriesRepaired
	}
	return outcome(cause, facts)
}

// shape says what is wrong with cleaned credentials; CauseEntriesGood if nothing. The shape of a key is no more
// than a warning, since JumpCloud may change it tomorrow.
func (c Credentials) shape() (Cause, Facts) {
	key, org := c.APIKey.Reveal(), c.OrganizationID.Reveal()
	switch product := productOf(key); {
	case likeKey(org) && (key == "" || hex24.MatchString(key)):
		return CauseSwapped, Facts{}
	case key == "":
		return CauseKeyMissing, Facts{}
	case hex24.MatchString(key):
		return CauseKeyIsOrganizationID, Facts{}
	case scalePadKey.MatchString(key):
		return CauseKeyIsControlMap, Facts{}
	case product != "":
		return CauseKeyIsOther, Facts{"Product": product}
	case len(key) > longestKey:
		return CauseKeyTooLong, Facts{}
	case !sendable(key):
		return CauseKeyUnreadable, Facts{}
	case likeKey(org):
		return CauseOrganizationIsKey, Facts{}
	case org != "" && !hex24.MatchString(org):
		return CauseOrganizationMalformed, Facts{}
	case !likeKey(key):
		return CauseKeyUnusual, Facts{}
	}
	return CauseEntriesGood, Facts{}
}

// longestKey is far more than any key has.
const longestKey = 512

// sendable reports whether the text can be the value of an HTTP header.
func sendable(key string) bool {
	return strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
