package gui

import "time"

// paceOver is the time over which a pace is averaged.
const paceOver = 20 * time.Second

// pace measures how fast something goes.
type pace struct {
	count int // how many there are to do
	done  int
	marks []paceMark // the last ones, at most one a second; the first is no older than paceOver, but for one
}

type paceMark struct {
	at   time.Time
	done int
}

// begin begins to measure.
func (p *pace) begin(now time.Time, count int) {
	*p = pace{count: count, marks: []paceMark{{at: now}}}
}

// add says that more are done.
func (p *pace) add(now time.Time, more int) {
	p.done += more
	if now.Sub(p.marks[len(p.marks)-1].at) >= time.Second {
		p.marks = append(p.marks, paceMark{now, p.done})
	}
	for len(p.marks) > 2 && now.Sub(p.marks[1].at) > paceOver {
		p.marks = p.marks[1:]
	}
}

// perSecond returns how many are done in a second, on average; 0 as long as that is not known.
func (p *pace) perSecond(now time.Time) float64 {
	since := p.marks[0]
	if took := now.Sub(since.at); took >= time.Second {
		return float64(p.done-since.done) / took.Seconds()
	}
	return 0
}

// left returns how long the others will take; 0 as long as that is not known.
func (p *pace) left(now time.Time) time.Duration {
	if rate := p.perSecond(now); rate > 0 {
		return time.Duration(float64(p.count-p.done) / rate * float64(time.Second))
	}
	return 0
}
