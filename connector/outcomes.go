package connector

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/vault"
)

// History returns how the checks of a connection ended, the oldest first. The errors are those of [history.History.Read]. A connection of
// this session has no history.
func (c *Connector) History(ctx context.Context, id string) ([]check.Past, error) {
	if now, moved := c.moved.Load(id); moved {
		id = now.(string)
	}
	outcomes, err := c.history.Read(ctx, id)
	var all []check.Past
	for _, o := range outcomes {
		p := check.Past{At: o.At, Until: o.Until, Times: o.Times, Cause: check.Cause(o.Cause)}
		if p.State.UnmarshalText([]byte(o.State)) == nil { // else a later version knows the state
			all = append(all, p)
		}
	}
	return all, err
}

// outcomeOf returns what the history keeps of a report, as of the time of that report: the key may have ended since.
func outcomeOf(report check.Report) history.Outcome {
	return history.Outcome{At: report.At, State: report.Overall().String(), Cause: string(causeOf(report))}
}

// note adds how a check ended to the history of a connection. It reports whether the history has it now. A failure is no failure of the
// check: [Connector.History] says what is wrong.
func (c *Connector) note(ctx context.Context, v *vault.Vault, id string, report check.Report) bool {
	return c.history != nil && v == c.system && report.Complete() && c.history.Add(ctx, id, outcomeOf(report)) == nil
}

// lastOf returns the last outcome of each of these connections, as far as the history has one.
func (c *Connector) lastOf(ctx context.Context, v *vault.Vault, kept ...vault.Connection) map[string]history.Outcome {
	if v != c.system {
		return nil
	}
	var ids []string
	for _, one := range kept {
		ids = append(ids, one.ID)
	}
	return c.history.Last(ctx, ids)
}

// asOfLast returns a kept report with the time of the last check, if that one ended in the same way: then only the history was written.
func asOfLast(report check.Report, last history.Outcome) check.Report {
	o := outcomeOf(report)
	if last.State != o.State || last.Cause != o.Cause || !last.Until.After(report.At) {
		return report
	}
	if report.AcceptsKey() { // and so it was in the last check
		report.Worked = last.Until
	}
	report.At = last.Until
	return report
}

// saysTheSame reports whether a new report says what the kept one says, apart from times and durations. Otherwise it has to be kept.
func saysTheSame(kept, next check.Report) bool {
	o, n := outcomeOf(kept), outcomeOf(next)
	if o.State != n.State || o.Cause != n.Cause || kept.At.After(next.At) || (kept.ClockAhead-next.ClockAhead).Abs() >= time.Minute {
		return false
	}
	return bytes.Equal(timeless(kept, next.At), timeless(next, next.At))
}

// timeless returns a report as JSON, as it reads at a time and without its own times.
func timeless(report check.Report, at time.Time) []byte {
	report = report.AsOf(at) // days until the key ends
	report.At, report.Took, report.ClockAhead, report.Worked = time.Time{}, 0, 0, time.Time{}
	report.Results = slices.Clone(report.Results)
	for i := range report.Results {
		r := &report.Results[i]
		r.Took = 0
		if r.Check == check.IDClock {
			r.Facts = maps.Clone(r.Facts)
			delete(r.Facts, "Off") // the difference of the clocks, to the second
		}
	}
	data, err := json.Marshal(report)
	if err != nil {
		return nil // cannot happen: every type in it can be written
	}
	return data
}
