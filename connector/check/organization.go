package check

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// checkOrganization finds the organization with the entered id, or the only one that the key opens.
func checkOrganization(ctx context.Context, v *validation) Outcome {
	want := v.credentials.organization()
	v.report.Organization = Organization{}
	v.offer()
	if want == "" {
		return v.onlyOrganization(ctx)
	}
	if o, ok := v.listed(want); ok {
		return v.found(o)
	}
	if v.first.complete {
		return v.notOpened(want)
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
	return fatal(v.failure(err))
}

// organizationOf takes an organization from an answer. If its name shows nothing, its id takes the name's place.
func organizationOf(o jumpcloud.Organization) Organization {
	return Organization{ID: o.ID, Name: cmp.Or(string(o.DisplayName), o.ID)}
}

// listed finds an organization in the list, as far as the list was read.
func (v *validation) listed(id string) (Organization, bool) {
	for _, o := range v.first.organizations {
		if o.ID == id {
			return o, true
		}
	}
	return Organization{}, false
}

// beyondTheFirst looks for an organization in the rest of the list. The organization could not be read by its id, but the key may
// open it all the same: JumpCloud does not document how it answers such a request with a multi-tenant key.
func (v *validation) beyondTheFirst(ctx context.Context, want string, unread error) Outcome {
	if err := v.readAll(ctx); err != nil {
		return fatal(v.failure(err))
	}
	o, ok := v.listed(want)
	switch {
	case ok:
		return v.found(o)
	case v.first.complete:
		return v.notOpened(want)
	case errors.Is(unread, wire.ErrContract):
		return fatal(v.failure(unread))
	}
	facts := v.first.facts()
	facts["OrganizationID"] = want
	return outcome(CauseNotListed, facts)
}

// unlistedOrganization checks an Organization ID if JumpCloud does not list the organizations of the key. The id counts if JumpCloud
// answers a request with it.
func (v *validation) unlistedOrganization(ctx context.Context, want string) Outcome {
	id, err := v.clientForOrganization(want).Reads(ctx)
	switch {
	// If no row names its organization, the answer alone counts: JumpCloud has no call that tells a service account its own.
	case err == nil && (id == "" || strings.EqualFold(id, want)):
		v.found(Organization{ID: want, Name: want})
		return outcome(CauseOrganizationUnnamed, Facts{"OrganizationID": want})
	case err == nil, refusesCall(err):
		return v.notOpened(want)
	}
	return fatal(v.failure(err))
}

// readAll reads the rest of the list, as much of it as comes. It fails only if the person cancels.
func (v *validation) readAll(ctx context.Context) error {
	if v.first.cut {
		a := v.list(ctx, v.first.region, false)
		if errors.Is(a.err, context.Canceled) {
			return a.err
		}
		if len(a.organizations) >= len(v.first.organizations) {
			v.first.organizations, v.first.complete, v.first.unread, v.first.cut = a.organizations, a.complete, a.unread, a.cut
		}
	}
	v.offer()
	return nil
}

// offer lets a person choose from the list.
func (v *validation) offer() {
	v.report.Choices = v.first.organizations
	v.report.MoreChoices = len(v.report.Choices) > 0 && !v.first.complete
}

// onlyOrganization takes the organization that the key opens, if it opens one only. Otherwise the person has to choose.
func (v *validation) onlyOrganization(ctx context.Context) Outcome {
	err := v.readAll(ctx)
	known := v.first.organizations
	switch {
	case err != nil:
		return fatal(v.failure(err))
	case errors.Is(v.first.err, errNotListed):
		return outcome(CauseOrganizationUntold, Facts{})
	case v.first.err != nil, len(known) == 0 && !v.first.complete:
		return outcome(CauseNeeded, Facts{})
	case len(known) == 0:
		return outcome(CauseNoOrganization, Facts{})
	case len(known) > 1 || !v.first.complete:
		return v.choice(ctx, known[0])
	}
	return v.found(known[0])
}

// endWait is how long a person who has to choose an organization waits for the key's end at most.
const endWait = 3 * time.Second

// choice is the outcome for a key that opens several organizations. The key's end is the same for all: one of them is asked, for it need not
// wait for the choice.
func (v *validation) choice(ctx context.Context, one Organization) Outcome {
	facts := v.first.facts()
	limited, cancel := context.WithTimeout(ctx, endWait)
	defer cancel()
	if a, err := v.clientForOrganization(one.ID).Self(limited); err == nil {
		v.report.Administrator.Email = string(a.Email)
		v.report.Administrator.setKeyDates(a)
	}
	if end := v.report.Administrator.keyEnd(v.now()); end.Facts["Expires"] != "" {
		facts["Expires"] = end.Facts["Expires"]
	}
	return outcome(CauseChoose, facts)
}

// facts say how many organizations the key opens.
func (a firstAnswer) facts() Facts {
	facts := Facts{"Count": jumpcloud.AtLeast(len(a.organizations)).String()}
	switch {
	case a.complete:
		facts["Count"] = jumpcloud.Exactly(len(a.organizations)).String()
	case a.unread == 0:
		facts["More"] = "yes"
	}
	if a.unread > 0 {
		facts["Unread"] = strconv.Itoa(a.unread)
	}
	return facts
}

// found takes an organization for the connection.
func (v *validation) found(o Organization) Outcome {
	v.report.Organization, v.report.Choices, v.report.MoreChoices = o, nil, false
	v.client = v.clientForOrganization(o.ID)
	return outcome(CauseOrganization, Facts{"Organization": o.Name, "OrganizationID": o.ID})
}

// notOpened is the outcome for an organization that the key does not open.
func (v *validation) notOpened(id string) Outcome {
	facts := Facts{"OrganizationID": id, "Count": strconv.Itoa(len(v.first.organizations))}
	if len(v.first.organizations) == 1 {
		facts["Organization"] = v.first.organizations[0].Name
	}
	return outcome(CauseNotOpened, facts)
}
