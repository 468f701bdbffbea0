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

// withReport returns the connection with the report, as short as it must be to fit into one entry of the keychain. Usually
// nothing is cut. A report in which every check failed with long texts keeps the beginning of these texts, or at last none.
func withReport(kept vault.Connection, report check.Report) vault.Connection {
	for _, longest := range []int{printable.Longest, 50, 25, 10, 0} {
		data, err := json.Marshal(shortened(report, longest))
		if err != nil {
			break // no type in it can fail
		}
		if kept.Report = data; vault.Fits(kept) {
			break
		}
	}
	return kept
}

// readable is how many characters of a cut fact still tell something. Of a date or an id, a part would mislead.
const readable = 30

// shortened returns the report with times as exact as they are shown, and the facts cut to so many characters. Facts that would
// be cut below [readable] are left out.
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
