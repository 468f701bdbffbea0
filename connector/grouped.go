package connector

import (
	"cmp"
	"slices"

	"controlmap-jumpcloud/connector/check"
)

// grouped returns values in groups of the same key, in the order in which the keys come first.
func grouped[T any, K comparable](all []T, key func(T) K) (groups [][]T) {
	at := make(map[K]int)
	for _, one := range all {
		i, known := at[key(one)]
		if !known {
			i = len(groups)
			at[key(one)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], one)
	}
	return groups
}

// byCause returns values in groups of the same cause, the largest first.
func byCause[T any](all []T, cause func(T) check.Cause) [][]T {
	groups := grouped(all, cause)
	slices.SortStableFunc(groups, func(a, b []T) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(cause(a[0]), cause(b[0])))
	})
	return groups
}
