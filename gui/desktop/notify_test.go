//go:build !headless

package desktop

import (
	"fmt"
	"strings"
	"testing"
)

// unquoted reads a text in double quotes as PowerShell does, and returns what comes after it. It also reports whether a variable or a command
// in it would be replaced.
func unquoted(script string) (text, rest string, expands bool) {
	runes := []rune(strings.TrimPrefix(script, `"`))
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '`' && i+1 < len(runes):
			i++
			text += string(runes[i])
		case strings.ContainsRune(`"“”„`, r):
			return text, string(runes[i+1:]), expands
		default:
			expands = expands || r == '$'
			text += string(r)
		}
	}
	return text, "no end", expands
}

// Whatever an organization is called, its name is a text in the script that shows a notification on Windows, and never a command.
func TestANameIsNoCommand(t *testing.T) {
	for name, shown := range map[string]string{
		"Larkspur Robotics":          "Larkspur Robotics",
		"Juniper & Sons":             "Juniper & Sons",
		`Acme "The Best" Ltd`:        "Acme 'The Best' Ltd",
		`a"; calc; "`:                "a'; calc; '",
		`a\"; calc; \"`:              "a/'; calc; /'",
		"a`\"; calc; `\"":            "a''; calc; ''",
		"$(calc)":                    "$(calc)",
		"`$(calc)":                   "'$(calc)",
		`\$(calc)`:                   "/$(calc)",
		"$env:USERNAME":              "$env:USERNAME",
		"a”; calc; “":                "a'; calc; '",
		"a„; calc; „":                "a'; calc; '",
		"a\n$(calc)\r":               "a $(calc) ",
		"Ørsted 株式会社 Ó":              "Ørsted 株式会社 Ó",
		"`":                          "'",
		"ends with a dollar $":       "ends with a dollar $",
		"ends with a backslash \\":   "ends with a backslash /",
		`two backslashes \\"; calc;`: "two backslashes //'; calc;",
	} {
		if text, rest, expands := unquoted(fmt.Sprintf("%q", forPowerShell(name))); text != shown || rest != "" || expands {
			t.Errorf("%q is %q to PowerShell, then %q; it expands: %v", name, text, rest, expands)
		}
	}
}

func TestANameIsNoMarkup(t *testing.T) {
	for name, shown := range map[string]string{
		"Juniper & Sons":                     "Juniper & Sons",
		`<img src="http://x.example/p.png">`: `‹img src="http://x.example/p.png"›`,
		"</b>a<b>":                           "‹/b›a‹b›",
		"1 < 2":                              "1 ‹ 2",
	} {
		if got := withoutMarkup(name); got != shown {
			t.Errorf("%q is shown as %q", name, got)
		}
	}
}
