package check

import (
	"maps"
	"time"
)

// Figure is what a validation counted in one list.
type Figure struct {
	// At is when that validation was.
	At time.Time `json:"at"`
	// Facts are those of the check that counted.
	Facts Facts `json:"facts"`
}

// Figures returns what is known of each list, by the check that counts it: what this validation counted, or else what an earlier one did.
func (r Report) Figures() map[ID]Figure {
	figures := make(map[ID]Figure)
	maps.Copy(figures, r.Former)
	for _, c := range All() {
		if result := r.Result(c.ID); c.At == AtData && result.Facts.Count("Count").Known() {
			figures[c.ID] = Figure{At: r.At, Facts: result.Facts}
		}
	}
	return figures
}

// rememberedBy returns the figures of this report on lists that a later one, on the same organization, has not counted.
func (r Report) rememberedBy(later Report) map[ID]Figure {
	figures, counted := r.Figures(), later.Figures()
	maps.DeleteFunc(figures, func(list ID, _ Figure) bool { _, ok := counted[list]; return ok })
	return figures
}
