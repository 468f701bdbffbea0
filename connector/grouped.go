package connector

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
