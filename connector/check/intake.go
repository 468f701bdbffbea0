package check

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"controlmap-jumpcloud/connector/secret"
)

const (
	// longestText is how much of a pasted or piped text is searched, in bytes.
	longestText = 64 << 10
	// longestKey is how long the entry of a key may be, in bytes. No key is nearly as long.
	longestKey = 512
	// LongestEntry is how much a field has to hold, in characters: enough to show that an entry is too long.
	LongestEntry = longestKey + 1
)

// Intake finds the API key, and the Organization ID if there is one, in a text that was pasted or piped: an entry of a password store,
// a line of an .env file, a curl command, JSON, a mail. The result holds nothing else of the text.
//
// The API key is the word that looks like one. If no word does, it is the first line, without a name before it. Intake never joins
// words: a key that a line break has cut in two looks the same as a key with a word after it. If there are several keys, the result
// holds all of them, and the person chooses one, see [Credentials.Keys].
func Intake(text string) Credentials {
	if len(text) > longestText {
		return Credentials{APIKey: secret.New(firstRunes(oneLine(text[:longestText]), LongestEntry))}
	}
	f := search(text)
	taken := Credentials{APIKey: secret.New(f.entry()), LeftOut: f.rest}
	if id := f.organization(); !strings.EqualFold(id, f.value) {
		taken.OrganizationID = secret.New(id)
	}
	return taken
}

// found is what a text holds.
type found struct {
	keys          []string // words that look like a JumpCloud key, each once
	organizations []string // words that look like an Organization ID, each once, in lower case
	value         string   // if there are no keys: the first line without its name
	product       string   // the product that value is for, if the name before it says so
	prose         bool     // value is more than a word, or its name says that it is no key
	rest          bool     // the text has more words than the keys, the value and the Organization ID
}

// mostKeys is how many keys are offered to choose from.
const mostKeys = 5

// search finds keys and Organization IDs in a text.
func search(text string) found {
	text = visible(text)
	words := split(text)
	keys, organizations := candidates{unwanted: make(map[string]string)}, candidates{unwanted: make(map[string]string)}
	named := 0 // where the name of the next word can begin
	for _, w := range words {
		name := text[max(named, w.start-longestName):w.start]
		switch {
		case newStyleKey.MatchString(w.text):
			keys.add(w.text, name, wanted)
		case hex40.MatchString(w.text) && productIn(name) != "":
			keys.add(w.text, name, unwanted)
		case hex40.MatchString(w.text):
			keys.add(w.text, name, meant(name, namesOfKeys(), namesOfHashes()))
		case hex24.MatchString(w.text):
			organizations.add(strings.ToLower(w.text), name, meant(name, namesOfOrganizations(), namesOfOthers()))
		default:
			continue
		}
		named = w.end
	}
	f := found{keys: keys.words[wanted], organizations: organizations.words[wanted]}
	if !slices.ContainsFunc(f.keys, newStyleKey.MatchString) {
		f.keys = append(f.keys, keys.words[unnamed]...)
	}
	if len(f.organizations) == 0 {
		f.organizations = organizations.words[unnamed]
	}
	f.keys = f.keys[:min(len(f.keys), mostKeys)]
	if len(f.keys) == 0 {
		f.setValue(text, words, keys)
	}
	f.setRest(words)
	return f
}

// setValue finds the value to take for the key if no word looks like a key. If the text shows that the value is no key, the value
// keeps the words that show it.
func (f *found) setValue(text string, words []word, keys candidates) {
	name, value := firstValue(text)
	f.value = firstRunes(value, LongestEntry)
	if before, ok := keys.unwanted[f.value]; ok {
		f.value, f.product, f.prose = oneLine(before+f.value), productIn(before), true
	} else if otherValue(name) {
		f.value, f.product, f.prose = firstRunes(name+f.value, LongestEntry), productIn(name), true
	} else if parts := inParts(text, words); parts != "" {
		f.value = parts
	}
	f.prose = f.prose || strings.ContainsFunc(strings.TrimRight(f.value, "="), separator)
}

// setRest notes whether the text has other words too. Names of headers do not count.
func (f *found) setRest(words []word) {
	taken := f.keys
	for _, w := range split(f.value) {
		taken = append(taken, w.text)
	}
	f.rest = slices.ContainsFunc(words, func(w word) bool {
		return !slices.Contains(taken, w.text) && !strings.EqualFold(w.text, f.organization()) && !header.MatchString(w.text)
	})
}

// entry is the text for the field of the API key. Each of several keys gets a name before it, so that search finds the key again.
func (f found) entry() string {
	switch len(f.keys) {
	case 0:
		return f.value
	case 1:
		return f.keys[0]
	}
	return "key " + strings.Join(f.keys, " key ")
}

// organization is the Organization ID in the text. It is empty if there is none, or more than one.
func (f found) organization() string {
	if len(f.organizations) == 1 {
		return f.organizations[0]
	}
	return ""
}

// candidates holds the words of one shape, each once, by what the names before them mean.
type candidates struct {
	words    [3][]string       // of each meaning
	unwanted map[string]string // the names before words that are not wanted
}

func (c *candidates) add(text, name string, m meaning) {
	if !slices.Contains(c.words[m], text) {
		c.words[m] = append(c.words[m], text)
	}
	if m == unwanted {
		c.unwanted[text] = name
	}
}

// meaning is what the name before a word says about the word.
type meaning int

const (
	unnamed meaning = iota
	wanted
	unwanted
)

// longestName is how far before a word its name may begin, in bytes.
const longestName = 32

// Names that stand before words of 40 and of 24 hexadecimal digits. Commits and fingerprints look like older keys, and so does the
// connect key, with which JumpCloud's agent is installed.
var (
	namesOfKeys = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)key|token|secret|jumpcloud|schlüssel|clé|clave|\bjc`)
	})
	namesOfHashes = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)commit|(\b|_)sha-?\d*(\b|_)|hash|checksum|digest|finger|thumb|revision|\b(rev|ref|head|tree|parent)\b|etag|connect[\s_-]*key`)
	})
	namesOfOrganizations = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)org|tenant`) })
	namesOfOthers        = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)user|system|device|group|admin|polic|command|applic`)
	})
	header = regexp.MustCompile(`(?i)^x-(api-key|org-id)$`)
)

// namesOfOtherValues matches names of values that are no API key: a password, an address, a code.
var namesOfOtherValues = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)pass|pwd|\bpw\b|kennwort|contraseña|mot de|login|log-in|user|benutzer|usuario|utilisateur|account|konto|compte|cuenta|mail|url|\buri\b|link|host|site|web|code|recover|otp\b|\bpin\b|comment|note|folder|title|\bname\b`)
})

// otherValue reports whether a name says that its value is not the API key: it names something else, or two things.
func otherValue(name string) bool {
	twice := strings.Count(strings.TrimRight(name, ": "), ":") > 0
	return twice || productIn(name) != "" || meant(name, namesOfKeys(), namesOfOtherValues()) == unwanted
}

// meant says what the last name before a word means.
func meant(name string, yes, no *regexp.Regexp) meaning {
	lastEnd := func(e *regexp.Regexp) int {
		end := 0
		for _, at := range e.FindAllStringIndex(name, -1) {
			end = at[1]
		}
		return end
	}
	switch good, bad := lastEnd(yes), lastEnd(no); {
	case good > bad:
		return wanted
	case bad > 0:
		return unwanted
	}
	return unnamed
}

// longestParts is how long a key in several parts may be, in bytes.
const longestParts = 100

// inParts finds words that together look like a key, with only blanks or line breaks between them. It does not join them, because the
// later words may be something else.
func inParts(text string, words []word) string {
	for i := range words {
		joined := words[i].text
		for j := i + 1; j < len(words) && len(joined) < longestParts; j++ {
			if between := text[words[j-1].end:words[j].start]; strings.Trim(between, "=\\ \t\r\n\u00a0") != "" {
				break
			}
			if joined += words[j].text; likeKey(joined) {
				return oneLine(text[words[i].start:words[j].end])
			}
		}
	}
	return ""
}
