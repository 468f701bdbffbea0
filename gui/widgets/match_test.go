package widgets

import "testing"

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		wanted, text string
		found        bool
	}{
		{"orsted", "Ørsted", true},
		{"ØRSTED", "orsted A/S", true},
		{"strasse", "Königstraße 4", true},
		{"KÖNIG", "konigstrasse", true},
		{"lodz", "Łódź", true},
		{"istanbul", "İstanbul", true},
		{"office", "Oﬃce", true}, // with a ligature
		{" larkspur ", "Larkspur Robotics", true},
		{"", "anything", true},
		{"larkspurs", "Larkspur Robotics", false},
		{"東京", "東京電力", true},
		{"北京", "東京電力", false},
	} {
		if Match(c.wanted)("", c.text) != c.found {
			t.Errorf("searching %q for %q: found is %t", c.text, c.wanted, !c.found)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for b.Loop() {
		match := Match("orsted")
		for range 5000 {
			match("Ørsted Wind Power Holding", "Ørsted", "5f0000000000000000000001", "controlmap@orsted.example")
		}
	}
}
