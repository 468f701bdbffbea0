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
	ID          string // the same for the same kind and cause
	Title, Text string
	Changes     []Change

	kind  string
	about check.Result // of the first change
}

// Notices groups changes. Those that nobody has to know of are left out: something passes that did not.
func Notices(changes []Change, now time.Time) (all []Notice) {
	at := make(map[string]int)
	for _, c := range changes {
		kind, about := kindOf(c)
		if kind == "" {
			continue
		}
		id := kind + " " + string(about.Cause)
		if _, known := at[id]; !known {
			at[id] = len(all)
			all = append(all, Notice{ID: id, kind: kind, about: about})
		}
		all[at[id]].Changes = append(all[at[id]].Changes, c)
	}
	for i, n := range all {
		all[i].Title, all[i].Text = n.title(), n.text(now)
	}
	return all
}

// kindOf returns what kind of change it is, and the result that it is about.
func kindOf(c Change) (kind string, about check.Result) {
	blocker, _ := c.Now.Blocker()
	switch point, isNew := c.Now.NewPoint(c.Before); {
	case c.Now.Broken():
		return "broken", blocker
	case c.Before.Known().Broken():
		return "mended", check.Result{}
	case isNew:
		return "point", point
	}
	return "", check.Result{}
}

func (n Notice) title() string {
	one := len(n.Changes) == 1
	facts := Facts{"Name": n.Changes[0].Name, "Count": strconv.Itoa(len(n.Changes))}
	switch {
	case n.kind == "broken" && one:
		return Text("news.broken", facts)
	case n.kind == "broken":
		return Text("news.broken_several", facts)
	case n.kind == "mended" && one:
		return Text("news.mended", facts)
	case n.kind == "mended":
		return Text("news.mended_several", facts)
	case one:
		return Text("news.point", facts)
	}
	return Text("news.point_several", facts)
}

// mostNamed is how many connections a notice names.
const mostNamed = 4

// Some names the first ones, up to this many, and says how many others there are.
func Some(names []string, most int) string {
	list := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		return Text("some.and_more", Facts{"Names": list, "Count": strconv.Itoa(more)})
	}
	return list
}

func (n Notice) text(now time.Time) string {
	names := make([]string, len(n.Changes))
	for i, c := range n.Changes {
		names[i] = c.Name
	}
	list := Some(names, mostNamed)
	switch one := len(names) == 1; {
	case n.kind == "mended" && one:
		return Text("news.passes")
	case n.kind == "mended":
		return list
	case one:
		return Verdict(n.about, n.Changes[0].Now.Results, now) + "."
	}
	return Verdict(n.about, n.Changes[0].Now.Results, now) + ": " + list
}
