package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// firstOrganizations is how many organizations the first request reads: one page. One that is not among them is asked for by its
// id.
const firstOrganizations = 100

// firstAnswer is what the first request with a key gave.
type firstAnswer struct {
	region        jumpcloud.Region
	organizations []Organization
	cut           bool          // the list was not read to its end
	complete      bool          // the list holds every organization that the key opens
	unread        int           // how many rows of the list could not be read
	dated         bool          // the server told the time
	ahead         time.Duration // by how much this computer's clock was ahead of it
	err           error
	// ofKey says that the answer is the same for every connection of the key: it accepts the key, or every request said that the
	// key is not known. Another refusal may be due to the Organization ID that was sent.
	ofKey bool

	// Where several regions were asked and none knows the key:
	refused []string      // the regions that do not know it
	unasked []firstAnswer // of the regions that could not be asked
}

// everyRegion reports whether all regions are asked for the key.
func (v *validation) everyRegion() bool {
	return v.credentials.Region == "" || v.credentials.AnyRegion
}

// probe makes the first request, in the chosen region or in all of them at once, and keeps the best answer.
func (v *validation) probe(ctx context.Context) {
	if v.everyRegion() {
		v.first = v.detect(ctx)
	} else {
		r, _ := v.validator.JumpCloud.Region(v.credentials.Region)
		v.first = v.organizations(ctx, r)
	}
	v.client = v.clientFor(v.first.region, "")
}

// organizations lists the organizations that the key opens in a region, up to [firstOrganizations]. The rest is read when it is
// needed.
func (v *validation) organizations(ctx context.Context, r jumpcloud.Region) firstAnswer {
	a := v.list(ctx, r, true)
	a.ofKey = accepts(a.err)
	if refusesCall(a.err) {
		a.ofKey, a.err = v.secondRequest(ctx, r, a.err)
	}
	return a
}

// list reads the list of organizations. If the list breaks off, or the time runs out, the rows before that count.
func (v *validation) list(ctx context.Context, r jumpcloud.Region, firstOnly bool) firstAnswer {
	var clock serverClock
	ctx = wire.WithWatch(ctx, wire.Watch{Exchanged: func(e wire.Exchange) { clock.note(e.Date, v.validator.now()) }})
	a := v.readList(ctx, r, firstOnly) // when it returns, no page is under way any more
	a.dated, a.ahead = clock.dated, clock.ahead
	return a
}

func (v *validation) readList(ctx context.Context, r jumpcloud.Region, firstOnly bool) firstAnswer {
	a := firstAnswer{region: r}
	for o, err := range v.clientFor(r, "").Organizations(ctx) {
		var e *wire.Error
		switch {
		case errors.Is(err, wire.ErrIncomplete) && errors.As(err, &e):
			a.unread = e.Unread
			return a
		case err != nil && len(a.organizations) > 0 && !errors.Is(err, context.Canceled):
			a.cut = true
			return a
		case err != nil:
			a.err = err
			return a
		}
		a.organizations = append(a.organizations, organizationOf(o))
		if firstOnly && len(a.organizations) == firstOrganizations {
			a.cut = true
			return a
		}
	}
	a.complete = true
	return a
}

// serverClock compares this computer's clock with the first time that the server tells. Several pages may come at once.
type serverClock struct {
	once  sync.Once
	dated bool          // the server told the time
	ahead time.Duration // by how much this computer's clock was ahead of it
}

func (c *serverClock) note(told, now time.Time) {
	if !told.IsZero() {
		c.once.Do(func() { c.dated, c.ahead = true, now.Sub(told) })
	}
}

func checkOrganization(ctx context.Context, v *validation) Outcome {
	want := v.credentials.organization()
	known := v.first.organizations
	v.report.Organization = Organization{}
	v.offer()
	if want == "" {
		return v.onlyOrganization(ctx)
	}
	if o, ok := among(known, want); ok {
		return v.found(o)
	}
	if v.first.complete && v.first.err == nil {
		return notOpened(want, known)
	}
	o, err := v.clientForOrganization(want).Organization(ctx, want)
	switch {
	case err == nil:
		return v.found(organizationOf(o))
	case v.first.err != nil && (refusesCall(err) || errors.Is(err, wire.ErrContract)):
		return v.unlistedOrganization(ctx, want)
	case refusesCall(err), errors.Is(err, wire.ErrContract):
		return v.beyondTheFirst(ctx, want, err)
	}
	return v.firstRequestFailure(err)
}

// organizationOf takes an organization out of an answer. Where its name shows nothing, its id takes the name's place.
func organizationOf(o jumpcloud.Organization) Organization {
	return Organization{ID: o.ID, Name: cmp.Or(string(o.DisplayName), o.ID)}
}

// beyondTheFirst looks for an organization among those that the first answer left out. It could not be read by its id, but the key
// may open it all the same: JumpCloud does not document how it answers such a request of a multi-tenant key.
func (v *validation) beyondTheFirst(ctx context.Context, want string, unread error) Outcome {
	if err := v.readAll(ctx); err != nil {
		return v.firstRequestFailure(err)
	}
	o, ok := among(v.first.organizations, want)
	switch {
	case ok:
		return v.found(o)
	case v.first.complete:
		return notOpened(want, v.first.organizations)
	case errors.Is(unread, wire.ErrContract):
		return v.firstRequestFailure(unread)
	}
	facts := v.first.facts()
	facts["OrganizationID"] = want
	return outcome(CauseNotListed, facts)
}

// among finds the organization with an id.
func among(all []Organization, id string) (Organization, bool) {
	for _, o := range all {
		if o.ID == id {
			return o, true
		}
	}
	return Organization{}, false
}

// readAll reads the organizations that the first answer left out, as far as they come. It fails only where the person cancels.
func (v *validation) readAll(ctx context.Context) error {
	if v.first.cut && v.first.err == nil {
		a := v.list(ctx, v.first.region, false)
		if errors.Is(a.err, context.Canceled) {
			return a.err
		}
		if len(a.organizations) >= len(v.first.organizations) {
			v.first.organizations, v.first.complete, v.first.unread = a.organizations, a.complete, a.unread
			v.first.cut = a.cut
		}
	}
	v.offer()
	return nil
}

// offer lets a person choose from the organizations that were listed.
func (v *validation) offer() {
	v.report.Choices = v.first.organizations
	v.report.MoreChoices = len(v.report.Choices) > 0 && !v.first.complete
}

// onlyOrganization takes the organization that the key opens, if it opens one only. Else the person has to choose.
func (v *validation) onlyOrganization(ctx context.Context) Outcome {
	err := v.readAll(ctx)
	known := v.first.organizations
	switch {
	case err != nil:
		return v.firstRequestFailure(err)
	case errors.Is(v.first.err, errNotListed):
		return outcome(CauseOrganizationUntold, Facts{})
	case v.first.err != nil, len(known) == 0 && !v.first.complete:
		return outcome(CauseNeeded, Facts{})
	case len(known) == 0:
		return outcome(CauseNoOrganization, Facts{})
	case len(known) > 1 || !v.first.complete:
		return outcome(CauseChoose, v.first.facts())
	}
	return v.found(known[0])
}

// facts say how many organizations the key opens.
func (a firstAnswer) facts() Facts {
	n, facts := jumpcloud.AtLeast(len(a.organizations)), Facts{}
	if a.complete {
		n = jumpcloud.Exactly(len(a.organizations))
	}
	facts["Count"] = n.String()
	if !a.complete && a.unread == 0 {
		facts["More"] = "yes"
	}
	if a.unread > 0 {
		facts["Unread"] = strconv.Itoa(a.unread)
	}
	return facts
}

func (v *validation) found(o Organization) Outcome {
	o.Name = cmp.Or(o.Name, o.ID)
	v.report.Organization, v.report.Choices, v.report.MoreChoices = o, nil, false
	v.client = v.clientForOrganization(o.ID)
	return outcome(CauseOrganization, Facts{"Organization": o.Name, "OrganizationID": o.ID})
}

func notOpened(id string, known []Organization) Outcome {
	facts := Facts{"OrganizationID": id, "Count": fmt.Sprint(len(known))}
	if len(known) == 1 {
		facts["Organization"] = known[0].Name
	}
	return outcome(CauseNotOpened, facts)
}
