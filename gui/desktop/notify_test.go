//go:build !windows && !headless

package desktop

import "testing"

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
