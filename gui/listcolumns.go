package gui

import (
	"cmp"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// connectionOrder is the column that connections are sorted by.
type connectionOrder int

// The columns of the wide list, from the left to the right.
const (
	byName connectionOrder = iota
	byHealth
	byEnd
	byRegion
	byRole
	byOwner
	byChecked
	byNext
	byHandOver
)

// listColumn is a column of the wide list.
type listColumn struct {
	setting string // how the setting of the order calls it
	title   string // its words
	drop    int    // see [widgets.TableColumn]
	least   func() float32
	most    float32 // see [widgets.TableColumn]
	text    func(*connectionList, *listed) string
	// key returns what gives the number that a connection is sorted by, and whether that is known.
	key func(*listing) func(*listed) (int64, bool)
}

// listColumns has every column. The order by health is the usual one.
var listColumns = [...]listColumn{
	byName: {setting: "name", title: "details.organization", least: fixed(160), text: (*connectionList).nameOf},
	byHealth: {setting: "health", title: "home.status", least: statusWidth, text: (*connectionList).statusOf,
		key: sorted(func(one *listed) (int64, bool) { return int64(one.health), true })},
	byEnd: {setting: "ends", title: "details.ends", least: fitting(aDate, "ends.never"), text: (*connectionList).endOf,
		key: sorted(endKey)},
	byRegion: {setting: "region", title: "details.region", drop: 4, least: fixed(108), text: (*connectionList).regionOf,
		key: ranked(func(one *listed) string { return one.Region }, words.Region)},
	byRole: {setting: "role", title: "details.role", drop: 3, least: fixed(128), most: 200, text: (*connectionList).roleOf,
		key: ranked(func(one *listed) string { return one.Report.Administrator.Role }, itself)},
	byOwner: {setting: "owner", title: "home.whose", drop: 2, least: fixed(130), most: 260, text: (*connectionList).ownerOf,
		key: ranked(func(one *listed) string { return one.Report.Administrator.Email }, itself)},
	byChecked: {setting: "checked", title: "home.checked", least: fitting(longAgo, "list.never", "list.now"), text: (*connectionList).checkedOf,
		key: sorted(func(one *listed) (int64, bool) { at := one.lastKnown(); return at.Unix(), !at.IsZero() })},
	byNext: {setting: "next", title: "home.next", drop: 1, least: fitting(farAway, "list.off", "list.soon"), text: (*connectionList).nextOf,
		key: func(l *listing) func(*listed) (int64, bool) {
			return func(one *listed) (int64, bool) { at, watched := l.next(one.Connection); return at.Unix(), watched }
		}},
	byHandOver: {setting: "handed", title: "home.handed", least: fitting(nothing, "home.update"), text: (*connectionList).handedOf,
		key: sorted(handOverKey)},
}

// orderSettings are the values of the setting of the order. The first is the usual one.
func orderSettings() []string {
	all := []string{listColumns[byHealth].setting}
	for _, c := range listColumns {
		if c.setting != all[0] {
			all = append(all, c.setting)
		}
	}
	return all
}

// orderOf returns the column with this setting.
func orderOf(setting string) connectionOrder {
	for i, c := range listColumns {
		if c.setting == setting {
			return connectionOrder(i)
		}
	}
	return byHealth
}

// orderName returns what the menu calls an order.
func orderName(setting string) string { return words.Text(listColumns[orderOf(setting)].title) }

// keys returns what gives the key of the column that is sorted by.
func (l *listing) keys() func(*listed) (int64, bool) { return listColumns[l.order].key(l) }

// sorted is the key of a column of numbers.
func sorted(key func(*listed) (int64, bool)) func(*listing) func(*listed) (int64, bool) {
	return func(*listing) func(*listed) (int64, bool) { return key }
}

// ranked is the key of a column of texts: what a value of the connection is called.
func ranked(value func(*listed) string, called func(string) string) func(*listing) func(*listed) (int64, bool) {
	return func(l *listing) func(*listed) (int64, bool) {
		values := make([]string, len(l.shown))
		for i, one := range l.shown {
			values[i] = value(one)
		}
		rank := ranks(values, called)
		return func(one *listed) (int64, bool) { v := value(one); return rank[v], v != "" }
	}
}

func itself(text string) string { return text }

// endKey sorts by the end of the key. A key without an end comes after all that have one.
func endKey(one *listed) (int64, bool) {
	owner := one.Report.Administrator
	if owner.KeyNeverExpires {
		return 1 << 62, true
	}
	return owner.KeyExpires.Unix(), !owner.KeyExpires.IsZero()
}

// handOverKey sorts first what is to be done: those whose former key ControlMap has, then those that it does not have yet.
func handOverKey(one *listed) (int64, bool) {
	switch {
	case one.HandOver.Outdated:
		return 0, true
	case !one.HandOver.Done():
		return 1, true
	}
	return max(2, one.HandOver.At.Unix()), true
}

// lastKnown is when it was last found out how the connection is: what could not be asked since says nothing.
func (one *listed) lastKnown() time.Time {
	if one.Report.Undecided() {
		return one.Report.Worked
	}
	return one.Report.At
}

func fixed(width float32) func() float32 { return func() float32 { return width } }

// fitting is a width for these texts, in the language in use.
func fitting(text func() string, keys ...string) func() float32 {
	return func() float32 {
		texts := []string{text()}
		for _, key := range keys {
			texts = append(texts, words.Text(key))
		}
		return widgets.TextWidth(texts...)
	}
}

func nothing() string { return "" }
func aDate() string   { return words.Date(time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC)) }
func longAgo() string { return words.Text("list.days", words.Facts{"Count": "300"}) }
func farAway() string {
	return words.Text("list.in_hours", words.Facts{"Count": "47"})
}

// statusWidth is wide enough for the health of any connection.
func statusWidth() float32 {
	texts := []string{words.Text("home.unclear"), words.Text("home.ends_in", words.Facts{"Left": words.Text("left.days", words.Facts{"Days": "30"})}), words.Text("home.outdated"),
		words.Text("list.session"), words.Text("list.several")}
	for _, h := range check.Healths() {
		texts = append(texts, words.Health(h))
	}
	for _, one := range check.All() {
		texts = append(texts, words.CheckTitle(one.ID)+failedMark)
	}
	return widgets.TextWidth(texts...)
}

// failedMark is behind the name of a check that has failed.
const failedMark = " ✕"

// none is in a cell of which nothing is known.
const none = "–"

func (l *connectionList) nameOf(one *listed) string {
	if one.Unread() {
		return words.Text("list.unread")
	}
	return l.w.connections.nameOf(one.Connection)
}

func (l *connectionList) regionOf(one *listed) string { return cmp.Or(words.Region(one.Region), none) }
func (l *connectionList) roleOf(one *listed) string {
	return cmp.Or(one.Report.Administrator.Role, none)
}

func (l *connectionList) ownerOf(one *listed) string {
	return cmp.Or(printable.Line(one.Report.Administrator.Email), none)
}

// statusOf says how a connection is, and where something is wrong, with what.
func (l *connectionList) statusOf(one *listed) string {
	report := one.Report.AsOf(l.w.work.now())
	blocker, _ := report.Blocker()
	points := slices.DeleteFunc(report.Points(), func(p check.Result) bool { return p.Cause == check.CauseKeyExpires })
	switch {
	case one.Several:
		return words.Text("list.several")
	case one.Trouble != "":
		return words.Health(one.health)
	case one.health == check.HealthBroken && blocker.Check != "":
		return words.CheckTitle(blocker.Check) + failedMark
	case one.health == check.HealthEndsSoon:
		end := one.Report.KeyEnd(l.w.work.now())
		return words.Text("home.ends_in", words.OutcomeFacts(end, l.w.work.now()))
	case one.health == check.HealthAttention && len(points) > 0:
		return words.CheckTitle(points[0].Check)
	case one.health == check.HealthAttention:
		return words.Text("home.outdated")
	case one.health == check.HealthWorks && l.w.connections.forSession(one.Connection):
		return words.Text("list.session")
	}
	return healthOf(one)
}

// healthOf is the word for how a connection is. What was asked in vain is told apart from what was not asked.
func healthOf(one *listed) string {
	if one.health == check.HealthUnchecked && one.Report.Undecided() {
		return words.Text("home.unclear")
	}
	return words.Health(one.health)
}

func (l *connectionList) endOf(one *listed) string {
	switch owner := one.Report.Administrator; {
	case owner.KeyNeverExpires:
		return words.Text("ends.never")
	case !owner.KeyExpires.IsZero():
		return words.Date(owner.KeyExpires)
	}
	return none
}

func (l *connectionList) checkedOf(one *listed) string {
	if one.Unread() {
		return none
	}
	return words.Ago(one.lastKnown(), l.w.minute)
}

func (l *connectionList) nextOf(one *listed) string {
	if at, watched := l.w.listing.next(one.Connection); watched {
		return words.In(at, l.w.minute)
	}
	return words.Text("list.off")
}

func (l *connectionList) handedOf(one *listed) string {
	switch {
	case one.HandOver.Outdated:
		return words.Text("home.update")
	case one.HandOver.Done():
		return "✓"
	}
	return none
}
