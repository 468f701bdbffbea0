package gui

import (
	"errors"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// present shows how far the rotation is, and what can be done now.
func (r *rotation) present() {
	isDone := r.phase == phaseDone
	widgets.SetVisible(r.entry, !isDone && !r.replacing.running)
	widgets.SetVisible(r.leave, !isDone && !r.replacing.running)
	widgets.SetVisible(r.about, !isDone)
	for _, o := range []fyne.CanvasObject{r.handed, r.ways, r.keeps} {
		widgets.SetVisible(o, r.phase == phaseEntry)
	}
	widgets.SetVisible(r.where, r.phase == phaseEntry && r.where.Text != "")
	widgets.SetVisible(r.card.box, r.phase != phaseEntry)
	r.groups.RemoveAll()
	if r.phase == phaseTried || r.phase == phaseDone {
		for _, group := range r.trial.LostByCause() {
			r.groups.Add(r.lostGroup(group))
		}
	}
	widgets.SetVisible(r.lost, len(r.groups.Objects) > 0)
	if r.phase != phaseEntry {
		r.card.show(r.verdict(), r.w.work.now())
		r.card.support.Hide()
	}
	r.box.Refresh()
	r.w.tell(actionsChanged{})
}

// lostGroup shows the organizations that the new key does not work for, for one cause.
func (r *rotation) lostGroup(group connector.NotConnected) fyne.CanvasObject {
	now := r.w.work.now()
	fold, buttons := foldedGroup(runGroup{state: check.Failed, count: len(group.Organizations), why: words.Title(group.Why, now),
		remedy: words.Move(group.Why, words.InRotation, now), names: listSome(group.Organizations)})
	fold.SetOpen(true)
	if a, ok := r.w.helpOutside(group.Why.Cause.Meaning().Help, group.Why, r.region); ok {
		buttons.Add(widgets.NewButton(a.Label, a.Icon, a.Do))
	}
	return fold.Box
}

// The buttons of the verdict. Cancel stays in its place when a trial ends, and leaves everything as it was then, too.
func (r *rotation) cancelling() widgets.Action {
	return widgets.Action{Label: words.Text("form.cancel"), Icon: theme.CancelIcon(), Do: r.stop}
}

func (r *rotation) again(label string, do func()) widgets.Action {
	return widgets.Action{Label: words.Text(label), Icon: theme.ViewRefreshIcon(), Do: do}
}

func (r *rotation) replacement(label string, count int, do func()) widgets.Action {
	return widgets.Action{Label: words.Text(label, words.Facts{"Count": strconv.Itoa(count)}), Icon: theme.ConfirmIcon(), Do: do, Stores: true}
}

// replacingAgain is the button that goes on to replace the key.
func (r *rotation) replacingAgain(label string) widgets.Action {
	a := r.again(label, r.replace)
	a.Stores = true
	return a
}

// verdict says how far the rotation is.
func (r *rotation) verdict() verdict {
	switch count := len(r.of.Connections); r.phase {
	case phaseShape:
		return r.shape()
	case phaseTrying:
		return verdict{state: check.Running, title: words.Text("rotate.trying", words.Counted(r.tried, count)), text: words.Text("rotate.unchanged"),
			progress: float32(r.tried) / float32(max(1, count)), cancel: r.cancelling()}
	case phaseCancelled:
		v := verdict{state: check.Skipped, title: words.Text("rotate.cancelled"), text: r.stays()}
		v.offer(r.again("rotate.go_on", r.tryUnknown))
		return v
	case phaseReplacing:
		return verdict{state: check.Running, title: words.Text("rotate.storing"), text: words.Text("rotate.storing_text"), progress: 1, cancel: r.cancelling()}
	case phaseFailed:
		return r.failed()
	case phaseDone:
		return r.ended()
	}
	return r.triedVerdict()
}

// shape says what can be seen of the entered key without a request.
func (r *rotation) shape() verdict {
	shape, now := r.typed().Shape(), r.w.work.now()
	v := verdict{state: shape.State, title: words.Title(shape, now), remedy: words.Remedy(shape, words.InForm, now)}
	if shape.State == check.Warning {
		v.offer(r.again("form.validate", func() { r.try(connector.Trial{}) }))
	}
	return v
}

// stays says that nothing has changed, or what has become of the others if some have the new key.
func (r *rotation) stays() string {
	if len(r.done) > 0 {
		return words.Text("rotate.partly_remedy")
	}
	return words.Text("rotate.stays", words.Facts{"Count": strconv.Itoa(len(r.of.Connections))})
}

// triedVerdict says what the trial has come to.
func (r *rotation) triedVerdict() verdict {
	now, report := r.w.work.now(), r.trial.Report
	switch {
	case errors.Is(r.err, connector.ErrSameKey):
		return verdict{state: check.Warning, title: words.Text("rotate.same"), remedy: words.Text("rotate.same_remedy")}
	case errors.Is(r.err, connector.ErrOtherRegion):
		return verdict{state: check.Failed, title: words.Text("rotate.elsewhere", words.Facts{"Region": words.Region(report.Region)}), text: r.stays(),
			remedy: words.Text("rotate.elsewhere_remedy", words.Facts{"Region": words.Region(r.of.Former.Region)})}
	case r.err != nil:
		v := verdict{state: check.Failed, title: words.Text("rotate.changed"), text: r.stays()}
		if blocker, blocked := report.Blocker(); blocked {
			v.title, v.remedy = words.Verdict(blocker, report.Results, now), words.Remedy(blocker.Outcome, words.InForm, now)
			v.who = words.Who(blocker.Cause.Meaning().Move)
		}
		v.offer(r.again("run.again", func() { r.try(connector.Trial{}) }))
		return v
	case !r.trial.Complete():
		left := len(r.trial.Rotation.Connections) - len(r.trial.Works()) - len(r.trial.Lost())
		v := verdict{state: check.Warning, title: words.Text("rotate.unknown", words.Counted(left, len(r.trial.Rotation.Connections))), text: r.stays()}
		if unknown := r.trial.NotKnown(); len(unknown) > 0 {
			v.remedy = words.Move(unknown[0].Why(), words.InRotation, now)
		}
		v.offer(r.again("run.again", r.tryUnknown))
		return v
	}
	return r.complete()
}

// complete says what the trial has come to if it is known of every connection.
func (r *rotation) complete() verdict {
	works, lost := len(r.trial.Works()), len(r.trial.Lost())
	v := verdict{state: check.Passed, title: words.Text("rotate.works", words.Facts{"Count": strconv.Itoa(works)}),
		text: strings.Join(r.keyFacts(r.trial.Report), " · "), remedy: r.differs()}
	if works > 0 {
		v.cancel = r.cancelling()
	}
	if v.remedy != "" {
		v.state = check.Warning
	}
	if lost == 0 {
		v.offer(r.replacement("rotate.replace_all", works, r.replaceAll))
		return v
	}
	v.state, v.title = check.Failed, words.Text("rotate.lost", words.Counted(lost, works+lost))
	lostRemedy := words.Text("rotate.lost_remedy")
	if r.trial.Email().Same() {
		lostRemedy = words.Text("rotate.lost_ended")
	}
	v.remedy = strings.TrimSpace(v.remedy + " " + lostRemedy)
	v.offer(r.again("run.again", r.tryLost))
	if works > 0 {
		v.offer(r.replacement("rotate.replace_some", works, r.replaceWorking))
	}
	return v
}

// differs says what is not as with the former key: the role, or whose it is.
func (r *rotation) differs() string {
	var all []string
	facts := func(f connector.FormerNext) words.Facts {
		return words.Facts{"Former": printable.Line(f.Former), "Next": printable.Line(f.Next)}
	}
	if role := r.trial.Role(); role.Known() && !role.Same() {
		all = append(all, words.Text("rotate.role", facts(role)))
	}
	if email := r.trial.Email(); email.Known() && !email.Same() {
		all = append(all, words.Text("rotate.owner", facts(email)))
	}
	return strings.Join(all, " ")
}

// failed says why the key was not replaced.
func (r *rotation) failed() verdict {
	cause := connector.KeychainCause(r.err)
	o := check.Outcome{Cause: cause}
	v := verdict{state: check.Failed, title: words.Text("rotate.changed"), text: r.stays()}
	switch {
	case errors.Is(r.err, connector.ErrUncertain):
		v.title, v.text, v.remedy = words.Text("rotate.uncertain"), "", words.Text("rotate.uncertain_remedy")
		v.offer(r.again("list.reload", r.w.loader.reload))
	case r.isStale():
		v.offer(r.again("run.again", r.tryUnknown))
	case cause == check.CauseCancelled:
		v.state, v.title, v.cancel = check.Skipped, words.Text("rotate.cancelled"), r.cancelling()
		v.offer(r.replacingAgain("rotate.go_on"))
	default:
		v.title, v.remedy, v.cancel = words.Title(o, r.w.work.now()), words.Remedy(o, words.InForm, r.w.work.now()), r.cancelling()
		v.offer(r.replacingAgain("keychain.retry"))
	}
	return v
}

// ended says which connections have the new key, and what is to be done next.
func (r *rotation) ended() verdict {
	v := verdict{state: check.Passed, title: words.Text("rotate.done", words.Facts{"Count": strconv.Itoa(len(r.done))}),
		text: strings.Join(r.keyFacts(r.trial.Report), " · "), remedy: r.afterwards()}
	if r.err != nil {
		why := words.Cause(connector.KeychainCause(r.err))
		if r.isStale() {
			why = words.Text("rotate.changed") + "."
		}
		v.state, v.title = check.Warning, words.Text("rotate.partly",
			words.Facts{"Count": strconv.Itoa(len(r.done)), "All": strconv.Itoa(r.shouldHave())})
		v.remedy = why + " " + words.Text("rotate.partly_remedy")
	}
	outdated := 0
	for _, c := range r.done {
		if now, ok := r.w.connections.find(c.ID); ok && now.HandOver.Outdated {
			outdated++
		}
	}
	if outdated > 0 {
		v.offer(widgets.Action{Label: words.Text("rotate.update", words.Facts{"Count": strconv.Itoa(outdated)}), Icon: theme.MailForwardIcon(),
			Do: func() { r.w.tell(handOversWanted{}) }})
	}
	v.offer(widgets.Action{Label: words.Text("handover.back"), Icon: theme.VisibilityIcon(), Do: r.showConnection})
	switch {
	case r.isStale():
		v.offer(r.again("run.again", r.tryUnknown))
	case r.err != nil:
		v.offer(r.replacingAgain("keychain.retry"))
	}
	return v
}

// shouldHave is how many connections have the new key, or would have it but for an error.
func (r *rotation) shouldHave() int {
	all := byID(r.done)
	for _, one := range r.trial.Works() {
		all[one.Connection.ID] = one.Connection
	}
	return len(all)
}

// afterwards says what becomes of the former key.
func (r *rotation) afterwards() string {
	switch kept := len(r.trial.Lost()); {
	case kept > 0 && r.trial.Email().Same():
		return words.Text("rotate.kept_ended", words.Facts{"Count": strconv.Itoa(kept)})
	case kept > 0:
		return words.Text("rotate.kept", words.Facts{"Count": strconv.Itoa(kept)})
	case r.trial.Email().Same():
		return words.Text("rotate.ended")
	}
	return words.Text("rotate.revoke")
}
