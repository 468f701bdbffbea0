package words

import (
	"strconv"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Reminder returns what a reminder of a key says: of the key that so many connections use, the first of them by name. Years is how old a key
// without an end is, 0 for one with an end.
func Reminder(name string, count, years int, report check.Report, now time.Time) (title, text string) {
	facts := Facts{"Name": name, "Others": strconv.Itoa(count - 1), "Count": strconv.Itoa(years)}
	if count > 1 {
		facts["Name"] = Text("reminder.and_others", facts)
	}
	if years > 0 {
		return Text("reminder.years", facts), Text("reminder.years_text")
	}
	return Text("reminder.ends", facts, OutcomeFacts(report.KeyEnd(now), now)), Text("reminder.ends_text")
}
