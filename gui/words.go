package gui

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"controlmap-jumpcloud/connector"
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
	return lang.X(key, key, data)
}

// has reports whether there are words for key.
func has(key string) bool { return text(key) != key }

func title(id connector.CheckID) string { return text("check." + string(id) + ".title") }

func stateWord(s connector.State) string { return text("state." + s.String()) }

func regionName(id string) string {
	if key := "region." + id; has(key) {
		return text(key)
	}
	return id
}

// seen says what was observed.
func seen(o connector.Outcome) string {
	if o.Cause == "" {
		return ""
	}
	return text("cause."+string(o.Cause)+".seen", shown(o))
}

// remedy says what to do about it, "" where nothing needs to be done.
func remedy(o connector.Outcome) string {
	key := "cause." + string(o.Cause) + ".remedy"
	if o.Cause == "" || !has(key) {
		return ""
	}
	return text(key, shown(o))
}

// causeText is both, for causes outside of checks.
func causeText(c connector.Cause) string {
	o := connector.Outcome{Cause: c}
	return strings.TrimSpace(seen(o) + " " + remedy(o))
}

// shown prepares an outcome's facts for people: a region by its name, an address without its scheme. Facts that
// the connector did not give are empty, so that no text shows a place unfilled.
func shown(o connector.Outcome) facts {
	f := facts{"Field": "", "Status": "", "Seconds": "", "Organization": "", "Email": "", "Host": "", "Count": "",
		"Region": "", "Role": "", "MFA": ""}
	maps.Copy(f, facts(o.Facts))
	if id := f["Region"]; id != "" {
		f["Region"] = regionName(id)
	}
	f["Host"] = strings.TrimPrefix(strings.TrimPrefix(f["Host"], "https://"), "http://")
	return f
}

// seconds is a duration for people: in milliseconds below one second, else with one digit after the point.
func seconds(d time.Duration) string {
	if d < time.Second {
		return text("status.took_ms", facts{"Count": strconv.Itoa(int((d + time.Millisecond/2) / time.Millisecond))})
	}
	return text("status.took", facts{"Seconds": fmt.Sprintf("%.1f", d.Seconds())})
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
