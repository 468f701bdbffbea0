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

// shortened returns the report with times as exact as they are shown, and the facts cut to so many characters; without facts
// if that is 0.
func shortened(report check.Report, longest int) check.Report {
	report.Took = report.Took.Round(time.Millisecond)
	report.Results = slices.Clone(report.Results)
	for i, result := range report.Results {
		result.Took = result.Took.Round(100 * time.Microsecond)
		result.Facts = maps.Clone(result.Facts)
		for name, value := range result.Facts {
			if runes := []rune(value); len(runes) > longest {
				result.Facts[name] = string(runes[:longest]) + "…"
			}
		}
		if longest == 0 {
			result.Facts = nil
		}
		report.Results[i] = result
	}
	return report
}
