package gui

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/printable"
)

// facts fill the places of a text.
type facts map[string]string

// text returns the words for key in the user's language. A key without words shows as itself, so that a gap is
// seen and not silent.
func text(key string, with ...facts) string {
	data := facts{}
	for _, f := range with {
		maps.Copy(data, f)
	}
	said, err := words.Load().Localize(&i18n.LocalizeConfig{DefaultMessage: &i18n.Message{ID: key, Other: key},
		TemplateData: data, PluralCount: counted(data)})
	if err != nil && said == "" {
		return key
	}
	return said
}

// counted is the number that a text speaks of, which its plural forms depend on, nil where there is none. A text without
// such forms is the same for every number.
func counted(data facts) any {
	for _, name := range []string{"Days", "Count"} {
		if n, err := strconv.Atoi(data[name]); err == nil {
			return n
		}
	}
	return nil
}

// has reports whether there are words for key.
func has(key string) bool { return text(key) != key }

func title(id connector.CheckID) string { return text("check." + string(id) + ".title") }

func stateWord(s connector.State) string { return text("state." + s.String()) }

func regionName(id string) string {
	if host, ok := strings.CutPrefix(id, "at:"); ok {
		return host // an address that was given in place of JumpCloud's regions
	}
	if key := "region." + id; has(key) {
		return text(key)
	}
	return id
}

// regionNames puts names in place of ids, which are separated by commas.
func regionNames(ids string) string {
	if ids == "" {
		return ""
	}
	names := strings.Split(ids, ",")
	for i, id := range names {
		names[i] = regionName(id)
	}
	return strings.Join(names, ", ")
}

// seen says what was observed.
func seen(o connector.Outcome, now time.Time) string {
	if o.Cause == "" {
		return ""
	}
	return text("cause."+string(o.Cause)+".seen", shown(o, now))
}

// missed says what ControlMap will miss where a check could not read what it is about, "" where it will miss nothing.
func missed(id connector.CheckID, o connector.Outcome) string {
	unread := o.State == connector.Failed || o.State == connector.Warning || o.Cause == connector.CauseNotLicensed
	if key := "check." + string(id) + ".missed"; unread && has(key) {
		return text(key)
	}
	return ""
}

// remedy says what to do about it, "" where nothing needs to be done.
func remedy(o connector.Outcome, now time.Time) string {
	key := "cause." + string(o.Cause) + ".remedy"
	if o.Cause == "" || !has(key) {
		return ""
	}
	return text(key, shown(o, now))
}

// place is where an outcome is shown. What is to be done can depend on it.
type place string

const (
	inForm  place = ""
	inKept  place = "_kept"  // a kept connection, whose entries are not on the screen
	inPiped place = "_piped" // the terminal, about a key that came through a pipe
)

// move is the remedy with whose move it is.
func move(o connector.Outcome, at place, now time.Time) string {
	what, who := remedy(o, now), o.Cause.Meaning().Move
	if key := "cause." + string(o.Cause) + ".remedy" + string(at); has(key) {
		what = text(key, shown(o, now))
	}
	if what == "" || who == connector.MoveNobody {
		return what
	}
	return text("move."+string(who), facts{"Remedy": what})
}

// causeText is what was seen and what to do, for causes outside of checks.
func causeText(c connector.Cause) string {
	o := connector.Outcome{Cause: c}
	return strings.TrimSpace(seen(o, time.Time{}) + " " + remedy(o, time.Time{}))
}

// shown prepares an outcome's facts for people: a region by its name, an address without its scheme, a time as a date,
// and what is left of a wait in seconds. Facts that the connector did not give are empty, so that no text shows a place
// unfilled.
func shown(o connector.Outcome, now time.Time) facts {
	f := facts{"Field": "", "Status": "", "Seconds": "", "Organization": "", "OrganizationID": "", "Email": "", "Host": "", "Count": "",
		"Region": "", "Chosen": "", "Role": "", "MFA": "", "Encrypted": "", "Issuer": "", "Names": "", "Expired": "", "Now": "",
		"Off": "", "Ahead": "", "Wait": "", "Tries": "", "Detail": "", "Owner": "", "Target": "", "Proxy": "", "Setting": "",
		"Resource": "", "Issuing": "", "Flaw": "", "Worked": "", "Created": "", "Expires": "", "Days": "", "Left": "", "Age": "",
		"Accepted": "", "Product": "", "LeftOut": "", "NotTold": "", "Unread": "", "Refused": "", "Unasked": "", "Why": "", "More": ""}
	for name, value := range o.Facts {
		f[name] = printable.Line(value)
	}
	for _, name := range []string{"Count", "MFA", "Encrypted", "NotTold", "Unread"} {
		f[name] = countWords(f[name])
	}
	for _, name := range []string{"Region", "Chosen", "Refused", "Unasked"} {
		f[name] = regionNames(f[name])
	}
	f["Host"] = strings.TrimPrefix(strings.TrimPrefix(f["Host"], "https://"), "http://")
	for _, name := range []string{"Worked", "Expired", "Now", "Created", "Expires"} {
		if t, err := time.Parse(time.RFC3339, f[name]); err == nil {
			f[name] = t.Local().Format(text("format.date"))
		}
	}
	if days, err := strconv.Atoi(f["Days"]); err == nil {
		f["Left"], f["Age"] = inDays("left", "tomorrow", days), inDays("age", "yesterday", days)
	}
	if d, err := time.ParseDuration(f["Off"]); err == nil {
		f["Off"] = roughly(d)
	}
	if until, ok := waits(o); ok {
		f["Seconds"] = ""
		if left := until.Sub(now); left > 0 {
			f["Seconds"], f["Wait"] = strconv.Itoa(int(roundedUp(left, time.Second)/time.Second)), toWait(left)
		}
	}
	if key := "cause." + f["Why"] + ".seen"; has(key) {
		f["Why"] = text(key, f) // the cause behind this one
	}
	return f
}

// inDays says how far away a day is, in the words of left or of age, which have one of their own for one day.
func inDays(words, one string, days int) string {
	switch days {
	case 0:
		return text(words + ".today")
	case 1:
		return text(words + "." + one)
	}
	return text(words+".days", facts{"Days": strconv.Itoa(days)})
}

// keyEnds says when the key of a report ends, "" where that is not known.
func keyEnds(r connector.Report, now time.Time) string {
	o := r.KeyEnd(now)
	switch o.Cause {
	case connector.CauseKeyEnd, connector.CauseKeyExpires:
		return text("ends.on", shown(o, now))
	case connector.CauseKeyEnded:
		return text("ends.ended", shown(o, now))
	case connector.CauseKeyEndless:
		return text("ends.never")
	}
	return ""
}

// keyEndsSoon says in short when a key ends that should be replaced, "" for others.
func keyEndsSoon(r connector.Report, now time.Time) string {
	o := r.KeyEnd(now)
	switch o.Cause {
	case connector.CauseKeyExpires:
		return text("list.ends", shown(o, now))
	case connector.CauseKeyEnded:
		return text("list.ended")
	}
	return ""
}

// countWords says a number for people: 250, or 250 or more.
func countWords(number string) string {
	count, err := connector.ParseCount(number)
	if _, exact := count.Exact(); err != nil || exact || !count.Known() {
		return number
	}
	return text("count.at_least", facts{"Count": strconv.Itoa(count.Min())})
}

// waits is until when JumpCloud asked to wait, if it did.
func waits(o connector.Outcome) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, o.Facts["Until"])
	return t, err == nil
}

// toWait is how long a person still has to wait, in the largest unit and never too short.
func toWait(left time.Duration) string {
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if left > 2*unit {
			return roughly(roundedUp(left, unit))
		}
	}
	return roughly(roundedUp(left, time.Second))
}

func roundedUp(d, unit time.Duration) time.Duration { return (d + unit - 1) / unit * unit }

// roughly is a duration for people, in its largest unit.
func roughly(d time.Duration) string {
	of := func(unit string, n float64) string {
		return text("duration."+unit, facts{"Count": strconv.Itoa(int(n))})
	}
	switch {
	case d < 2*time.Minute:
		return of("seconds", d.Seconds())
	case d < 2*time.Hour:
		return of("minutes", d.Minutes())
	case d < 48*time.Hour:
		return of("hours", d.Hours())
	}
	return of("days", d.Hours()/24)
}

// seconds is a duration for people: in milliseconds below one second, else with one decimal.
func seconds(d time.Duration) string {
	if d < time.Second {
		return text("status.took_ms", facts{"Count": strconv.Itoa(int((d + time.Millisecond/2) / time.Millisecond))})
	}
	return text("status.took", facts{"Seconds": strings.Replace(fmt.Sprintf("%.1f", d.Seconds()), ".", text("format.decimal"), 1)})
}

// ago says how long ago something was checked.
func ago(then, now time.Time) string {
	if then.IsZero() {
		return text("list.never")
	}
	of := func(key string, n float64) string { return text(key, facts{"Count": strconv.Itoa(int(n))}) }
	switch d := now.Sub(then); {
	case d < time.Minute:
		return text("list.now")
	case d < time.Hour:
		return of("list.minutes", d.Minutes())
	case d < 48*time.Hour:
		return of("list.hours", d.Hours())
	default:
		return of("list.days", d.Hours()/24)
	}
}
