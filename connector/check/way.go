package check

import (
	"cmp"
	"slices"
	"sync"
)

// Station is a part of the way from the person to the organization's data. A validation goes along it, and stops where something
// blocks. The words are in the translation files under way.<name>.
type Station string

// The stations.
const (
	AtYou          Station = "you" // what is entered, on this computer
	AtNetwork      Station = "network"
	AtJumpCloud    Station = "jumpcloud"
	AtKey          Station = "key"
	AtOrganization Station = "organization"
	AtData         Station = "data"
)

// Stations lists all stations, in the order of the way.
func Stations() []Station {
	return []Station{AtYou, AtNetwork, AtJumpCloud, AtKey, AtOrganization, AtData}
}

// Way returns how far the results came: for each of [Stations] Waiting if they did not reach it, Running, Passed, Warning or Failed.
func Way(results []Result) []State {
	way := make([]State, len(Stations()))
	for i, station := range Stations() {
		way[i] = stateAt(station, results)
	}
	return way
}

// stateAt is how the checks of one station stand. Checks that were skipped say nothing about it.
func stateAt(station Station, results []Result) State {
	if station == AtNetwork || station == AtJumpCloud {
		return stateOnTheWay(station, resultOf(results, IDReachable))
	}
	var states []State
	for _, result := range results {
		if stationOf(result) == station && result.State != Skipped {
			states = append(states, result.State)
		}
	}
	order := []State{Failed, Warning, Passed, Running} // one check has passed: the way goes on while the others run
	if station == AtData {
		order = []State{Failed, Running, Warning, Passed} // the way ends here, when all checks have ended
	}
	for _, s := range order {
		if slices.Contains(states, s) {
			return s
		}
	}
	return Waiting
}

// stateOnTheWay is how the network or JumpCloud stands, by the first request.
func stateOnTheWay(station Station, first Result) State {
	switch blockedByJumpCloud := first.Cause.Meaning().Answered; {
	case first.State == Skipped, first.Cause.Meaning().Here, station == AtJumpCloud && first.State == Running, station == AtJumpCloud && first.State == Failed && !blockedByJumpCloud:
		return Waiting
	case station == AtNetwork && first.State == Failed && blockedByJumpCloud:
		return Passed
	}
	return first.State
}

// stations are those that the checks are about, by their ids.
var stations = sync.OnceValue(func() map[ID]Station {
	all := make(map[ID]Station)
	for _, c := range All() {
		all[c.ID] = c.At
	}
	return all
})

// Station is the station that the check with this id is about. It is "" if there is no such check.
func (id ID) Station() Station { return stations()[id] }

// stationOf is the station that a result is about. That of an unknown check, in a report of a newer version, is the last one.
func stationOf(r Result) Station {
	at := cmp.Or(r.Check.Station(), AtData)
	switch m := r.Cause.Meaning(); {
	case at == AtNetwork && m.Here:
		return AtYou
	case at == AtNetwork && m.Answered:
		return AtJumpCloud
	}
	return at
}

// Suffices reports whether ControlMap can use the connection: at most something is missing that it can go without.
func (r Report) Suffices() bool {
	blocker, blocked := r.Blocker()
	return r.Usable() && (!blocked || blocker.Cause.Meaning().Help == HelpSave)
}

// Blocker returns the result that keeps the connection from working, or from being read as a whole: the first one on the way of the failures
// that have to be mended, or else of those that may pass by themselves, or else of the lists that ControlMap can go without, or else the
// question which organization is meant.
func (r Report) Blocker() (blocker Result, blocked bool) {
	first := 0
	for _, result := range r.Results {
		if rank, blocks := blocking(result); blocks && (!blocked || rank < first) {
			blocker, blocked, first = result, true, rank
		}
	}
	return blocker, blocked
}

// blocking reports whether a result blocks, and its rank: the lowest is that of [Report.Blocker].
func blocking(r Result) (rank int, blocks bool) {
	switch m := r.Cause.Meaning(); {
	case r.State == Failed && m.decides() && m.Help != HelpSave:
	case r.State == Failed && !m.decides():
		rank = len(Stations())
	case r.State == Failed:
		rank = 2 * len(Stations())
	case r.State == Warning && r.Check == IDOrganization:
		rank = 3 * len(Stations())
	default:
		return 0, false
	}
	return rank + slices.Index(Stations(), stationOf(r)), true
}

// Points returns the results that the connection works with, but that somebody should look at.
func (r Report) Points() (points []Result) {
	for _, result := range r.Results {
		if result.State == Warning && result.Check != IDOrganization {
			points = append(points, result)
		}
	}
	return points
}

// Group is a part of the checks that a screen shows together. The words are in the translation files under group.<name>.
type Group string

// The groups.
const (
	GroupComputer  Group = "computer"
	GroupJumpCloud Group = "jumpcloud"
	GroupKey       Group = "key"
	GroupData      Group = "data"
)

// Groups lists all groups, in the order of the way.
func Groups() []Group { return []Group{GroupComputer, GroupJumpCloud, GroupKey, GroupData} }

// Group is the group that the check is shown in.
func (c Check) Group() Group {
	switch c.At {
	case AtYou:
		return GroupComputer
	case AtNetwork, AtJumpCloud:
		return GroupJumpCloud
	case AtKey, AtOrganization:
		return GroupKey
	}
	return GroupData
}
