package wire

import (
	"math"
	"time"
)

// Paces, in requests a second. They bound how far refusals slow requests down.
const (
	// usualPace is as slow as a first refusal makes them.
	usualPace = 10
	// slowestUntimed is as slow as refusals without Retry-After make them. Such a service may not count requests by time, so that a slower
	// pace may not help.
	slowestUntimed = 4
	// slowestTimed is as slow as other refusals make them: a little below a limit of one a second.
	slowestTimed = 0.9
)

const (
	// keptOfPace is how much of a pace is left when it was refused.
	keptOfPace = 0.95
	// doublesIn is how long a pace takes to double if nothing is refused.
	doublesIn = 45 * time.Second
)

// pace learns how many requests a second a service lets through. A refusal takes a little of the pace. After that the pace grows with the
// cube of the time, as in TCP's CUBIC: slowly at first, so that it stays just below the limit for long, then faster, so that a limit that
// is gone is soon forgotten. The zero value knows of no limit.
type pace struct {
	learned float64   // requests a second after the last refusal, 0 if there was none
	since   time.Time // when the pace began to grow
	recent  float64   // requests that passed, each counting less the older it is: 1/e of one after a second
	counted time.Time // when recent was right
}

// at returns the requests a second at a time, infinite if no limit is known.
func (p *pace) at(now time.Time) float64 {
	if p.learned == 0 {
		return math.Inf(1)
	}
	grown := max(0, now.Sub(p.since).Seconds()/doublesIn.Seconds())
	return p.learned * (1 + grown*grown*grown)
}

// interval returns how long to wait from one request to the next.
func (p *pace) interval(now time.Time) time.Duration {
	return time.Duration(float64(time.Second) / p.at(now))
}

// passed counts a request that the service has let through.
func (p *pace) passed(now time.Time) {
	p.recent, p.counted = p.passing(now)+1, now
}

// passing returns how many requests a second have passed lately.
func (p *pace) passing(now time.Time) float64 {
	return p.recent * math.Exp(-now.Sub(p.counted).Seconds())
}

// refused slows the pace down. It begins to grow when requests are sent again. Timed says that the service asked for a pause.
func (p *pace) refused(now, again time.Time, timed bool) {
	slowest, passing := float64(slowestUntimed), max(p.passing(now), usualPace)
	if timed {
		slowest = slowestTimed
		if p.learned > 0 {
			passing = p.passing(now)
			if now.Sub(p.since) > doublesIn { // perhaps after a break, and then what has passed lately says nothing
				passing = max(passing, keptOfPace*p.learned)
			}
		}
	}
	p.learned, p.since = max(slowest, min(keptOfPace*p.at(now), passing)), again
}
