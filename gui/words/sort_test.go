package words

import (
	"slices"
	"testing"
)

// sorted returns names in the order of a language.
func sorted(t *testing.T, language string, names ...string) []string {
	t.Helper()
	if _, err := Use(language); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = Use("en") })
	SortBy(names, func(name string) string { return name }, func(string) string { return "" })
	return names
}

func TestNamesAreSortedAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct {
		language string
		want     []string
	}{
		{"en", []string{"ägir", "Alba", "Client 2", "Client 10", "Ørsted", "Otto", "straße", "Strasser", "Zulu"}},
		{"de", []string{"Ägir", "Alba", "Österreich", "Otto", "Zulu"}},
		{"es", []string{"nube", "Nunez", "ñandú", "Oca"}},
	} {
		got := slices.Clone(c.want)
		slices.Reverse(got)
		if got = sorted(t, c.language, got...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.language, got)
		}
	}
}

func TestTheSameNamesAreSortedByID(t *testing.T) {
	all := []struct{ name, id string }{{"Alba", "2"}, {"Alba", "1"}, {"alba", "0"}}
	SortBy(all, func(one struct{ name, id string }) string { return one.name }, func(one struct{ name, id string }) string { return one.id })
	if all[1].id != "1" || all[2].id != "2" {
		t.Errorf("%v", all)
	}
}

// What is inserted ends up where sorting all would have put it.
func TestInsertBy(t *testing.T) {
	name, id := func(one [2]string) string { return one[0] }, func(one [2]string) string { return one[1] }
	all := [][2]string{{"ägir", "1"}, {"Alba", "1"}, {"Alba", "2"}, {"Alba", "3"}, {"Client 2", "1"}, {"Client 10", "1"}, {"Ørsted", "1"}, {"Zulu", "1"}}
	for more := range 1 << len(all) {
		var sorted, others [][2]string
		for i, one := range all {
			if more>>i&1 == 0 {
				sorted = append(sorted, one)
			} else {
				others = append([][2]string{one}, others...)
			}
		}
		if got := InsertBy(sorted, others, name, id); !slices.Equal(got, all) {
			t.Fatalf("%v among %v: %v", others, sorted, got)
		}
	}
}

func BenchmarkSortBy(b *testing.B) {
	names := make([]string, 5000)
	for i := range names {
		names[i] = "Wotton & Clavering Client " + string(rune('A'+i%26)) + string(rune('a'+i%17))
	}
	for b.Loop() {
		SortBy(slices.Clone(names), func(name string) string { return name }, func(string) string { return "" })
	}
}
