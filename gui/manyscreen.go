package gui

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
)

func (m *many) busy() bool     { return m.opening.running || m.connecting.running }
func (m *many) topic() topic   { return guideMany }
func (m *many) region() string { return m.credentials.Region }

// content implements [screen].
func (m *many) content() *container.Scroll {
	m.build()
	return m.box
}

// entered implements [screen].
func (m *many) entered() {
	switch noKey := m.credentials.APIKey.Empty(); {
	case noKey && m.from.ID == "": // all was removed while another screen was shown
		m.w.tell(homeWanted{})
		return
	case noKey && len(m.every) > 0 && !m.opening.running: // the key was forgotten meanwhile
		m.open()
	}
	m.w.banner.Hide(ownerRun)
	m.settle()
	m.focus()
}

// left implements [screen]. What is being connected goes on, and is told of above the other screens. A key that is kept is forgotten.
func (m *many) left() {
	m.opening.cancel()
	if m.connecting.running {
		m.tellRun()
	} else {
		m.forgetKey()
	}
}

// actions implements [screen].
func (m *many) actions() actions {
	a := actions{region: m.region, checkWords: "many.connect_selected"}
	switch {
	case m.connecting.running:
		a.cancel, a.cancelWords = m.stop, "many.cancel"
	case m.opening.running:
		a.cancel, a.cancelWords = m.stop, "form.cancel"
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
	m.undone, m.limit, m.unkept = former.undone, former.limit, former.unkept
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

// followShown takes over which of the organizations are connected, and shows that.
func (m *many) followShown() {
	if len(m.every) == 0 {
		return
	}
	before := m.connected
	m.follow()
	if m.connecting.running {
		m.changed()
		return
	}
	m.undone = slices.DeleteFunc(m.undone, func(o check.Organization) bool {
		saved := m.connected[o.ID] // by a call of the keychain that was given up, or elsewhere
		if saved {
			m.ended[o.ID] = connector.Connected{Organization: o}
		}
		return saved
	})
	if !maps.Equal(before, m.connected) { // else what the user has unfolded stays so
		m.summarize()
	}
	m.find()
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
		m.followShown()
	case minutePassed:
		m.followShown() // a check may have found a connection broken
	case connectionsRead:
		if e.all && m.unkept != "" { // the keychain works again
			m.unkept = ""
			m.settle()
		}
	case wiping:
		m.stop()
		m.forget()
	case windowHidden:
		m.opening.drop()
		if !m.connecting.running && !m.forgetKey() { // what is being connected goes on
			m.forget()
		}
	case windowClosed:
		m.forget()
	}
}
