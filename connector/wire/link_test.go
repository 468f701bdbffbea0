package wire

import (
	"net/http"
	"testing"
)

func TestNextIn(t *testing.T) {
	for name, c := range map[string]struct {
		headers    []string
		next, ends bool
	}{
		"no header":                {nil, false, false},
		"quoted":                   {[]string{`</x?skip=100>; rel="next"`}, true, false},
		"not quoted":               {[]string{`</x>; rel=next`}, true, false},
		"no blanks":                {[]string{`</x>;rel=next`}, true, false},
		"many blanks":              {[]string{` < /x > ;  rel  =  "next" `}, true, false},
		"capitals":                 {[]string{`</x>; REL="NEXT"`}, true, false},
		"several relations":        {[]string{`</x>; rel="prev next"`}, true, false},
		"several links":            {[]string{`</a>; rel="first", </b>; rel="next", </c>; rel="last"`}, true, false},
		"several headers":          {[]string{`</a>; rel=first`, `</b>; rel=next`}, true, false},
		"after other parameters":   {[]string{`</x>; title="a; b, c"; type=json; rel=next`}, true, false},
		"commas in the address":    {[]string{`</x?fields=a,b;c>; rel="next"`}, true, false},
		"an escaped quote":         {[]string{`</x>; title="a\"; rel=last, "; rel=next`}, true, false},
		"the last page":            {[]string{`</a>; rel="first", </c>; rel="prev"`}, false, true},
		"the last page, previous":  {[]string{`</c>; rel=previous`}, false, true},
		"not about pages":          {[]string{`</style.css>; rel=preload; as=style`}, false, false},
		"next in a title":          {[]string{`</x>; title="rel=next"; rel=last`}, false, true},
		"next in the address":      {[]string{`</x;rel=next>; rel=first`}, false, true},
		"a word that begins so":    {[]string{`</x>; rel="nextish"`}, false, false},
		"another parameter":        {[]string{`</x>; relation=next`}, false, false},
		"the second rel is not it": {[]string{`</x>; rel=last; rel=next`}, false, true},
		"not closed":               {[]string{`</x; rel=next`}, false, false},
		"a quote not closed":       {[]string{`</x>; title="; rel=next`}, false, false},
		"empty":                    {[]string{""}, false, false},
		"no value":                 {[]string{`</x>; rel`}, false, false},
	} {
		next, ends := NextIn(http.Header{"Link": c.headers})
		if next != c.next || ends != c.ends {
			t.Errorf("%s: next %v, ends %v", name, next, ends)
		}
	}
}
