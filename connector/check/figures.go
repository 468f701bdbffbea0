package check

import "time"

// Known holds numbers that an earlier validation found, and a later one did not.
type Known struct {
	// At is when they were found.
	At time.Time `json:"at"`
	// Facts are those of the outcomes of the checks that found them.
	Facts map[ID]Facts `json:"facts"`
}

// Figures returns the facts of the checks that counted a list, by check. If the validation found none, they are those that are [Known]
// from an earlier one, and at is when they were found.
func (r Report) Figures() (facts map[ID]Facts, at time.Time) {
	facts = make(map[ID]Facts)
	for _, c := range All() {
		if result := r.Result(c.ID); c.At == AtData && result.Facts.Count("Count").Known() {
			facts[c.ID] = result.Facts
		}
	}
	if len(facts) == 0 {
		return r.Known.Facts, r.Known.At
	}
	return facts, r.At
}

// rememberedBy returns what a later report on the same organization has to remember of this one.
func (r Report) rememberedBy(later Report) Known {
	if found, at := later.Figures(); len(found) > 0 && at.Equal(later.At) {
		return Known{}
	}
	facts, at := r.Figures()
	return Known{At: at, Facts: facts}
}
