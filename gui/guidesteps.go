package gui

import (
	"strings"

	"controlmap-jumpcloud/connector/check"
)

// topic is a place in the guide: a chapter, such as "need", or a step of it, such as "need/menu".
type topic string

// The chapters of the guide.
const (
	guideHave     topic = "have"      // where to put the key that one has
	guideNeed     topic = "need"      // how to make a key, with an administrator of its own
	guideService  topic = "service"   // how to make a key with a service account
	guideMore     topic = "more"      // what the form's other fields are for
	guideNext     topic = "hand_over" // how to hand over to ControlMap
	guideNetwork  topic = "network"   // what the network must allow
	guideSettings topic = "settings"
	guideMany     topic = "organizations" // how to choose among the organizations of a key
)

// chapters lists the steps of each chapter. The translation files have their words, as guide.<step>.title and .text, and a warning for
// some. Assets/guide has a picture for most.
var chapters = map[topic][]string{
	guideHave:     {"here"},
	guideNeed:     {"menu", "add", "administrator", "mail", "mykey", "generate"},
	guideService:  {"accounts", "service"},
	guideMore:     {"organization", "region", "name"},
	guideNext:     {"integrations", "paste", "reminder"},
	guideNetwork:  {"network"},
	guideSettings: {"settings"},
	guideMany:     {"choose"},
}

// hasWarning names the steps with a warning. Each stands before the step that it warns of.
var hasWarning = map[string]bool{"mykey": true}

// insteadOf names the chapter that leads to the same in another way.
var insteadOf = map[topic]topic{guideNeed: guideService, guideService: guideNeed}

// split returns the chapter of a topic, and the index of its step; -1 if it is about the whole chapter.
func (t topic) split() (chapter topic, step int) {
	name, wanted, _ := strings.Cut(string(t), "/")
	for i, one := range chapters[topic(name)] {
		if one == wanted {
			return topic(name), i
		}
	}
	return topic(name), -1
}

// helpful are the topics that help with a cause.
var helpful = map[check.Cause]topic{
	check.CauseKeyMissing: guideNeed, check.CauseKeySeveral: guideHave, check.CauseKeyIsText: guideHave,
	check.CauseKeyUnreadable: guideHave, check.CauseKeyTooLong: guideHave, check.CauseKeyUnknown: guideHave,

	check.CauseKeyIsOrganizationID: "need/mykey", check.CauseKeyIsControlMap: "need/mykey", check.CauseKeyIsOther: "need/mykey",
	check.CauseKeyStopped: "need/mykey", check.CauseKeyEnded: "need/mykey", check.CauseKeyReplaced: "need/mykey",
	check.CauseKeyDeleted: "need/mykey", check.CauseKeyUnexplained: "need/mykey",

	check.CauseRoleRefused: "need/administrator", check.CauseCommandRunner: "need/administrator", check.CauseBillingOnly: "need/administrator",
	check.CauseAPIAccessOff: "need/administrator", check.CauseRoleChanged: "need/administrator", check.CauseOwnerRemoved: "need/add",
	check.CauseDatasetRefused: "need/administrator", check.CauseSuspended: "need/add",

	check.CauseSwapped: "more/organization", check.CauseOrganizationIsKey: "more/organization",
	check.CauseOrganizationMalformed: "more/organization",
	check.CauseNeeded:                "more/organization", check.CauseNotListed: "more/organization", check.CauseNotOpened: "more/organization",
	check.CauseOrganizationUntold: "more/organization",
	check.CauseKeyUnknownHere:     "more/region",
}

// topicFor returns the topic that helps after a report: with what keeps the connection from working, or with the hand-over if it works. It
// is "" if the guide has nothing about it.
func topicFor(r check.Report) topic {
	blocker, blocked := r.Blocker()
	switch m := blocker.Cause.Meaning(); {
	case !blocked && r.Result(check.IDKeyEnd).State == check.Warning:
		return helpful[check.CauseKeyEnded] // to replace it is the next step
	case !blocked && r.Usable():
		return guideNext
	case helpful[blocker.Cause] != "":
		return helpful[blocker.Cause]
	case m.Help == check.HelpClose: // how the app was started
		return ""
	case m.Move == check.MoveIT, blocker.Check == check.IDReachable && !m.Answered:
		return guideNetwork
	}
	return ""
}
