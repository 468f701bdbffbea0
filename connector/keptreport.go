package connector

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/vault"
)

// withReport returns the connection with the report, cut so that both fit into one entry of the keychain. Usually nothing has to be cut.
// Former numbers go first. If every check failed with long texts, only the beginning of these texts is kept, or none of them.
func withReport(kept vault.Connection, report check.Report) vault.Connection {
	for _, longest := range []int{printable.Longest, printable.Longest, 50, 25, 10, 0} { // the second time without former numbers
		data, err := json.Marshal(shortened(report, longest))
		if err != nil {
			break // cannot happen: every type in it can be written
		}
		if kept.Report = data; vault.Fits(kept) {
			break
		}
		report.Former = nil // a failure says more than former numbers
	}
	return kept
}

// fitting returns a connection of which more is kept now, with its report cut if both do not fit into one entry any more.
func fitting(kept vault.Connection) vault.Connection {
	if vault.Fits(kept) {
		return kept
	}
	return withReport(kept, reportOf(kept))
}

// readable is how many characters of a fact must be left so that it still says something. A part of a date or an id would mislead.
const readable = 30

// shortened returns the report with times as exact as they are shown, and facts of at most so many characters. It leaves out facts that
// would have fewer than [readable] characters.
func shortened(report check.Report, longest int) check.Report {
	report.Took = report.Took.Round(time.Millisecond)
	report.Results = slices.Clone(report.Results)
	for i, result := range report.Results {
		result.Took = result.Took.Round(100 * time.Microsecond)
		result.Facts = maps.Clone(result.Facts)
		for name, value := range result.Facts {
			runes := []rune(value)
			switch {
			case len(runes) > longest && longest < readable:
				delete(result.Facts, name)
			case len(runes) > longest:
				result.Facts[name] = string(runes[:longest]) + "…"
			}
		}
		report.Results[i] = result
	}
	return report
}
