package check

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/wire"
)

// State is where a check stands.
type State int

// The states. A check first waits and then runs. All other states are final.
const (
	Waiting State = iota
	Running
	Passed
	Warning
	Failed
	Skipped
)

var stateNames = [...]string{"waiting", "running", "passed", "warning", "failed", "skipped"}

// String is the state's name in reports and translation files (state.<name>).
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return stateNames[s]
}

// Final reports whether a check with this state has ended.
func (s State) Final() bool { return s > Running }

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state's name.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("no state is named %q", text)
}

// Facts fill the places in a cause's words: {{.Organization}}, {{.Count}}, ….
type Facts map[string]string

// Count reads a fact that is a number: 250, or 250+ if there may be more. The count is not known if the fact is missing or no number.
func (f Facts) Count(name string) jumpcloud.Count {
	n, _ := jumpcloud.ParseCount(f[name])
	return n
}

// Outcome is how a check ended.
type Outcome struct {
	State State `json:"state"`
	Cause Cause `json:"cause"`
	Facts Facts `json:"facts,omitempty"`
}

// goesOn reports whether the checks that come after this one run.
func (o Outcome) goesOn() bool {
	m := o.Cause.Meaning()
	return m.GoesOn || m.Softens && o.State == Warning
}

// Result is the state of a check, and how it ended.
type Result struct {
	Check ID `json:"check"`
	Outcome
	// Took is how long the check ran.
	Took time.Duration `json:"took"`
	// Exchanges are the requests that the check made, for support. They are not stored.
	Exchanges []wire.Exchange `json:"-"`
}

// Organization is a tenant of JumpCloud.
type Organization struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Administrator is the person or service account that a key belongs to. A field is empty if JumpCloud does not tell it.
type Administrator struct {
	Email string `json:"email"`
	Role  string `json:"role"`
	MFA   bool   `json:"mfa"`
	// KeyCreated and KeyExpires are when the key was made and when it ends.
	KeyCreated time.Time `json:"keyCreated,omitzero"`
	KeyExpires time.Time `json:"keyExpires,omitzero"`
	// KeyNeverExpires says that the key has no end. If it is false and KeyExpires is zero, the end is not known.
	KeyNeverExpires bool `json:"keyNeverExpires,omitempty"`
	// OfOrganization says that the administrator is one of the organization's own, as far as JumpCloud tells: the key opens no other one, and
	// no MSP is named. An MSP's administrator need not be listed in its clients. A report of an earlier version does not say it.
	OfOrganization bool `json:"ofOrganization,omitempty"`
}

// Report is the outcome of one validation.
type Report struct {
	At   time.Time     `json:"at"`
	Took time.Duration `json:"took"`
	// ClockAhead is how far this computer's clock was ahead of JumpCloud's. It is 0 if the clock was about right, or if JumpCloud told no
	// time.
	ClockAhead    time.Duration `json:"clockAhead,omitempty"`
	Region        string        `json:"region"`
	Organization  Organization  `json:"organization"`
	Administrator Administrator `json:"administrator"`
	Results       []Result      `json:"results"`
	// Worked is when JumpCloud last accepted the key, in this validation or an earlier one. It is zero if it never did.
	Worked time.Time `json:"worked,omitzero"`
	// Found are the results of the last validation that found out whether the connection works, without facts, if this one could not. A report
	// of an earlier version of the program has none.
	Found []Result `json:"found,omitempty"`
	// Former are the figures of lists that this validation did not count, each from the last one that did. A report of an earlier
	// version of the program has none.
	Former map[ID]Figure `json:"former,omitempty"`
	// Choices are the organizations that the key opens, if the person has to choose one. They are not stored.
	Choices []Organization `json:"-"`
	// MoreChoices says that the key may open more of them, because JumpCloud's list did not come to its end.
	MoreChoices bool `json:"-"`
	// run is the validation that [Validator.Again] continues. It holds the key. It is nil in a stored report.
	run *validation
}

// WithoutKey returns the report without the key, so that [Validator.Again] repeats all checks. Reports are kept in this form.
func (r Report) WithoutKey() Report {
	r.run = nil
	return r
}

// Worst is the state of the whole report: Waiting without a validation, Skipped if it was cancelled, Failed if a check failed or the
// credentials are not usable, Warning if a check warns or the person has to choose an organization, else Passed.
func (r Report) Worst() State {
	has := func(s State) bool { return slices.ContainsFunc(r.Results, func(r Result) bool { return r.State == s }) }
	switch {
	case len(r.Results) == 0:
		return Waiting
	case !r.Complete():
		return Skipped
	case has(Failed), !r.Usable() && !r.asks():
		return Failed
	case has(Warning):
		return Warning
	}
	return Passed
}

// Complete reports whether there was a validation, and it was not cancelled.
func (r Report) Complete() bool {
	return len(r.Results) > 0 && !slices.ContainsFunc(r.Results, func(r Result) bool { return r.Cause == CauseCancelled })
}

// asks reports whether the key is good, and the person has to choose an organization.
func (r Report) asks() bool {
	m := r.Result(IDOrganization).Cause.Meaning()
	return m.State == Warning && !m.GoesOn
}

// Usable reports whether the key opens the organization, even if it cannot read everything.
func (r Report) Usable() bool {
	key, organization := r.Result(IDKey).State, r.Result(IDOrganization).State
	return key == Passed && organization == Passed
}

// AcceptsKey reports whether JumpCloud accepted the key, in [Report.Region].
func (r Report) AcceptsKey() bool { return r.Result(IDKey).State == Passed }

// RegionAfter returns the region of a connection after this validation: another one than before may have accepted the key.
func (r Report) RegionAfter(before string) string {
	if r.AcceptsKey() {
		return r.Region
	}
	return before
}

// Opened lists the organizations that the key opens, as far as JumpCloud listed them.
func (r Report) Opened() []Organization {
	if len(r.Choices) == 0 && r.Organization.ID != "" {
		return []Organization{r.Organization}
	}
	return r.Choices
}

// Result returns the result of one check. It is the zero Result if the report has none.
func (r Report) Result(id ID) Result { return resultOf(r.Results, id) }

func resultOf(results []Result, id ID) Result {
	for _, result := range results {
		if result.Check == id {
			return result
		}
	}
	return Result{}
}

// Another program may have changed a stored report, so reading it takes the same care as reading an answer. The methods below make all
// texts from outside short and printable.

// UnmarshalJSON reads stored facts.
func (f *Facts) UnmarshalJSON(data []byte) error {
	var stored map[string]string
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	for name, value := range stored {
		stored[name] = printable.Line(value)
	}
	*f = stored
	return nil
}

// UnmarshalJSON reads a stored organization. If its name shows nothing, its id takes the name's place.
func (o *Organization) UnmarshalJSON(data []byte) error {
	type stored Organization
	if err := json.Unmarshal(data, (*stored)(o)); err != nil {
		return err
	}
	o.ID = printable.Line(o.ID)
	o.Name = cmp.Or(printable.Line(o.Name), o.ID)
	return nil
}

// UnmarshalJSON reads a stored administrator.
func (a *Administrator) UnmarshalJSON(data []byte) error {
	type stored Administrator
	if err := json.Unmarshal(data, (*stored)(a)); err != nil {
		return err
	}
	a.Email, a.Role = printable.Line(a.Email), printable.Line(a.Role)
	return nil
}
