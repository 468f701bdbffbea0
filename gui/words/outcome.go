package words

import (
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
)

// CheckTitle returns the name of a check.
func CheckTitle(id check.ID) string { return Text("check." + string(id) + ".title") }

// State returns a state as one word.
func State(s check.State) string { return Text("state." + s.String()) }

// Health returns the word for how a connection is.
func Health(h check.Health) string { return Text("health." + h.String()) }

// Seen returns what a check observed; "" if it has not ended.
func Seen(o check.Outcome, now time.Time) string {
	if o.Cause == "" {
		return ""
	}
	return Text("cause."+string(o.Cause)+".seen", OutcomeFacts(o, now))
}

// Missed returns which data ControlMap will not get, because a check could not read it; "" if it will get everything.
func Missed(id check.ID, o check.Outcome) string {
	_, counted := o.Facts["Count"]
	unread := !counted && (o.State == check.Failed || o.State == check.Warning) || o.Cause == check.CauseNotLicensed
	if key := "check." + string(id) + ".missed"; unread && has(key) {
		return Text(key)
	}
	return ""
}

// Title returns the cause of an outcome in a few words, without a full stop.
func Title(o check.Outcome, now time.Time) string {
	if key := "cause." + string(o.Cause) + ".title"; has(key) {
		return Text(key, OutcomeFacts(o, now))
	}
	return strings.TrimSuffix(Seen(o, now), ".")
}

// Place is where an outcome is shown. Some remedies differ by place; the value of the place is the suffix of their keys.
type Place string

// The places.
const (
	InForm       Place = ""
	InConnection Place = "_kept"    // a kept connection: its entries are not on the screen
	InTerminal   Place = "_piped"   // the command check, with a key from a pipe
	InList       Place = "_listed"  // the command connect, with a list of organizations
	InMany       Place = "_many"    // the screen that connects several organizations of one key
	InRotation   Place = "_rotated" // the screen that tries a new key on all connections of the former one
	InMessage    Place = "_asked"   // a message to whoever has to act
)

// Remedy returns what to do about an outcome that is shown at a place; "" if there is nothing to do.
func Remedy(o check.Outcome, at Place, now time.Time) string {
	for _, place := range []Place{at, InForm} {
		if key := "cause." + string(o.Cause) + ".remedy" + string(place); has(key) {
			return Text(key, OutcomeFacts(o, now))
		}
	}
	return ""
}

// Who says who has to act; "" if nobody has.
func Who(move check.Move) string {
	if move == check.MoveNobody {
		return ""
	}
	return Text("who." + string(move))
}

// Move returns the remedy for a place, with who has to act.
func Move(o check.Outcome, at Place, now time.Time) string {
	remedy, who := Remedy(o, at, now), o.Cause.Meaning().Move
	if remedy == "" || who == check.MoveNobody {
		return remedy
	}
	return Text("move."+string(who), Facts{"Remedy": remedy})
}

// Cause returns what happened and what to do, for a cause outside of checks, such as one of the keychain.
func Cause(c check.Cause) string {
	o := check.Outcome{Cause: c}
	return strings.TrimSpace(Seen(o, time.Time{}) + " " + Remedy(o, InForm, time.Time{}))
}

// OutcomeFacts returns an outcome's facts for people: regions by name, addresses without a scheme, times as dates, waits as the time
// that is left.
func OutcomeFacts(o check.Outcome, now time.Time) Facts {
	f := Facts{}
	for name, value := range o.Facts {
		f[name] = printable.Line(value)
	}
	for _, name := range []string{"Count", "MFA", "Encrypted", "NotTold", "Unread"} {
		count := o.Facts.Count(name)
		if _, exact := count.Exact(); count.Known() && !exact {
			f[name] = Text("count.at_least", Facts{"Count": strconv.Itoa(count.Min())}) // "250+" becomes "250 or more"
		}
	}
	for _, name := range []string{"Region", "Chosen", "Refused", "Unasked"} {
		f[name] = regionNames(f[name])
	}
	f["Host"] = strings.TrimPrefix(strings.TrimPrefix(f["Host"], "https://"), "http://")
	for _, name := range []string{"Worked", "Expired", "Now", "Created", "Expires"} {
		if t, err := time.Parse(time.RFC3339, f[name]); err == nil {
			f[name] = Date(t)
		}
	}
	if days, err := strconv.Atoi(f["Days"]); err == nil {
		f["Left"], f["Age"] = inDays("left", "tomorrow", days), inDays("age", "yesterday", days)
	}
	if d, err := time.ParseDuration(f["Off"]); err == nil {
		f["Off"] = Duration(d)
	}
	if until, ok := WaitsUntil(o); ok {
		f["Seconds"] = ""
		if left := until.Sub(now); left > 0 {
			f["Seconds"], f["Wait"] = strconv.Itoa(int(roundUp(left, time.Second)/time.Second)), TimeLeft(left)
		}
	}
	if key := "cause." + f["Why"] + ".seen"; has(key) {
		f["Why"] = Text(key, f) // the cause behind this one
	}
	for _, name := range []string{"RuledOut", "Open", "NotAsked"} {
		f[name] = refusals(f[name], f)
	}
	return f
}

// refusals returns the words for comma-separated reasons why a key may be refused, or why that could not be found out.
func refusals(names string, f Facts) string {
	if names == "" {
		return ""
	}
	var all []string
	for name := range strings.SplitSeq(names, ",") {
		if key := "refusal." + name; has(key) {
			name = Text(key, f)
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

// WaitsUntil returns the time until which JumpCloud asked to wait, if it did.
func WaitsUntil(o check.Outcome) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, o.Facts["Until"])
	return t, err == nil
}

// KeyEnds returns when the key of a report ends; "" if that is not known.
func KeyEnds(r check.Report, now time.Time) string {
	o := r.KeyEnd(now)
	switch o.Cause {
	case check.CauseKeyEnd, check.CauseKeyExpires:
		return Text("ends.on", OutcomeFacts(o, now))
	case check.CauseKeyEnded:
		return Text("ends.ended", OutcomeFacts(o, now))
	case check.CauseKeyEndless:
		return Text("ends.never")
	}
	return ""
}

// KeyEndsShort returns when a key ends, for a line in a list; "" if it has no end, or if that is not known.
func KeyEndsShort(r check.Report, now time.Time) string {
	o := r.KeyEnd(now)
	switch o.Cause {
	case check.CauseKeyEnd:
		return Text("list.ends_on", OutcomeFacts(o, now))
	case check.CauseKeyExpires:
		return Text("list.ends", OutcomeFacts(o, now))
	case check.CauseKeyEnded:
		return Text("list.ended")
	}
	return ""
}
