package gui

import "time"

// paceStalls is how long nothing has to come before it is said that it is waited for.
const paceStalls = 10 * time.Second

// pace measures how fast something goes: on average since it began. A shorter time would jump after each wait, which JumpCloud asks for when it
// has too many requests.
type pace struct {
	count, done int       // how many there are to do, and how many of them are done
	began, last time.Time // when it began, and when the last one was done
}

// begin begins to measure.
func (p *pace) begin(now time.Time, count int) { *p = pace{count: count, began: now, last: now} }

// add says that more are done.
func (p *pace) add(now time.Time, more int) {
	p.done += more
	if more > 0 {
		p.last = now
	}
}

// stalled returns for how long nothing has come, if that is long; 0 otherwise.
func (p *pace) stalled(now time.Time) time.Duration {
	if since := now.Sub(p.last); since >= paceStalls {
		return since
	}
	return 0
}

// perSecond returns how many are done in a second, on average; 0 as long as that is not known.
func (p *pace) perSecond(now time.Time) float64 {
	if took := now.Sub(p.began); took >= time.Second {
		return float64(p.done) / took.Seconds()
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
