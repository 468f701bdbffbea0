package check

import "slices"

// Move says whose move it is where something is to be done.
type Move string

// The ones whose move it can be, in the translation files under move.<name>.
const (
	MoveNobody    Move = ""
	MoveYou       Move = "you"
	MoveOwner     Move = "administrator" // an Administrator with Billing, in JumpCloud
	MoveIT        Move = "it"            // whoever runs this computer and its network
	MoveJumpCloud Move = "jumpcloud"
)

// Help is what a button beside an outcome does.
type Help string

// What helps, in the translation files under help.<name>.
const (
	HelpNone       Help = ""
	HelpConsole    Help = "console"     // opens the Admin Portal of the region
	HelpSwap       Help = "swap"        // exchanges the two entries
	HelpAllRegions Help = "all_regions" // asks every region for the key
	HelpPick       Help = "pick"        // is the list of organizations on the screen
	HelpStatus     Help = "status"      // opens JumpCloud's page on outages
	HelpAgain      Help = "again"       // repeats what has not passed
)

// Meaning says what follows from a cause.
type Meaning struct {
	Cause Cause
	State State // in which a check ends with it
	Move  Move
	Help  Help
	// GoesOn says that the checks that come after this one are asked.
	GoesOn bool
	// Repeats says that the same question may get another answer a moment later, although nobody has changed anything: the
	// network or a server failed, or the question was not asked.
	Repeats bool
	// Softens says that an optional check ends with a warning in place of a failure.
	Softens bool
}

// meanings has a row for each cause that a check can end with. Nothing else decides by the cause what happens next. The page
// docs/outcomes.md is made from it, in this order.
var meanings = []Meaning{
	{Cause: CauseEntriesGood, State: Passed, GoesOn: true},
	{Cause: CauseEntriesRepaired, State: Passed, GoesOn: true},
	{Cause: CauseEntriesLeftOut, State: Passed, GoesOn: true},
	{Cause: CauseKeyMissing, State: Failed, Move: MoveYou},
	{Cause: CauseKeySeveral, State: Failed, Move: MoveYou},
	{Cause: CauseSwapped, State: Failed, Move: MoveYou, Help: HelpSwap},
	{Cause: CauseKeyIsOrganizationID, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsControlMap, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsOther, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsText, State: Failed, Move: MoveYou},
	{Cause: CauseKeyUnreadable, State: Failed, Move: MoveYou},
	{Cause: CauseKeyTooLong, State: Failed, Move: MoveYou},
	{Cause: CauseKeyUnusual, State: Warning, Move: MoveYou, GoesOn: true},
	{Cause: CauseOrganizationIsKey, State: Failed, Move: MoveYou},
	{Cause: CauseOrganizationMalformed, State: Failed, Move: MoveYou},
	{Cause: CauseOrganizationDiffers, State: Warning, Move: MoveYou, GoesOn: true},

	{Cause: CauseReachable, State: Passed, GoesOn: true},
	{Cause: CauseRegionUnknown, State: Failed, Move: MoveYou},
	{Cause: CauseNameNotFound, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseNoRoute, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseUnreachable, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseBroken, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseNotPermitted, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseExhausted, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProxyUnreadable, State: Failed, Move: MoveYou, Softens: true},
	{Cause: CauseProxyLogin, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProxyRefused, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProxyFailed, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProxyBroke, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProxyCertificate, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProxyUnreachable, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseCertificate, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseCertificateName, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseCertificateForm, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseCertificateBroken, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseCertificateExpired, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseClockBehind, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseNotTLS, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseTLSRefused, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseSignIn, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseFiltered, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseProtected, State: Failed, Move: MoveJumpCloud, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseNotJumpCloud, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseKeyRemoved, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseRedirected, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseMoved, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseBlocked, State: Failed, Move: MoveJumpCloud, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseRateLimited, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseTimeout, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseSubscription, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseServer, State: Failed, Move: MoveJumpCloud, Help: HelpStatus, Repeats: true, Softens: true},
	{Cause: CauseContract, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseUnreadable, State: Failed, Move: MoveIT, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseInsecure, State: Failed, Move: MoveYou, Softens: true},
	{Cause: CauseUnexpected, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},
	{Cause: CauseUnknown, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true, Softens: true},

	{Cause: CauseClock, State: Passed, GoesOn: true},
	{Cause: CauseClockOff, State: Warning, Move: MoveYou, GoesOn: true},
	{Cause: CauseClockUnknown, State: Skipped},

	{Cause: CauseKeyAccepted, State: Passed, GoesOn: true},
	{Cause: CauseKeyElsewhere, State: Passed, GoesOn: true},
	{Cause: CauseKeyUnknown, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyUnknownPartly, State: Failed, Move: MoveYou, Help: HelpAgain, Repeats: true},
	{Cause: CauseKeyUnknownHere, State: Failed, Move: MoveYou, Help: HelpAllRegions},
	{Cause: CauseKeyStopped, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseRoleRefused, State: Failed, Move: MoveOwner, Help: HelpConsole, Softens: true},
	{Cause: CauseCommandRunner, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseBillingOnly, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseAPIAccessOff, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseSuspended, State: Failed, Move: MoveOwner, Help: HelpConsole},

	{Cause: CauseOrganization, State: Passed, GoesOn: true},
	{Cause: CauseOrganizationUnnamed, State: Passed, GoesOn: true},
	{Cause: CauseChoose, State: Warning, Move: MoveYou, Help: HelpPick},
	{Cause: CauseNeeded, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseOrganizationUntold, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseNotListed, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseNotOpened, State: Failed, Move: MoveYou, Help: HelpPick, Softens: true},
	{Cause: CauseNoOrganization, State: Failed, Move: MoveOwner, Help: HelpConsole},

	{Cause: CauseCounted, State: Passed, GoesOn: true},
	{Cause: CausePeople, State: Passed, GoesOn: true},
	{Cause: CauseDevices, State: Passed, GoesOn: true},
	{Cause: CauseAdministrators, State: Passed, GoesOn: true},
	{Cause: CauseDatasetRefused, State: Failed, Move: MoveOwner, Help: HelpConsole, Softens: true},
	{Cause: CauseDatasetWithheld, State: Failed, Move: MoveYou, Help: HelpConsole, Softens: true},
	{Cause: CauseDatasetDenied, State: Failed, Move: MoveYou, Help: HelpAgain, Softens: true},
	{Cause: CauseDatasetMissing, State: Failed, Move: MoveYou, Help: HelpAgain, Softens: true},
	{Cause: CauseDatasetUntold, State: Skipped},
	{Cause: CauseNotLicensed, State: Skipped},

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
	{Cause: CauseCancelled, State: Skipped, Repeats: true},
}

// Meanings lists all causes that a check can end with, and what follows from each.
func Meanings() []Meaning { return slices.Clone(meanings) }

// Meaning says what follows from the cause. Only its Cause is set where no check ends with it.
func (c Cause) Meaning() Meaning {
	for _, m := range meanings {
		if m.Cause == c {
			return m
		}
	}
	return Meaning{Cause: c}
}

// outcome is how a check ends with a cause, as the table has it.
func outcome(cause Cause, facts Facts) Outcome {
	return Outcome{State: cause.Meaning().State, Cause: cause, Facts: facts}
}
