package gui

import (
	"cmp"
	"slices"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// listing is which connections are shown, and in which order: what matches the search and the filter. It knows no widget, so that the search,
// the filter and the order outlive these. It belongs to the window's thread.
type listing struct {
	now      func() time.Time
	next     func(connector.Connection) (time.Time, bool) // when one is checked again; false for never
	all      []*listed                                    // by name
	shown    []*listed
	readable int                  // how many of those shown can be read, and so be checked
	counts   [len(filterKeys)]int // how many connections each filter lets through
	found    string               // what is searched for
	filter   connectionFilter
	only     map[string]bool // the ids of those that are shown, whatever the filter says; nil for no such choice
	order    connectionOrder
	down     bool // the other way round
}

// listed is a connection, and what is known of it now.
type listed struct {
	connector.Connection
	health   check.Health
	endsSoon bool // it works, and its key ends soon, whatever else there is to say
	turn     int  // see [connector.Connection.HandOverTurn]
	isDue    bool // it is to be handed over
}

// connectionFilter is which connections are shown.
type connectionFilter int

// The filters, in the order in which they can be chosen.
const (
	allConnections connectionFilter = iota
	needingYou
	endingSoon
	stillToHandOver
)

// filterKeys are the words of the filters, each with how many connections it lets through.
var filterKeys = [...]string{"home.all", "home.needs", "home.ends", "home.to_hand_over"}

// lets reports whether a filter lets a connection through.
func (f connectionFilter) lets(one *listed) bool {
	switch f {
	case needingYou:
		return one.health <= check.HealthAttention
	case endingSoon:
		return one.endsSoon
	case stillToHandOver:
		return one.isDue
	}
	return true
}

// take takes over which connections there are, sorted by name.
func (l *listing) take(all []connector.Connection) {
	l.all = make([]*listed, len(all))
	rows := make([]listed, len(all))
	for i, c := range all {
		rows[i].Connection = c
		l.all[i] = &rows[i]
	}
	l.age()
}

// age looks anew at how each connection is: time has passed. It sorts them anew, too.
func (l *listing) age() {
	now := l.now()
	l.counts = [len(filterKeys)]int{}
	for _, one := range l.all {
		one.look(now)
		l.count(one, 1)
	}
	l.arrange()
}

// look finds out how a connection is.
func (one *listed) look(now time.Time) {
	one.health = one.Health(now)
	one.endsSoon = one.health != check.HealthBroken && one.Report.KeyEnd(now).Cause == check.CauseKeyExpires
	one.turn, one.isDue = one.HandOverTurn(now)
}

// count adds a connection to the counts of the filters that let it through, or takes it off.
func (l *listing) count(one *listed, by int) {
	for f := range l.counts {
		if connectionFilter(f).lets(one) {
			l.counts[f] += by
		}
	}
}

// report takes over a new report. The connection stays in its place until the next arrange: nobody can use a list whose rows run away.
func (l *listing) report(id string, report check.Report) {
	for _, one := range l.all {
		if one.ID == id {
			l.count(one, -1)
			one.Take(report)
			one.look(l.now())
			l.count(one, 1)
			return
		}
	}
}

// search, choose and sortBy change what is shown.
func (l *listing) search(text string)        { l.found = text; l.arrange() }
func (l *listing) choose(f connectionFilter) { l.filter, l.only = f, nil; l.arrange() }
func (l *listing) sortBy(o connectionOrder, down bool) {
	l.order, l.down = o, down
	l.arrange()
}

// chooseOnly has only these connections shown, until a filter is chosen.
func (l *listing) chooseOnly(some []connector.Connection) {
	l.filter, l.only = allConnections, make(map[string]bool)
	for _, c := range some {
		l.only[c.ID] = true
	}
	l.arrange()
}

// chip is the index of the filter that is chosen; -1 for none.
func (l *listing) chip() int {
	if l.only != nil {
		return -1
	}
	return int(l.filter)
}

// lets reports whether a connection is among those that are chosen to be shown.
func (l *listing) lets(one *listed) bool {
	return l.filter.lets(one) && (l.only == nil || l.only[one.ID])
}

// restricted reports whether only some of the connections are shown.
func (l *listing) restricted() bool { return len(l.shown) < len(l.all) }

// arrange finds the connections that match the search and the filter, and sorts them.
func (l *listing) arrange() {
	match := widgets.Match(l.found)
	l.shown, l.readable = l.shown[:0:0], 0
	for _, one := range l.all {
		if l.lets(one) && match(one.Name, one.Organization.Name, one.Organization.ID, one.Report.Administrator.Email, one.Note) {
			l.shown = append(l.shown, one)
			if one.Trouble == "" {
				l.readable++
			}
		}
	}
	if l.order == byName {
		if l.down {
			slices.Reverse(l.shown)
		}
		return
	}
	l.sort()
}

// sort sorts what is shown by another column than the name. Those that are alike stay sorted by name, and those of which it is not known come
// last, whichever way round.
func (l *listing) sort() {
	type keyed struct {
		*listed
		key   int64
		known bool
	}
	keyOf, all := l.keys(), make([]keyed, len(l.shown))
	for i, one := range l.shown {
		key, known := keyOf(one)
		if l.down {
			key = -key
		}
		all[i] = keyed{one, key, known}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		if a.known != b.known {
			return map[bool]int{true: -1, false: 1}[a.known]
		}
		return cmp.Compare(a.key, b.key)
	})
	for i, one := range all {
		l.shown[i] = one.listed
	}
}

// at returns the index of the connection with this id among those that are shown; -1 if it is not.
func (l *listing) at(id string) int {
	return slices.IndexFunc(l.shown, func(one *listed) bool { return one.ID == id })
}

// byID returns all connections by their ids.
func (l *listing) byID() map[string]*listed {
	found := make(map[string]*listed, len(l.all))
	for _, one := range l.all {
		found[one.ID] = one
	}
	return found
}

// connections returns those that are shown, or all.
func (l *listing) connections(all bool) (some []connector.Connection) {
	for _, one := range map[bool][]*listed{true: l.all, false: l.shown}[all] {
		some = append(some, one.Connection)
	}
	return some
}

// handOver returns the connection to hand over next among those that are shown; nil if there is none.
func (l *listing) handOver() (next *listed) {
	for _, one := range l.shown {
		if one.isDue && (next == nil || one.turn < next.turn) {
			next = one
		}
	}
	return next
}

// ranks returns the place of each of these values in the order of the language, by what they are called. That is found once for each value,
// not for each connection or comparison.
func ranks(values []string, called func(string) string) map[string]int64 {
	slices.Sort(values)
	values = slices.Compact(values)
	words.SortBy(values, called, called)
	at := make(map[string]int64, len(values))
	for i, value := range values {
		at[value] = int64(i)
	}
	return at
}
