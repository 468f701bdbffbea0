package gui

import (
	"context"

	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// mostTold is how many organizations a notification names.
const mostTold = 4

func (m *many) busy() bool     { return m.opening.running || m.connecting.running }
func (m *many) topic() topic   { return "" }
func (m *many) region() string { return m.credentials.Region }

// content implements [screen].
func (m *many) content() *container.Scroll {
	m.build()
	return m.box
}

// entered implements [screen].
func (m *many) entered() {
	if m.credentials.APIKey.Empty() && m.from.ID == "" { // all was removed while another screen was shown
		m.w.tell(homeWanted{})
		return
	}
	m.settle()
	m.focus()
}

// left implements [screen]. What is being connected goes on.
func (m *many) left() { m.opening.cancel() }

// actions implements [screen].
func (m *many) actions() actions {
	a := actions{region: m.region}
	switch {
	case m.busy():
		a.cancel = m.stop
	case len(m.ids) > 0:
		a.check = m.connectSelected
	}
	return a
}

// stop cancels what runs. What is connected stays.
func (m *many) stop() {
	m.opening.cancel()
	m.connecting.cancel()
}

// atClose implements [keeper].
func (m *many) atClose() closeQuestion {
	if m.connecting.running {
		return stillConnecting
	}
	return noQuestion
}

// carryOver implements [carrier].
func (m *many) carryOver(from screen) {
	former := from.(*many)
	if former.manyParts == nil {
		return
	}
	m.build()
	m.severalOpen, m.from, m.manyRows, m.ended = former.severalOpen, former.from, former.manyRows, former.ended
	m.cut, m.unkept = former.cut, former.unkept
	m.filter.SetSelectedIndex(int(m.only))
	m.search.SetText(former.search.Text)
	m.setOrganizations(m.every)
	m.follow()
	m.fill()
}

// fields implements [typist].
func (m *many) fields() []*widgets.Field {
	if m.manyParts == nil {
		return nil
	}
	return []*widgets.Field{m.search}
}

// tellEnd tells how connecting has ended, for nobody has seen it.
func (m *many) tellEnd() {
	all := m.outcomes()
	for _, o := range m.selectedOnes() { // it was not their turn
		all = append(all, connector.Connected{Organization: o, Err: context.Canceled})
	}
	var left []string
	for _, one := range all {
		if one.Err != nil {
			left = append(left, one.Organization.Name)
		}
	}
	switch {
	case len(left) > 0:
		m.w.watcher.tell(summaryInWords(all), words.Text("many.told_left", words.Facts{"Names": words.Some(left, mostTold)}))
	case len(all) > 0:
		m.w.watcher.tell(summaryInWords(all), words.Text("many.told_all"))
	}
}

// hear takes over what happened in the window.
func (m *many) hear(e event) {
	switch e := e.(type) {
	case severalOpen:
		m.show(e)
	case moreWanted:
		m.showFor(e.Connection)
	case dropped:
		m.dropped(e.file)
	case connectionsChanged:
		if len(m.every) > 0 {
			m.follow()
			if m.busy() {
				m.changed()
				return
			}
			m.summary.show()
			m.find()
		}
	case wiping:
		m.stop()
		m.forget()
	case windowHidden:
		m.opening.drop()
		if !m.busy() { // what is being connected goes on
			m.forget()
		}
	case minutePassed:
		if m.w.background.isHidden && !m.busy() && len(m.every) > 0 { // it went on, and has ended
			m.tellEnd()
			m.forget()
		}
	case windowClosed:
		m.tick()
		m.forget()
	}
}
