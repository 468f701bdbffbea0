package words

import (
	"cmp"
	"slices"

	"golang.org/x/text/collate"
)

// SortBy sorts values by their names, in the order of the current language. Numbers in names count by their value. Values of the same name
// are sorted by their ids.
func SortBy[T any](all []T, name, id func(T) string) {
	type sortable struct {
		key   string
		value T
	}
	order, buffer := collate.New(current.Load().language, collate.Numeric), &collate.Buffer{}
	keyed := make([]sortable, len(all))
	for i, value := range all {
		keyed[i] = sortable{string(order.KeyFromString(buffer, name(value))) + "\x00" + id(value), value}
		buffer.Reset()
	}
	slices.SortFunc(keyed, func(a, b sortable) int { return cmp.Compare(a.key, b.key) })
	for i, k := range keyed {
		all[i] = k.value
	}
}
