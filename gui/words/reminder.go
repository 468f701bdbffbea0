package words

import (
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Reminder returns what a reminder of a key says: of the key that so many connections use, the first of them by name. Years is how old a key
// without an end is, 0 for one with an end.
func Reminder(name string, count, years int, report check.Report, now time.Time) (title, text string) {
	if count > 1 {
		name = Text("reminder.and_others", Facts{"Name": name, "Count": strconv.Itoa(count - 1)})
	}
	facts := Facts{"Name": name, "Count": strconv.Itoa(years)}
	if years > 0 {
		return Text("reminder.years", facts), Text("reminder.years_text")
	}
	delete(facts, "Count")
	return Text("reminder.ends", facts, OutcomeFacts(report.KeyEnd(now), now)), Text("reminder.ends_text")
}

// Reminders returns what one notification says of the reminders of several keys, each with the title of its own.
func Reminders(titles []string) (title, text string) {
	return Text("reminder.several", Facts{"Count": strconv.Itoa(len(titles))}), strings.Join(titles[:min(len(titles), mostNamed)], ". ") + "."
}
