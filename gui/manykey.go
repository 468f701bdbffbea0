package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
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
			if these := m.next; m.accepted() {
				m.next = nil
				m.connectThese(these)
			}
		}
	})
	m.settle()
}

// forgetKey forgets the key, if it is kept: then [many.open] reads it again. It reports whether it has.
func (m *many) forgetKey() bool {
	for _, c := range m.w.connections.all {
		if m.from.ID == "" && m.isOf(c) {
			m.from, m.inForm = c, false
		}
	}
	if m.from.ID != "" {
		m.credentials.APIKey = secret.Secret{}
	}
	return m.from.ID != ""
}

// unopened says why the key could not be read, unless the user has cancelled that. What is known stays.
func (m *many) unopened(err error) {
	m.next = nil
	m.settle()
	m.refocus()
	if connector.KeychainCause(err) != check.CauseCancelled {
		m.w.trouble(ownerMany, err, func() {
			m.w.show(m)
			m.open()
		})
	}
}

// refocus gives the focus to what the user needs next when something has ended, unless the user does something else by then.
func (m *many) refocus() {
	focused := m.w.win.Canvas().Focused()
	object, isObject := focused.(fyne.CanvasObject)
	if m.w.shows(m) && (focused == nil || focused == m.progress.cancel || isObject && !object.Visible()) {
		m.box.ScrollToTop()
		m.focus()
	}
}

// take takes over which organizations a key opens. If the key is the same, only a whole list replaces those that are known: they may be
// pasted, and JumpCloud may not have answered this time.
func (m *many) take(o severalOpen) {
	m.build()
	if o.keyID != m.keyID || o.credentials.Region != m.credentials.Region {
		m.forget()
		m.search.SetText("")
		m.filter.SetSelectedIndex(int(filterAll))
	}
	m.severalOpen, m.unkept = o, ""
	all := o.report.Opened()
	whole := m.accepted() && len(all) > 0 && !o.report.MoreChoices
	m.more = !whole && (m.more || o.report.MoreChoices)
	if !whole {
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
	withKey, withOther := make(map[string]connector.Connection), make(map[string]bool)
	for _, some := range [][]connector.Connection{m.w.connections.all, m.fresh} {
		for _, c := range some {
			id := strings.ToLower(c.Organization.ID)
			if m.isOf(c) {
				withKey[id] = c
			} else if c.Region == m.credentials.Region && c.Trouble == "" {
				withOther[id] = true
			}
		}
	}
	m.connected, m.broken, m.others = make(map[string]bool), make(map[string]bool), make(map[string]bool)
	now := m.w.work.now()
	for _, o := range m.every {
		id := strings.ToLower(o.ID)
		c, ok := withKey[id]
		switch {
		case ok:
			m.connected[o.ID], m.broken[o.ID] = true, c.Health(now) == check.HealthBroken
			m.set(false, o.ID)
		case withOther[id]:
			m.others[o.ID] = true
		}
	}
}
