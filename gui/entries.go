package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// entries are the fields of the form, and what is entered in them.
type entries struct {
	w            *window
	tabs         *widgets.Chips // whether the user has a key
	region       *regionSelect
	key          *widgets.SecretEntry
	organization *widgets.SecretEntry
	name         *widgets.Field
	more         *widgets.Fold     // holds what is seldom needed: all but the key
	samples      *widgets.Chips    // the demo's keys; nil elsewhere
	pasted       check.Credentials // what to say about the text that was pasted last
	quiet        bool              // the program changes the entries, not the user
	onChange     func()            // called when the user has changed the region, the key or the Organization ID
}

// newEntries makes empty entries. Enter in a field calls submit, Esc calls stop.
func newEntries(w *window, onChange, submit, stop func()) *entries {
	e := &entries{w: w, onChange: onChange}
	e.region = newRegionSelect(w.c.Regions(), e.changed)
	buttons := widgets.SecretWords{Show: words.Text("secret.show"), Hide: words.Text("secret.hide"), Paste: words.Text("Paste"), Clear: words.Text("secret.clear")}
	e.key = widgets.NewSecretEntry(w.clipboard, words.Text("form.key.placeholder"), buttons, w.conceal)
	e.organization = widgets.NewSecretEntry(w.clipboard, words.Text("form.organization.placeholder"), buttons, w.conceal)
	e.name = widgets.NewField(w.clipboard, words.Text("form.name.placeholder"))
	for _, field := range []*widgets.Field{e.key.Field, e.organization.Field, e.name} {
		field.OnSubmitted, field.OnEscape = func(string) { submit() }, stop
	}
	e.key.OnChanged = func(string) { e.changed() }
	e.organization.OnChanged = e.key.OnChanged
	e.key.OnPaste, e.organization.OnPaste = e.pasteKey, e.pasteOrganization
	e.more = e.newMore()
	e.tabs = widgets.NewChips([]string{words.Text("form.have"), words.Text("form.need")}, e.tabChosen)
	e.tabs.Choose(tabNeed)
	if w.opts.demo() {
		e.samples = e.newSamples()
	}
	return e
}

// newMore lays out what is seldom needed: all but the key.
func (e *entries) newMore() *widgets.Fold {
	return widgets.NewFold(words.Text("form.options"), func() { e.w.guide.turnTo(guideMore) }, container.NewVBox(labelled("form.organization", e.organization.Row),
		labelled("form.region", e.region), labelled("form.name", e.name)))
}

// The tabs of the form.
const (
	tabHave = iota
	tabNeed
)

// guideTopic returns the topic for the chosen tab. For a new key of a connection, there is an administrator already.
func (e *entries) guideTopic(replacing bool) topic {
	switch {
	case e.tabs.Chosen() == tabHave:
		return guideHave
	case replacing:
		return "need/mykey"
	}
	return guideNeed
}

// tabChosen turns the guide to what the chosen tab is about. For who has a key, the form is enough.
func (e *entries) tabChosen(tab int) {
	e.w.guide.turnTo(e.guideTopic(false))
	if tab == tabNeed {
		e.w.guide.open()
	}
}

// showFor opens the options if the guide's topic is about them.
func (e *entries) showFor(t topic) {
	if chapter, _ := t.split(); chapter == guideMore {
		e.more.SetOpen(true)
	}
}

// labelled lays out the name of a field or choice above it. Beside it, there would be no room at a large scale.
func labelled(key string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(-6), widget.NewLabel(words.Text(key)), o)
}

// changed is called for each change of the region, the key or the Organization ID.
func (e *entries) changed() {
	if e.quiet {
		return
	}
	e.pasted = check.Credentials{}
	e.clearSample()
	if e.key.Text != "" {
		e.tabs.Choose(tabHave)
	}
	e.onChange()
}

// quietly calls change, which changes entries for the program: nothing starts. The options open if they are not what they were, and not
// empty.
func (e *entries) quietly(change func()) {
	options := func() [3]string { return [3]string{e.organization.Text, e.region.id(), e.name.Text} }
	before := options()
	e.quiet = true
	change()
	e.quiet = false
	if now := options(); now != before && now != [3]string{} {
		e.more.SetOpen(true)
	}
}

// typed returns what is entered.
func (e *entries) typed() check.Credentials {
	return check.Credentials{Region: e.region.id(), APIKey: secret.New(e.key.Text), OrganizationID: secret.New(e.organization.Text),
		LeftOut: e.pasted.LeftOut, OtherOrganization: e.pasted.OtherOrganization}
}

// filled reports whether a key or an Organization ID is entered.
func (e *entries) filled() bool { return e.key.Text != "" || e.organization.Text != "" }

// holdsKey reports whether a key is entered that would be lost. The demo's keys can be chosen again.
func (e *entries) holdsKey() bool { return e.key.Text != "" && !e.w.opts.demo() }

// fill enters what is known of a connection, without its key.
func (e *entries) fill(c connector.Connection) {
	e.w.clipboard.reading.drop() // a paste still being read belongs to the former entries
	e.quietly(func() {
		e.pasted = check.Credentials{}
		e.region.setID(c.Region)
		e.key.SetText("")
		e.organization.SetText(c.Organization.ID)
		e.name.SetText(c.Name)
		if e.samples != nil {
			e.samples.Choose(-1)
		}
		e.tabs.Choose(tabNeed)
	})
	e.more.SetOpen(false) // what is known of a connection need not be entered again
}

// copyFrom enters what is entered in other entries.
func (e *entries) copyFrom(other *entries) {
	e.quietly(func() {
		if e.samples != nil {
			e.samples.Choose(other.samples.Chosen())
		}
		e.region.setID(other.region.id())
		e.key.SetText(other.key.Text)
		e.organization.SetText(other.organization.Text)
		e.name.SetText(other.name.Text)
		e.pasted = other.pasted
		e.tabs.Choose(other.tabs.Chosen())
	})
}

// swap exchanges the key and the Organization ID.
func (e *entries) swap() {
	swapped := e.typed().Swapped()
	e.quietly(func() {
		e.key.SetText(swapped.APIKey.Reveal())
		e.organization.SetText(swapped.OrganizationID.Reveal())
	})
}

// lock disables all fields, or enables them again.
func (e *entries) lock(locked bool) {
	setEnabled(!locked, e.region, e.key, e.organization, e.name, e.key.Paste, e.key.Clear, e.organization.Paste, e.organization.Clear)
	if e.samples != nil {
		setEnabled(!locked, e.samples)
	}
}
