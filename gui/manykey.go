package gui

import (
	"context"
	"strings"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// show shows the organizations that a key in the form opens.
func (m *many) show(o severalOpen) {
	if m.isBusyWith(o.keyID) {
		return
	}
	m.from = connector.Connection{}
	m.take(o)
	m.w.show(m)
}

// showFor shows the organizations that the key of a connection opens.
func (m *many) showFor(c connector.Connection) {
	if m.isBusyWith(c.KeyID) {
		return
	}
	m.build()
	if c.KeyID != m.keyID || c.Region != m.credentials.Region {
		m.take(severalOpen{keyID: c.KeyID, credentials: check.Credentials{Region: c.Region}})
	}
	m.from, m.inForm, m.one = c, false, false
	m.open()
	m.w.show(m)
}

// isBusyWith shows what is being connected, if something is, and says so if that is with another key.
func (m *many) isBusyWith(keyID string) bool {
	if !m.connecting.running {
		return false
	}
	m.w.show(m)
	if keyID != m.keyID {
		m.w.tell(noted{words.Text("many.busy")})
	}
	return true
}

// open reads the key of a connection beside the window, and asks JumpCloud which organizations it opens.
func (m *many) open() {
	c := m.from
	m.w.banner.Hide(ownerMany)
	m.opening.start(func(ctx context.Context, _ func(func())) func() {
		key, err := m.w.c.APIKey(ctx, c.ID)
		if err != nil {
			return func() { m.unopened(err) }
		}
		credentials := check.Credentials{Region: c.Region, APIKey: key}
		report := m.w.c.Validate(ctx, credentials, func(check.Result) {})
		report.Region = c.Region
		if ctx.Err() != nil {
			return func() { m.unopened(ctx.Err()) }
		}
		return func() {
			m.take(newSeveralOpen(credentials, report))
			m.refocus()
		}
	})
	m.settle()
}

// unopened says why the key could not be read, unless the user has cancelled that. What is known stays.
func (m *many) unopened(err error) {
	m.settle()
	m.refocus()
	if connector.KeychainCause(err) != check.CauseCancelled {
		m.w.trouble(ownerMany, err, func() {
			m.w.show(m)
			m.open()
		})
	}
}

// refocus gives the focus to what the user needs next, while the screen is shown.
func (m *many) refocus() {
	if m.w.shows(m) {
		m.focus()
	}
}

// take takes over which organizations a key opens. What is known of them stays if the key is the same.
func (m *many) take(o severalOpen) {
	m.build()
	if o.keyID != m.keyID || o.credentials.Region != m.credentials.Region {
		m.forget()
		m.search.SetText("")
		m.filter.SetSelectedIndex(int(filterAll))
		m.cut, m.unkept = false, ""
	}
	m.severalOpen, m.unkept = o, ""
	all := o.report.Opened()
	if !m.accepted() || o.report.MoreChoices || len(all) == 0 { // what is known already may be more
		all = withUnlisted(all, m.every)
	}
	m.setOrganizations(all)
	if o.one {
		m.rowSelection.clear()
	}
	m.follow()
	m.fill()
}

// isOf reports whether a connection has the key.
func (m *many) isOf(c connector.Connection) bool {
	return c.KeyID == m.keyID && c.Region == m.credentials.Region && c.Trouble == ""
}

// follow takes over which of the organizations are connected now.
func (m *many) follow() {
	kept := make(map[string]bool)
	for _, some := range [][]connector.Connection{m.w.connections.all, m.fresh} {
		for _, c := range some {
			if m.isOf(c) {
				kept[strings.ToLower(c.Organization.ID)] = true
			}
		}
	}
	m.connected = make(map[string]bool)
	for _, o := range m.every {
		if kept[strings.ToLower(o.ID)] {
			m.connected[o.ID] = true
			m.choose(false, o.ID)
		}
	}
}
