package check

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// mostAdministrators is how many administrators of an organization are looked through: three pages.
const mostAdministrators = 300

// Refusal is a key that JumpCloud accepted before and refuses now.
type Refusal struct {
	Key secret.Secret
	// Report is of the validation in which the key was refused. It still has what was known of the key.
	Report Report
	// SeveralOrganizations says that several organizations are kept of the key. Its owner need not be listed in each of them.
	SeveralOrganizations bool
}

// Asker is another key of the organization, which still works.
type Asker struct {
	Credentials
	// Email is its owner's. It may be empty.
	Email string
	// Organization is the name of the organization that is asked.
	Organization string
}

// Unexplained reports whether JumpCloud refuses a key that worked, and the key itself cannot tell why. Another key may, see
// [Validator.AskAbout].
func (r Report) Unexplained() bool {
	key := r.Result(IDKey)
	return key.Cause == CauseKeyStopped || key.Cause == CauseRoleRefused && key.Facts["Email"] == "" && !r.Worked.IsZero()
}

// AskAbout finds out with another key what became of the owner of a refused key: it reads the organization's administrators. It returns the
// outcome of the check [IDKey]. If the list cannot be read, asked is false, and the outcome is that of the request.
func (v Validator) AskAbout(ctx context.Context, r Refusal, a Asker) (o Outcome, asked bool) {
	ctx, cancel := context.WithTimeout(v.Limits.In(ctx), v.checkLimit())
	defer cancel()
	region, known := v.JumpCloud.Region(a.Region)
	if !known {
		return outcome(CauseRegionUnknown, Facts{"Region": a.Region}), false // nothing is sent
	}
	run := &validation{validator: v, http: v.JumpCloud.HTTPClient(), credentials: a.Cleaned(), first: firstAnswer{region: region}}
	defer run.http.CloseIdleConnections()
	owner := ownerNow{refusal: r, organization: a.Organization, kept: r.Report.Administrator, now: v.now().Add(-r.Report.ClockAhead)}
	if err := owner.read(ctx, run.clientForOrganization(run.credentials.organization()), a); err != nil {
		return run.failure(err), false
	}
	return owner.outcome(), true
}

// ownerNow is what is known of the owner of a refused key, then and now.
type ownerNow struct {
	refusal      Refusal
	organization string
	kept         Administrator
	now          time.Time // by JumpCloud's clock

	listed      bool // the list has the owner
	isAll       bool // the list would have the owner
	told        jumpcloud.Administrator
	toldDates   Administrator // has only the dates
	otherPrefix bool          // the owner's key begins in another way than the refused one
}

// read looks for the owner among the administrators of an organization. Email addresses are the same in any capitals.
func (o *ownerNow) read(ctx context.Context, client *jumpcloud.Client, a Asker) error {
	var asker jumpcloud.Administrator
	whole, rows := true, 0
	for row, err := range client.Administrators(ctx) {
		if errors.Is(err, wire.ErrIncomplete) {
			whole = false
			break
		}
		if err != nil {
			return err
		}
		switch email := string(row.Email); {
		case strings.EqualFold(email, o.kept.Email):
			o.told, o.listed = row, true
		case email != "" && strings.EqualFold(email, a.Email):
			asker = row
		}
		if rows++; rows == mostAdministrators {
			whole = false
			break
		}
	}
	// An administrator of an MSP is not listed in each of its organizations. So the list shows nothing if the owner may be one, or the one who asks.
	o.isAll = whole && o.kept.OfOrganization && !o.refusal.SeveralOrganizations && (a.Email == "" || asker.Email != "")
	// The prefix counts if it is what it is taken for: how a key begins. The asking key shows that.
	prefix, askers := string(o.told.APIKeyHash.Prefix), string(asker.APIKeyHash.Prefix)
	o.otherPrefix = prefix != "" && askers != "" && a.APIKey.HasPrefix(askers) && !o.refusal.Key.HasPrefix(prefix)
	o.toldDates.setKeyDates(o.told)
	return nil
}

// outcome says why the key is refused, as far as the list tells. What the owner needs to have a key at all comes first.
func (o *ownerNow) outcome() Outcome {
	if !o.listed {
		if o.isAll {
			return o.because(CauseOwnerRemoved, Facts{"Organization": o.organization})
		}
		return o.unexplained()
	}
	if why := refusalOf(o.told); why.Cause != CauseRoleRefused {
		return o.because(why.Cause, why.Facts)
	}
	role := string(o.told.RoleName)
	switch unknown := o.refusal.Report.Result(IDKey).Cause == CauseKeyStopped; {
	case unknown && o.hasNewerKey():
		return o.because(CauseKeyReplaced, Facts{"Created": moment(o.toldDates.KeyCreated)})
	case unknown && o.otherPrefix:
		return o.because(CauseKeyReplaced, Facts{})
	case unknown && o.hasNoKey():
		return o.because(CauseKeyDeleted, Facts{})
	case o.end().Cause == CauseKeyEnded:
		return o.because(CauseKeyEnded, o.end().Facts)
	case o.kept.Role != "" && role != "" && !isRole(role, o.kept.Role):
		return o.because(CauseRoleChanged, Facts{"Former": o.kept.Role, "Role": role})
	}
	return o.unexplained()
}

// because is an outcome that another key has told.
func (o *ownerNow) because(cause Cause, facts Facts) Outcome {
	facts["Email"], facts["AnotherKey"] = o.kept.Email, "yes"
	return outcome(cause, facts)
}

// hasNewerKey reports whether the owner's key was made after the refused one, and after that one last worked: generating a key ends the
// former at once. A date that contradicts others counts for nothing.
func (o *ownerNow) hasNewerKey() bool {
	created, worked := o.toldDates.KeyCreated, o.refusal.Report.Worked.Add(-o.refusal.Report.ClockAhead)
	switch {
	case created.IsZero() || created.Sub(o.now) > tolerable:
		return false
	case o.kept.KeyCreated.IsZero():
		return created.Sub(worked) > tolerable
	}
	return created.Sub(o.kept.KeyCreated) >= time.Second && worked.Sub(created) < tolerable
}

// hasSameKey reports whether the owner's key was made when the refused one was.
func (o *ownerNow) hasSameKey() bool {
	created := o.toldDates.KeyCreated
	return !created.IsZero() && !o.kept.KeyCreated.IsZero() && created.Sub(o.kept.KeyCreated).Abs() < time.Second
}

// hasNoKey reports whether the owner has no key any more. It takes no single field's word for it.
func (o *ownerNow) hasNoKey() bool {
	hash := o.told.APIKeyHash
	return o.told.APIKeySet == jumpcloud.No && hash.Prefix == "" && hash.CreatedAt.IsZero() && hash.ExpireAt.IsZero() && !o.kept.KeyCreated.IsZero()
}

// end says when the refused key ends or has ended.
func (o *ownerNow) end() Outcome {
	known := o.kept
	if known.KeyExpires.IsZero() && !known.KeyNeverExpires && o.hasSameKey() {
		known = o.toldDates
	}
	return known.keyEnd(o.now)
}

// unexplained is the outcome if nothing has changed that would explain the refusal. It says what it is not, and what is not told.
func (o *ownerNow) unexplained() Outcome {
	var ruledOut, open []string
	for _, one := range []struct {
		reason string // its words are in the translation files under refusal.<reason>
		not    bool
	}{
		{"end", o.end().Cause != CauseKeyEndUnknown},
		{"generated", o.hasSameKey()},
		{"removed", o.listed},
		{"suspended", o.told.Suspended == jumpcloud.No},
		{"access", o.told.APIKeyAllowed == jumpcloud.Yes},
		{"role", o.kept.Role != "" && isRole(string(o.told.RoleName), o.kept.Role)},
	} {
		if one.not {
			ruledOut = append(ruledOut, one.reason)
		} else {
			open = append(open, one.reason)
		}
	}
	return o.because(CauseKeyUnexplained, Facts{"RuledOut": strings.Join(ruledOut, ","), "Open": strings.Join(open, ",")})
}

// Why no other key was asked about the owner of a refused key. The words are in the translation files under refusal.<name>.
const (
	OwnerUnknown = "owner_unknown"
	NoOtherKey   = "no_other_key"
)

// NotAsked is an outcome without a cause, for [Report.Explained]: no other key was asked.
func NotAsked(why string) Outcome { return Outcome{Facts: Facts{"NotAsked": why}} }

// NotAnswered is an outcome without a cause, for [Report.Explained]: another key was asked, and the request failed. Asker names that key.
func NotAnswered(asker string, failure Outcome) Outcome {
	facts := Facts{}
	maps.Copy(facts, failure.Facts)
	for _, changing := range []string{"RequestID", "Until", "Seconds"} { // else each check would be news
		delete(facts, changing)
	}
	facts["NotAsked"], facts["Asker"], facts["Why"] = "trouble", asker, string(failure.Cause)
	if m := failure.Cause.Meaning(); m.State == Failed && !m.Repeats {
		facts["NotAsked"] = "refused"
	}
	return Outcome{Facts: facts}
}

// Explained returns the report with why its key is refused. If nobody could tell this time, what was told the last time stays.
func (r Report) Explained(why Outcome, last Report) Report {
	i := slices.IndexFunc(r.Results, func(r Result) bool { return r.Check == IDKey })
	if i < 0 {
		return r
	}
	seen, before := r.Results[i].Outcome, last.Result(IDKey).Outcome
	switch {
	case why.Cause != "":
	case before.Facts["AnotherKey"] != "":
		why = before
	default:
		why.State, why.Cause = seen.State, seen.Cause
	}
	facts := maps.Clone(seen.Facts)
	maps.Copy(facts, why.Facts)
	if worked := seen.Facts["Worked"]; worked != "" {
		facts["Worked"] = worked
	}
	r.Results = slices.Clone(r.Results)
	r.Results[i].Outcome = Outcome{State: why.State, Cause: why.Cause, Facts: facts}
	return r
}
