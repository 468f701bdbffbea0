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

// Meaning is what a cause comes to.
type Meaning struct {
	Cause Cause
	State State // in which a check ends with it
	Move  Move
	Help  Help
}

// meanings is the one place that says what follows from each cause that a check can end with. The order is that of
// the page docs/outcomes.md, which is made from it.
var meanings = []Meaning{
	{Cause: CauseEntriesGood, State: Passed},
	{Cause: CauseEntriesRepaired, State: Passed},
	{Cause: CauseEntriesLeftOut, State: Passed},
	{Cause: CauseKeyMissing, State: Failed, Move: MoveYou},
	{Cause: CauseKeySeveral, State: Failed, Move: MoveYou},
	{Cause: CauseSwapped, State: Failed, Move: MoveYou, Help: HelpSwap},
	{Cause: CauseKeyIsOrganizationID, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsControlMap, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsOther, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyIsText, State: Failed, Move: MoveYou},
	{Cause: CauseKeyUnreadable, State: Failed, Move: MoveYou},
	{Cause: CauseKeyTooLong, State: Failed, Move: MoveYou},
	{Cause: CauseKeyUnusual, State: Warning, Move: MoveYou},
	{Cause: CauseOrganizationIsKey, State: Failed, Move: MoveYou},
	{Cause: CauseOrganizationMalformed, State: Failed, Move: MoveYou},
	{Cause: CauseOrganizationDiffers, State: Warning, Move: MoveYou},

	{Cause: CauseReachable, State: Passed},
	{Cause: CauseRegionUnknown, State: Failed, Move: MoveYou},
	{Cause: CauseNameNotFound, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseNoRoute, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseUnreachable, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseBroken, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseNotPermitted, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseExhausted, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseProxyUnreadable, State: Failed, Move: MoveYou},
	{Cause: CauseProxyLogin, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseProxyRefused, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseProxyFailed, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseProxyBroke, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseProxyCertificate, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseProxyUnreachable, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseCertificate, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseCertificateName, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseCertificateForm, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseCertificateBroken, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseCertificateExpired, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseClockBehind, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseNotTLS, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseTLSRefused, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseSignIn, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseFiltered, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseProtected, State: Failed, Move: MoveJumpCloud, Help: HelpAgain},
	{Cause: CauseNotJumpCloud, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseKeyRemoved, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseRedirected, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseMoved, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseBlocked, State: Failed, Move: MoveJumpCloud, Help: HelpAgain},
	{Cause: CauseRateLimited, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseTimeout, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseSubscription, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseServer, State: Failed, Move: MoveJumpCloud, Help: HelpStatus},
	{Cause: CauseContract, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseUnreadable, State: Failed, Move: MoveIT, Help: HelpAgain},
	{Cause: CauseInsecure, State: Failed, Move: MoveYou},
	{Cause: CauseUnexpected, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseUnknown, State: Failed, Move: MoveYou, Help: HelpAgain},

	{Cause: CauseClock, State: Passed},
	{Cause: CauseClockOff, State: Warning, Move: MoveYou},
	{Cause: CauseClockUnknown, State: Skipped},

	{Cause: CauseKeyAccepted, State: Passed},
	{Cause: CauseKeyElsewhere, State: Passed},
	{Cause: CauseKeyUnknown, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyUnknownPartly, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseKeyUnknownHere, State: Failed, Move: MoveYou, Help: HelpAllRegions},
	{Cause: CauseKeyStopped, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseRoleRefused, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseCommandRunner, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseBillingOnly, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseAPIAccessOff, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseSuspended, State: Failed, Move: MoveOwner, Help: HelpConsole},

	{Cause: CauseOrganization, State: Passed},
	{Cause: CauseOrganizationUnnamed, State: Passed},
	{Cause: CauseChoose, State: Warning, Move: MoveYou, Help: HelpPick},
	{Cause: CauseNeeded, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseOrganizationUntold, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseNotListed, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseNotOpened, State: Failed, Move: MoveYou, Help: HelpPick},
	{Cause: CauseNoOrganization, State: Failed, Move: MoveOwner, Help: HelpConsole},

	{Cause: CauseCounted, State: Passed},
	{Cause: CausePeople, State: Passed},
	{Cause: CauseDevices, State: Passed},
	{Cause: CauseAdministrators, State: Passed},
	{Cause: CauseDatasetRefused, State: Failed, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseDatasetWithheld, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseDatasetDenied, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseDatasetMissing, State: Failed, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseDatasetUntold, State: Skipped},
	{Cause: CauseNotLicensed, State: Skipped},

	{Cause: CauseRole, State: Passed},
	{Cause: CauseRoleCustom, State: Passed},
	{Cause: CauseRolePrivileged, State: Warning, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseRoleUnreadable, State: Skipped},
	{Cause: CauseNotTold, State: Skipped},
	{Cause: CauseMFA, State: Passed},
	{Cause: CauseMFAOff, State: Warning, Move: MoveOwner, Help: HelpConsole},
	{Cause: CauseMFAUnknown, State: Skipped},
	{Cause: CauseKeyAge, State: Passed},
	{Cause: CauseKeyOld, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyFromFuture, State: Warning, Move: MoveYou, Help: HelpAgain},
	{Cause: CauseKeyAgeUnknown, State: Skipped},
	{Cause: CauseKeyEnd, State: Passed},
	{Cause: CauseKeyEndless, State: Passed},
	{Cause: CauseKeyExpires, State: Warning, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyEnded, State: Failed, Move: MoveYou, Help: HelpConsole},
	{Cause: CauseKeyEndUnknown, State: Skipped},

	{Cause: CauseDependency, State: Skipped},
	{Cause: CauseCancelled, State: Skipped},
}

// Meanings lists what every cause that a check can end with comes to.
func Meanings() []Meaning { return slices.Clone(meanings) }

// Meaning says what the cause comes to; only the Cause is set where no check ends with it.
func (c Cause) Meaning() Meaning {
	for _, m := range meanings {
		if m.Cause == c {
			return m
		}
	}
	return Meaning{Cause: c}
}

func outcome(cause Cause, facts Facts) Outcome {
	return Outcome{State: cause.Meaning().State, Cause: cause, Facts: facts}
}
