package words

import (
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Message returns a text for whoever has to act on some results of a report: what was seen, and what to do. Lists that cannot be read for
// the same cause share a paragraph. The text holds no secret.
func Message(report check.Report, about []check.Result, now time.Time) string {
	paragraphs := []string{Text("message.begin")}
	for _, r := range about {
		paragraph := strings.Join([]string{Verdict(r, report.Results, now) + ".", Text("message.seen", Facts{"Seen": Observed(r, report.Results, now)}),
			Text("message.remedy", Facts{"Remedy": Remedy(r.Outcome, InMessage, now)})}, "\n")
		if !slices.Contains(paragraphs, paragraph) {
			paragraphs = append(paragraphs, paragraph)
		}
	}
	var facts []string
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, Text(key)+": "+value)
		}
	}
	add("details.administrator", report.Administrator.Email)
	add("details.role", report.Administrator.Role)
	add("details.organization", report.Organization.Name)
	add("details.region", Region(report.Region))
	if len(facts) > 0 {
		paragraphs = append(paragraphs, strings.Join(facts, "\n"))
	}
	return strings.Join(append(paragraphs, Text("message.end")), "\n\n")
}
