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
		key string
		at  int // the values may be large, and stay where they are until their order is known
	}
	key := sortKey(name, id)
	keyed := make([]sortable, len(all))
	for i, value := range all {
		keyed[i] = sortable{key(value), i}
	}
	slices.SortFunc(keyed, func(a, b sortable) int { return cmp.Compare(a.key, b.key) })
	values := slices.Clone(all)
	for i, k := range keyed {
		all[i] = values[k.at]
	}
}

// InsertBy returns sorted values with some more at their places. It is much faster than to sort them all.
func InsertBy[T any](sorted, more []T, name, id func(T) string) []T {
	more = slices.Clone(more)
	SortBy(more, name, id)
	key, from := sortKey(name, id), 0
	all := make([]T, 0, len(sorted)+len(more))
	for _, value := range more {
		n, _ := slices.BinarySearchFunc(sorted[from:], key(value), func(other T, wanted string) int { return cmp.Compare(key(other), wanted) })
		all = append(append(all, sorted[from:from+n]...), value)
		from += n
	}
	return append(all, sorted[from:]...)
}

// sortKey returns what gives the text that a value is sorted by.
func sortKey[T any](name, id func(T) string) func(T) string {
	order, buffer := collate.New(current.Load().language, collate.Numeric), &collate.Buffer{}
	return func(value T) string {
		defer buffer.Reset()
		return string(order.KeyFromString(buffer, name(value))) + "\x00" + id(value)
	}
}
