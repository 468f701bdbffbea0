package gui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// rotation is the screen that replaces a key which several connections share, for all of them.
type rotation struct {
	w         *window
	of        connector.Rotation
	from      connector.Connection // the one at which the user has begun
	trying    task                 // tries the new key
	replacing task                 // replaces the former one
	typing    *debounce            // starts to try after a pause in the typing
	trial     connector.Trial      // what is known of the new key
	tried     int                  // how many connections it was tried on
	phase     phase
	err       error                  // why the trial, or replacing, has failed
	leaving   bool                   // connections that would be lost keep the former key
	done      []connector.Connection // have the new key now

	*rotationParts // nil before build
}

// phase is how far a rotation is.
type phase int

// The phases.
const (
	phaseEntry     phase = iota // no new key is tried
	phaseShape                  // what is entered does not look like a key
	phaseTrying                 // the new key is being tried
	phaseCancelled              // the user has cancelled the trial
	phaseTried                  // the trial has ended
	phaseReplacing              // the former key is being replaced
	phaseFailed                 // the key could not be replaced
	phaseDone                   // the connections have the new key
)

// rotationParts is what is on the screen.
type rotationParts struct {
	title, about         *widget.Label
	handed, where, keeps *widget.Label   // who has the key in ControlMap, and that it stays for now
	ways                 *fyne.Container // the two ways to get a new key
	personal, service    *wayCard
	key                  *widgets.SecretEntry
	entry                *fyne.Container
	card                 *verdictCard
	groups               *fyne.Container // what would be lost
	lost                 *fyne.Container // the groups in their card
	own, later           *widgets.Button
	leave                *fyne.Container
	box                  *container.Scroll
}

// newRotationScreen makes the screen without its content, so that the start does not wait for it.
func newRotationScreen(w *window) screen {
	r := &rotation{w: w, trying: task{work: w.work, begin: w.work.start}, replacing: task{work: w.work, begin: w.work.startOnKeychain}}
	r.typing = newDebounce(w.work, typingPause, r.typingPaused)
	return r
}

// build makes what is on the screen.
func (r *rotation) build() {
	if r.rotationParts != nil {
		return
	}
	p := &rotationParts{title: widgets.Heading("", theme.SizeNameHeadingText), about: widgets.Small(""),
		handed: widgets.Wrapped("", widget.MediumImportance), where: widgets.Small(""), keeps: widgets.Small(words.Text("form.replace.about")),
		personal: newWayCard("rotate.personal.title"), service: newWayCard("rotate.service.title"), groups: container.NewVBox()}
	r.rotationParts = p
	p.title.Wrapping, p.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	buttons := widgets.SecretWords{Show: words.Text("secret.show"), Hide: words.Text("secret.hide"), Paste: words.Text("Paste"), Clear: words.Text("secret.clear")}
	p.key = widgets.NewSecretEntry(r.w.clipboard, words.Text("form.key.placeholder"), buttons, r.w.conceal)
	p.key.OnChanged = func(string) { r.changed() }
	p.key.OnSubmitted, p.key.OnEscape = func(string) { r.try(connector.Trial{}) }, r.escape
	p.card = newVerdictCard(func() {})
	p.card.support.Hide()
	p.own = widgets.NewButton(words.Text("rotate.own"), nil, func() { r.w.tell(ownKeyWanted{r.from}) })
	p.own.Importance = widget.LowImportance
	p.later = widgets.NewButton(words.Text("handover.later"), theme.CancelIcon(), r.giveUp)
	p.ways = widgets.NewSideBySide(p.personal.box, p.service.box)
	p.entry = container.NewVBox(p.ways, container.New(layout.NewCustomPaddedVBoxLayout(-6), labelled("rotate.key", p.key.Row), p.keeps))
	p.leave = widgets.NewFlow(p.later, layout.NewSpacer(), p.own)
	p.lost = widgets.Card(p.groups)
	top := widgets.Card(container.NewVBox(p.title, container.New(layout.NewCustomPaddedVBoxLayout(-8), p.about, p.handed, p.where), p.entry, p.leave))
	p.box = r.w.newScroll(container.NewVBox(top, p.card.box, p.lost))
}

// wayCard says how to get a new key in one of the two ways, and what breaks meanwhile.
type wayCard struct {
	title, now, breaks, steps *widget.Label
	box                       *fyne.Container
}

func newWayCard(title string) *wayCard {
	c := &wayCard{title: widgets.Heading(words.Text(title), theme.SizeNameText), now: widgets.Small(words.Text("rotate.now")),
		breaks: widgets.Wrapped("", widget.MediumImportance), steps: widgets.Small("")}
	c.title.Wrapping, c.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	c.box = widgets.Card(container.New(layout.NewCustomPaddedVBoxLayout(-8), c.title, c.now, c.breaks, c.steps))
	return c
}

// start shows the screen for the key of a connection. What was begun for the same key stays.
func (r *rotation) start(c connector.Connection) {
	r.build()
	of := connector.RotationOf(r.w.connections.all, keyOf(c))
	isPartly := r.phase == phaseDone && r.err != nil
	if of.Former != r.of.Former || r.phase == phaseDone && !isPartly {
		r.forget()
	}
	r.of, r.from = of, c
	r.fill()
	r.w.show(r)
	if isPartly { // goes on with the others; another key can be entered, too
		r.tryUnknown()
	}
}

// forget forgets the new key and what is known of it. Nothing is changed by that.
func (r *rotation) forget() {
	r.trying.drop()
	r.trial, r.tried, r.err, r.done, r.phase = connector.Trial{}, 0, nil, nil, phaseEntry
	r.forgetEntry()
}

// forgetEntry empties the field.
func (r *rotation) forgetEntry() {
	r.typing.drop()
	if r.rotationParts != nil {
		r.w.clipboard.reading.drop() // a paste still being read belongs to the former entry
		r.key.SetText("")
	}
}

// fill shows which key is replaced, whose it is, and where else it is.
func (r *rotation) fill() {
	count := words.Facts{"Count": strconv.Itoa(len(r.of.Connections))}
	r.title.SetText(words.Text("rotate.title", count))
	r.about.SetText(strings.Join(r.keyFacts(r.of.Report), " · "))
	handed := r.of.HandedOver()
	var names []string
	for _, c := range handed {
		name := r.w.connections.nameOf(c)
		if c.HandOver.Tenant != "" {
			name += " (" + strings.TrimPrefix(c.HandOver.Tenant, "https://") + ")"
		}
		names = append(names, name)
	}
	r.handed.SetText(words.Text("rotate.handed", words.Facts{"Count": strconv.Itoa(len(handed))}))
	if len(handed) == 0 {
		r.handed.SetText(words.Text("rotate.handed_none"))
	}
	r.where.SetText(words.Some(names, mostListed))
	owner := r.of.Owner()
	who := r.of.Report.Administrator.Email
	if who == "" {
		who = words.Text("rotate.somebody")
	}
	widgets.SetVisible(r.personal.now, owner == connector.OwnerAdministrator)
	widgets.SetVisible(r.service.now, owner == connector.OwnerServiceAccount)
	r.personal.breaks.SetText(words.Text("rotate.personal.text", count))
	r.personal.steps.SetText(words.Text("rotate.personal.steps", words.Facts{"Who": printable.Line(who)}))
	r.service.breaks.SetText(words.Text("rotate.service.text"))
	r.service.steps.SetText(words.Text("rotate.service.steps"))
	r.present()
}

// keyFacts say whose a key is, which role it has, and when it ends, as far as that is known.
func (r *rotation) keyFacts(report check.Report) (facts []string) {
	add := func(label, fact string) {
		if fact != "" {
			facts = append(facts, words.Text(label)+": "+fact)
		}
	}
	add("details.administrator", printable.Line(report.Administrator.Email))
	add("details.role", printable.Line(report.Administrator.Role))
	add("details.ends", words.KeyEnds(report, r.w.work.now()))
	return facts
}

// typed is the new key as it is entered now.
func (r *rotation) typed() check.Credentials {
	return check.Credentials{Region: r.of.Former.Region, APIKey: secret.New(r.key.Text)}
}
