package words

import (
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Change is what has become of a connection.
type Change struct {
	ID, Name    string // of the connection
	Before, Now check.Report
}

// Notice is a short text about all changes of one kind that have one cause.
type Notice struct {
	Kind        string // the same for the same kind and cause
	Title, Text string
	Changes     []Change
}

// Notices groups changes. Those that nobody has to know of are left out: something passes that did not.
func Notices(changes []Change, now time.Time) (all []Notice) {
	at := make(map[string]int)
	for _, c := range changes {
		kind, result := kindOf(c)
		if kind == "" {
			continue
		}
		id := kind + " " + string(result.Cause)
		if _, known := at[id]; !known {
			at[id] = len(all)
			all = append(all, Notice{Kind: id})
		}
		all[at[id]].Changes = append(all[at[id]].Changes, c)
	}
	for i, n := range all {
		kind, result := kindOf(n.Changes[0])
		all[i].Title, all[i].Text = noticeTitle(kind, n.Changes), noticeText(kind, result, n.Changes, now)
	}
	return all
}

// kindOf returns what kind of change it is, and the result that it is about.
func kindOf(c Change) (kind string, about check.Result) {
	blocker, _ := c.Now.Blocker()
	switch point, isNew := c.Now.NewPoint(c.Before); {
	case c.Now.Broken():
		return "broken", blocker
	case c.Before.Broken():
		return "mended", check.Result{}
	case isNew:
		return "point", point
	}
	return "", check.Result{}
}

func noticeTitle(kind string, changes []Change) string {
	one := len(changes) == 1
	facts := Facts{"Name": changes[0].Name, "Count": strconv.Itoa(len(changes))}
	switch {
	case kind == "broken" && one:
		return Text("news.broken", facts)
	case kind == "broken":
		return Text("news.broken_several", facts)
	case kind == "mended" && one:
		return Text("news.mended", facts)
	case kind == "mended":
		return Text("news.mended_several", facts)
	case one:
		return Text("news.point", facts)
	}
	return Text("news.point_several", facts)
}

// mostNamed is how many connections a notice names.
const mostNamed = 4

func noticeText(kind string, about check.Result, changes []Change, now time.Time) string {
	var names []string
	for _, c := range changes[:min(len(changes), mostNamed)] {
		names = append(names, c.Name)
	}
	list := strings.Join(names, ", ")
	if more := len(changes) - len(names); more > 0 {
		list = Text("news.and_more", Facts{"Names": list, "Count": strconv.Itoa(more)})
	}
	why := Verdict(about, changes[0].Now.Results, now)
	switch one := len(changes) == 1; {
	case kind == "mended" && one:
		return Text("news.passes")
	case kind == "mended":
		return list
	case one:
		return why + "."
	}
	return why + ": " + list
}
