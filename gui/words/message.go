package words

import (
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Message returns a text for whoever has to act on some results of a report: what was seen, and what to do. It holds no secret.
func Message(report check.Report, about []check.Result, at Place, now time.Time) string {
	paragraphs := []string{Text("message.begin")}
	for _, r := range about {
		seen := strings.TrimSpace(Seen(r.Outcome, now) + " " + Missed(r.Check, r.Outcome))
		paragraphs = append(paragraphs, strings.Join([]string{Verdict(r, report.Results, now) + ".", Text("message.seen", Facts{"Seen": seen}),
			Text("message.remedy", Facts{"Remedy": Remedy(r.Outcome, at, now)})}, "\n"))
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
