package check

import (
	"context"
	"errors"
	"slices"
	"sync"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// Move says who has to act, if anybody.
type Move string

// Who may have to act. Their words are in the translation files under move.<name>.
const (
	MoveNobody    Move = ""
	MoveYou       Move = "you"
	MoveOwner     Move = "administrator" // an Administrator with Billing, in JumpCloud
	MoveIT        Move = "it"            // whoever runs this computer and its network
	MoveJumpCloud Move = "jumpcloud"
)

// Help is what a button beside an outcome does.
type Help string

// What buttons do. Their words are in the translation files under help.<name>.
const (
	HelpNone       Help = ""
	HelpConsole    Help = "console"     // opens the Admin Portal of the region
	HelpSwap       Help = "swap"        // exchanges the two entries
	HelpAllRegions Help = "all_regions" // asks every region for the key
	HelpPick       Help = "pick"        // goes to the list of organizations
	HelpStatus     Help = "status"      // opens JumpCloud's page on outages
	HelpAgain      Help = "again"       // repeats what has not passed
	HelpPaste      Help = "paste"       // pastes a key in place of the one that is entered
	HelpSave       Help = "save"        // saves a connection of which not all can be read
	HelpLeaveOut   Help = "leave_out"   // empties the field Organization ID
	HelpBrowser    Help = "browser"     // opens a page in the browser, which shows the sign-in page of the network
	HelpClose      Help = "close"       // closes the app, which then has to be started in another way
	HelpMessage    Help = "message"     // copies a message for whoever has to act
)

// Meaning says what follows from a cause.
type Meaning struct {
	Cause Cause
	// State is the state in which a check ends.
	State State
	Move  Move
	Help  Help
	// GoesOn says that the checks that come after this one run.
	GoesOn bool
	// Repeats says that the same question may get another answer a moment later, although nobody has changed anything: the
	// network or a server failed, or the question was not asked.
	Repeats bool
	// Here says that the reason is on this computer, and not in the network.
	Here bool
	// Answered says that JumpCloud itself answered, so that the network works.
	Answered bool
	// Softens says that an optional check ends with a warning instead of a failure.
	Softens bool
	// err is the kind of error that a failed request with this cause has. It is nil where the check decides by itself.
	err error
}

// temporary is the row of a failure that may be gone a moment later. The error is as in [Meaning].err.
func temporary(c Cause, err error, m Move) Meaning {
	return Meaning{Cause: c, err: err, State: Failed, Move: m, Help: HelpAgain, Repeats: true, Softens: true}
}

// here is the row of a failure whose reason is on this computer.
func here(m Meaning) Meaning {
	m.Here = true
	return m
}

// helped is the row of a failure that another button helps with than running again.
func helped(m Meaning, h Help) Meaning {
	m.Help = h
	return m
}

// answered is the row of a failure that JumpCloud itself answered with.
func answered(m Meaning) Meaning {
	m.Answered = true
	return m
}

// Next is what the person does next. If somebody else has to act, the person writes to them. A problem of JumpCloud's own passes by itself.
func (m Meaning) Next() Help {
	switch m.Move {
	case MoveNobody, MoveYou:
		return m.Help
	}
	if m.Help == HelpStatus {
		return HelpAgain
	}
	return HelpMessage
}

// meanings has a row for each cause that a check can end with. Only this table decides what follows from a cause. The page
// docs/outcomes.md is made from it, in this order.
var meanings = []Meaning{
	{Cause: CauseEntriesGood, State: Passed, GoesOn: true},
	{Cause: CauseEntriesRepaired, State: Passed, GoesOn: true},
	{Cause: CauseEntriesLeftOut, State: Passed, GoesOn: true},
	{Cause: CauseKeyMissing, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeySeveral, State: Failed, Move: MoveYou},
	{Cause: CauseSwapped, State: Failed, Move: MoveYou, Help: HelpSwap},
	{Cause: CauseKeyIsOrganizationID, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsControlMap, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsOther, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsText, State: Failed, Move: MoveYou, Help: HelpPaste},
	{Cause: CauseKeyUnreadable, State: Failed, Move: MoveYou, Help: HelpPaste},
	{Cause: CauseKeyTooLong, State: Failed, Move: MoveYou, Help: HelpPaste},
	{Cause: CauseKeyUnusual, State: Warning, Move: MoveYou, GoesOn: true},
	{Cause: CauseOrganizationIsKey, State: Failed, Move: MoveYou, Help: HelpLeaveOut},
	{Cause: CauseOrganizationMalformed, State: Failed, Move: MoveYou, Help: HelpLeaveOut},
	{Cause: CauseOrganizationDiffers, State: Warning, Move: MoveYou, GoesOn: true},

	{Cause: CauseReachable, State: Passed, GoesOn: true},
	{Cause: CauseRegionUnknown, State: Failed, Move: MoveYou, Help: HelpClose, Here: true},
	temporary(CauseNameNotFound, wire.ErrNameNotFound, MoveYou),
	temporary(CauseNoRoute, wire.ErrNoRoute, MoveYou),
	temporary(CauseUnreachable, wire.ErrUnreachable, MoveIT),
	temporary(CauseBroken, wire.ErrBroken, MoveYou),
	here(temporary(CauseNotPermitted, wire.ErrNotPermitted, MoveIT)),
	here(temporary(CauseExhausted, wire.ErrExhausted, MoveYou)),
	{Cause: CauseProxyUnreadable, err: wire.ErrProxyUnreadable, State: Failed, Move: MoveYou, Help: HelpClose, Here: true, Softens: true},
	temporary(CauseProxyLogin, wire.ErrProxyLogin, MoveIT),
	temporary(CauseProxyRefused, wire.ErrProxyRefused, MoveIT),
	temporary(CauseProxyFailed, wire.ErrProxyFailed, MoveIT),
	temporary(CauseProxyBroke, wire.ErrProxyBroke, MoveIT),
	temporary(CauseProxyCertificate, wire.ErrProxyCertificate, MoveIT),
	helped(temporary(CauseProxyUnreachable, wire.ErrProxyUnreachable, MoveYou), HelpClose),
	temporary(CauseCertificate, wire.ErrCertificate, MoveIT),
	temporary(CauseCertificateName, wire.ErrCertificateName, MoveIT),
	temporary(CauseCertificateForm, wire.ErrCertificateForm, MoveIT),
	temporary(CauseCertificateBroken, wire.ErrCertificateUnreadable, MoveIT),
	temporary(CauseCertificateExpired, wire.ErrCertificateTime, MoveYou),
	here(temporary(CauseClockBehind, nil, MoveYou)),
	temporary(CauseNotTLS, wire.ErrNotTLS, MoveIT),
	temporary(CauseTLSRefused, wire.ErrTLS, MoveIT),
	helped(temporary(CauseSignIn, wire.ErrSignIn, MoveYou), HelpBrowser),
	temporary(CauseFiltered, wire.ErrFiltered, MoveIT),
	answered(temporary(CauseProtected, wire.ErrProtected, MoveJumpCloud)),
	helped(temporary(CauseNotJumpCloud, jumpcloud.ErrNotJumpCloud, MoveYou), HelpBrowser),
	temporary(CauseKeyRemoved, jumpcloud.ErrKeyRemoved, MoveIT),
	temporary(CauseRedirected, wire.ErrRedirected, MoveYou),
	helped(temporary(CauseMoved, wire.ErrMoved, MoveYou), HelpClose),
	answered(temporary(CauseBlocked, jumpcloud.ErrBlocked, MoveJumpCloud)),
	answered(temporary(CauseRateLimited, wire.ErrRateLimited, MoveNobody)),
	temporary(CauseTimeout, wire.ErrTimeout, MoveYou),
	{Cause: CauseSubscription, State: Failed, Move: MoveOwner, Help: HelpConsole, Answered: true},
	{Cause: CauseServer, err: wire.ErrServer, State: Failed, Move: MoveJumpCloud, Help: HelpStatus, Repeats: true, Answered: true, Softens: true},
	answered(temporary(CauseContract, wire.ErrContract, MoveYou)),
	temporary(CauseUnreadable, wire.ErrUnreadable, MoveIT),
	{Cause: CauseInsecure, err: wire.ErrInsecure, State: Failed, Move: MoveYou, Help: HelpClose, Here: true, Softens: true},
	answered(temporary(CauseUnexpected, nil, MoveYou)), // any other failure
	temporary(CauseUnknown, wire.ErrUnknown, MoveYou),

	{Cause: CauseClock, State: Passed, GoesOn: true},
	{Cause: CauseClockOff, State: Warning, Move: MoveYou, GoesOn: true},
	{Cause: CauseClockUnknown, State: Skipped},

	{Cause: CauseKeyAccepted, State: Passed, GoesOn: true},
	{Cause: CauseKeyElsewhere, State: Passed, GoesOn: true},
	{Cause: CauseKeyUnknown, State: Failed, Move: MoveYou, Help: HelpPaste},
	{Cause: CauseKeyUnknownPartly, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true},
	{Cause: CauseKeyUnknownHere, err: jumpcloud.ErrUnauthorized, State: Failed, Move: MoveYou, Help: HelpAllRegions},
	{Cause: CauseKeyStopped, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyReplaced, State: Failed, Move: MoveYou, Help: HelpPaste},
	{Cause: CauseKeyDeleted, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyUnexplained, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseOwnerRemoved, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseRoleChanged, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseRoleRefused, err: jumpcloud.ErrForbidden, State: Failed, Move: MoveOwner, Help: HelpConsole, Softens: true},
	{Cause: CauseCommandRunner, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseBillingOnly, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseAPIAccessOff, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseSuspended, State: Failed, Move: MoveOwner, Help: HelpConsole},

	{Cause: CauseOrganization, State: Passed, GoesOn: true},
	{Cause: CauseOrganizationUnnamed, State: Passed, GoesOn: true},
	{Cause: CauseChoose, State: Warning, Move: MoveYou, Help: HelpPick},
	{Cause: CauseNeeded, err: jumpcloud.ErrNoOrganizationSelected, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseOrganizationUntold, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseNotListed, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseNotOpened, err: jumpcloud.ErrSelectionNotAllowed, State: Failed, Move: MoveYou, Help: HelpPick, Softens: true},
	{Cause: CauseNoOrganization, State: Failed, Move: MoveOwner, Help: HelpConsole},

	{Cause: CauseCounted, State: Passed, GoesOn: true},
	{Cause: CausePeople, State: Passed, GoesOn: true},
	{Cause: CauseDevices, State: Passed, GoesOn: true},
	{Cause: CauseAdministrators, State: Passed, GoesOn: true},
	{Cause: CauseAdministratorsMFA, State: Warning, Move: MoveOwner, Help: HelpConsole, GoesOn: true},
	{Cause: CauseDatasetRefused, State: Failed, Move: MoveOwner, Help: HelpConsole, Softens: true},
	{Cause: CauseDatasetWithheld, State: Failed, Move: MoveYou, Help: HelpSave, Softens: true},
	{Cause: CauseDatasetDenied, State: Failed, Move: MoveYou, Help: HelpAgain, Softens: true},
	{Cause: CauseDatasetMissing, State: Failed, Move: MoveYou, Help: HelpAgain, Softens: true},
	{Cause: CauseDatasetUntold, State: Skipped},
	{Cause: CauseNotLicensed, err: jumpcloud.ErrNotLicensed, State: Skipped},

	{Cause: CauseRole, State: Passed, GoesOn: true},
	{Cause: CauseRoleCustom, State: Passed, GoesOn: true},
	{Cause: CauseRolePrivileged, State: Warning, Move: MoveOwner, Help: HelpConsole, GoesOn: true},
	{Cause: CauseRoleUnreadable, State: Skipped, GoesOn: true},
	{Cause: CauseNotTold, State: Skipped},
	{Cause: CauseMFA, State: Passed, GoesOn: true},
	{Cause: CauseMFAOff, State: Warning, Move: MoveOwner, Help: HelpConsole, GoesOn: true},
	{Cause: CauseMFAUnknown, State: Skipped},
	{Cause: CauseKeyAge, State: Passed, GoesOn: true},
	{Cause: CauseKeyOld, State: Warning, Move: MoveYou, Help: HelpConsole, GoesOn: true},
	{Cause: CauseKeyFromFuture, State: Warning, Move: MoveYou, Help: HelpAgain, GoesOn: true},
	{Cause: CauseKeyAgeUnknown, State: Skipped},
	{Cause: CauseKeyEnd, State: Passed, GoesOn: true},
	{Cause: CauseKeyEndless, State: Passed, GoesOn: true},
	{Cause: CauseKeyExpires, State: Warning, Move: MoveYou, Help: HelpConsole, GoesOn: true},
	{Cause: CauseKeyEnded, State: Failed, Move: MoveYou, Help: HelpConsole, Softens: true},
	{Cause: CauseKeyEndUnknown, State: Skipped},

	{Cause: CauseDependency, State: Skipped, Repeats: true},
	{Cause: CauseCancelled, err: context.Canceled, State: Skipped, Repeats: true},
}

// Meanings lists all causes that a check can end with, and what follows from each. docs/outcomes.md is made from it.
func Meanings() []Meaning { return slices.Clone(meanings) }

// Meaning says what follows from the cause. If no check ends with it, only Cause is set.
func (c Cause) Meaning() Meaning {
	if m, ok := meaningOf()[c]; ok {
		return *m
	}
	return Meaning{Cause: c}
}

// meaningOf has the rows of the table by their causes: lists ask for thousands.
var meaningOf = sync.OnceValue(func() map[Cause]*Meaning {
	all := make(map[Cause]*Meaning, len(meanings))
	for i := range meanings {
		all[meanings[i].Cause] = &meanings[i]
	}
	return all
})

// causeOf is the cause of a failed request, whatever the check.
func causeOf(err error) Cause {
	for _, m := range meanings {
		if m.err != nil && errors.Is(err, m.err) {
			return m.Cause
		}
	}
	switch {
	case errors.Is(err, wire.ErrTooLarge):
		return CauseContract
	case errors.Is(err, context.DeadlineExceeded):
		return CauseTimeout
	}
	return CauseUnexpected
}

// outcome is how a check ends with a cause: the table has the state.
func outcome(cause Cause, facts Facts) Outcome {
	return Outcome{State: cause.Meaning().State, Cause: cause, Facts: facts}
}
