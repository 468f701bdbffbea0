package gui

import (
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// show shows a verdict.
func (v *validation) show(compose func() verdict) {
	v.results.box.Show()
	v.results.show(compose)
	v.settle()
}

// offer shows a message as the verdict, and a button that saves; "" for none.
func (v *validation) offer(state check.State, message, button string) {
	v.offered = button
	v.show(func() verdict {
		said := inWords(state, message)
		if len(v.report.Results) > 0 {
			said.way = check.Way(v.report.Results)
		}
		if button != "" {
			said.offer(v.keeping())
		}
		return said
	})
}

// unkept says that the key works and why it is not in the keychain, and offers to keep it for the session, and to try again. What helps most
// is the next step.
func (v *validation) unkept(why check.Cause, retry, session func()) {
	again := widgets.Action{Label: words.Text("keychain.retry"), Icon: theme.ViewRefreshIcon(), Do: retry, Stores: true}
	keep := widgets.Action{Label: words.Text("keychain.session"), Icon: theme.DocumentSaveIcon(), Do: session, Stores: true}
	o := check.Outcome{Cause: why}
	v.offered = saveNow
	v.show(func() verdict {
		now := v.w.work.now()
		said := verdict{state: check.Warning, title: words.Text("status.unkept"), way: check.Way(v.report.Results), who: words.Who(check.MoveYou),
			text: words.Seen(o, now) + " " + words.Text("keychain.kept_typed"), remedy: words.Remedy(o, words.InForm, now)}
		switch why {
		case check.CauseCancelled:
			said = inWords(check.Skipped, words.Text("status.not_saved"))
			said.way = check.Way(v.report.Results)
			said.offer(v.keeping())
			said.offer(keep)
		case check.CauseNoService, check.CauseNoProvider, check.CauseNoKeyring, check.CauseKeychainNotPermitted:
			said.remedy = words.Text("keychain.session_or", words.Facts{"Remedy": said.remedy})
			said.offer(keep)
			said.offer(again)
		default:
			said.offer(again)
			said.offer(keep)
		}
		return said
	})
	widgets.Reveal(v.box, v.results.card.box)
}

// keeping is the button that saves.
func (v *validation) keeping() widgets.Action {
	return widgets.Action{Label: words.Text(v.offered), Icon: theme.DocumentSaveIcon(), Do: v.keep, Stores: true}
}

// verdict says what the last validation comes to.
func (v *validation) verdict() verdict {
	blocker, blocked := v.report.Blocker()
	switch {
	case v.report.Worst() == check.Skipped:
		said := inWords(check.Skipped, words.Text("status.cancelled"))
		said.way = check.Way(v.report.Results)
		said.offer(v.again())
		return said
	case v.report.Usable() && v.isAnother():
		said := inWords(max(check.Warning, v.report.Worst()), words.Text("status.another", words.Facts{"Organization": v.organizationName(), "Name": v.replaces.Name}))
		said.offer(v.keeping())
		return said
	case blocked:
		verdict := v.results.blocked(v.report, blocker)
		if v.offered != "" {
			verdict.above = words.Text("verdict.partly")
			if blocker.Cause.Meaning().Help != check.HelpSave {
				verdict.quiet = append([]widgets.Action{v.keeping()}, verdict.quiet...)
			}
		}
		return verdict
	}
	working := v.results.working(v.report)
	message := words.Text("status.unsaved")
	if v.name.Text != "" {
		message = words.Text("status.name")
	}
	unsaved := inWords(working.state, message)
	if len(working.points) == 0 {
		working.title = unsaved.title
	}
	working.text = unsaved.text
	working.offer(v.keeping())
	working.quiet = v.results.messages(v.report, working.points)
	if len(working.points) > 0 {
		working.quiet = append(working.quiet, v.again())
	}
	return working
}

// again is the button that repeats what did not pass.
func (v *validation) again() widgets.Action {
	return widgets.Action{Label: words.Text("help.again"), Icon: theme.ViewRefreshIcon(), Do: v.repeat}
}

// help returns the button for a kind of help with an outcome.
func (v *validation) help(help check.Help, o check.Outcome) (widgets.Action, bool) {
	switch help {
	case check.HelpSwap:
		return widgets.Action{Label: words.Text("help.swap"), Icon: theme.ViewRefreshIcon(), Do: v.swapped}, true
	case check.HelpAllRegions:
		return widgets.Action{Label: words.Text("help.all_regions"), Icon: theme.SearchIcon(), Do: v.everywhere}, true
	case check.HelpAgain:
		return v.again(), len(v.report.Results) > 0
	case check.HelpPick:
		return widgets.Action{Label: words.Text("help.pick"), Icon: theme.ListIcon(), Do: v.several}, len(v.report.Choices) > 0
	case check.HelpPaste:
		return widgets.Action{Label: words.Text("help.paste"), Icon: theme.ContentPasteIcon(), Do: v.key.Paste.OnTapped}, true
	case check.HelpSave:
		return v.keeping(), v.offered != ""
	case check.HelpLeaveOut:
		return widgets.Action{Label: words.Text("help.leave_out"), Icon: theme.ContentClearIcon(), Do: v.leaveOut}, true
	}
	return v.w.helpOutside(help, o, v.regionShown)
}

// regionShown is the region in which the checks found the key, or else the chosen one. It is empty where there is neither.
func (v *validation) regionShown() string {
	if row := v.results.checks.row(check.IDKey); row != nil && row.shown.Facts["Region"] != "" {
		return row.shown.Facts["Region"]
	}
	return v.region.id()
}
