package gui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

const (
	// betweenKept is how long connections that were made are collected before the list of connections is drawn anew.
	betweenKept = time.Second
	// mostFresh is how many are collected at most, so that taking them over does not keep the window's thread.
	mostFresh = 200
)

// connectSelected connects the organizations that are selected.
func (m *many) connectSelected() {
	m.connectThese(m.selectedOnes())
}

// connectAlone connects a single organization, and then shows its connection.
func (m *many) connectAlone(o check.Organization) {
	m.connectThese([]check.Organization{o})
	m.alone = o.ID
}

// connectRun connects some organizations, and calls each with how every one ended, see [connector.Connector.ConnectEach].
type connectRun func(ctx context.Context, credentials check.Credentials, these []check.Organization, each func(connector.Connected)) error

// connectThese connects organizations.
func (m *many) connectThese(these []check.Organization) { m.run(these, m.w.c.ConnectEach) }

// connectAnyway saves organizations although a check of them has failed.
func (m *many) connectAnyway(some []connector.Connected) {
	found, these := make(map[string]connector.Connected), make([]check.Organization, len(some))
	for i, one := range some {
		found[one.Organization.ID], these[i] = one, one.Organization
	}
	m.run(these, func(ctx context.Context, credentials check.Credentials, these []check.Organization, each func(connector.Connected)) error {
		var left []connector.Connected
		for _, o := range these {
			left = append(left, found[o.ID])
		}
		return m.w.c.ConnectAnyway(ctx, credentials, left, each)
	})
}

// run connects organizations beside the window. Those that are not done when it ends stay selected.
func (m *many) run(these []check.Organization, connect connectRun) {
	if m.busy() || len(these) == 0 || m.credentials.APIKey.Empty() {
		return
	}
	m.w.banner.Hide(ownerMany)
	m.alone, m.cut, m.unkept = "", false, ""
	for _, o := range these {
		m.choose(true, o.ID)
		delete(m.ended, o.ID)
	}
	m.inForm = false // the form may be emptied meanwhile
	credentials, keyID := m.credentials, m.keyID
	m.pace.begin(m.w.work.now(), len(these))
	wait, end := m.w.writer.beginSaves()
	var came arrivals[connector.Connected]
	kept := m.w.work.now() // when the list of connections was last told
	took := func() {
		m.took(came.take())
		if now := m.w.work.now(); (now.Sub(kept) >= betweenKept || len(m.fresh) >= mostFresh) && !m.w.loader.reading.running {
			kept = now
			m.keepFresh()
		}
	}
	m.connecting.start(func(ctx context.Context, show func(func())) func() {
		wait(ctx)
		err := connect(ctx, credentials, these, func(one connector.Connected) {
			if came.put(one) {
				show(took)
			}
		})
		cancelled := ctx.Err() != nil
		show(func() { // a job of its own
			m.took(came.take())
			m.keepFresh()
		})
		return func() {
			focused := m.w.win.Canvas().Focused()
			end()
			left := slices.DeleteFunc(slices.Clone(these), func(o check.Organization) bool { _, ended := m.ended[o.ID]; return ended })
			m.connectedAll(runEnd{keyID, err, cancelled && len(left) > 0, focused == nil || focused == m.cancel, func() { m.run(left, connect) }})
		}
	})
	m.summary.show()
	m.list.Refresh()
	m.count()
	m.settle()
}

// took takes over how some organizations ended.
func (m *many) took(some []connector.Connected) {
	for _, one := range some {
		id := one.Organization.ID
		m.choose(false, id)
		if one.Err == nil {
			m.connected[id] = true
			m.fresh = append(m.fresh, one.Connection)
			m.w.writer.keepSaved(one.Connection)
			if one.Organization.Name == id {
				m.call(id, one.Connection.Organization.Name)
			}
			one = connector.Connected{Organization: one.Connection.Organization, Already: one.Already} // the rest of it would need memory
		} else if !one.Report.Usable() {
			blocker, _ := one.Report.Blocker()
			one.Report = check.Report{Results: []check.Result{{Check: blocker.Check, Outcome: blocker.Outcome}}} // likewise
		}
		m.ended[id] = one
	}
	m.pace.add(m.w.work.now(), len(some))
	m.changed()
}

// call gives a name to an organization of which only the ID was known.
func (m *many) call(id, name string) {
	for _, all := range [][]check.Organization{m.every, m.shown} {
		if i := slices.IndexFunc(all, func(o check.Organization) bool { return o.ID == id }); i >= 0 {
			all[i].Name = name
		}
	}
}

// keepFresh puts the new connections into the list of connections.
func (m *many) keepFresh() {
	if len(m.fresh) > 0 {
		fresh := m.fresh
		m.fresh = nil
		m.w.connections.savedSeveral(fresh)
	}
}

// count draws the progress anew each second, for the time that is left.
func (m *many) count() {
	m.tick()
	if m.connecting.running {
		m.say()
		m.tick = m.w.work.after(time.Second, m.count)
	}
}

// say says how far what runs is.
func (m *many) say() {
	widgets.SetVisible(m.bar, m.connecting.running)
	if !m.connecting.running {
		m.progress.SetText(words.Text("many.opening"))
		return
	}
	now, p := m.w.work.now(), m.pace
	parts := []string{words.Text("many.progress", words.Counted(p.done, p.count))}
	if rate := p.perSecond(now); rate > 0 {
		parts = append(parts, rateInWords(rate))
	}
	if left := p.left(now); left > 0 {
		parts = append(parts, words.Text("many.left", words.Facts{"Wait": words.TimeLeft(left)}))
	}
	m.progress.SetText(strings.Join(parts, " · "))
	m.bar.Set(float32(p.done)/float32(p.count), theme.ColorNamePrimary)
}

// rateInWords says how many are done in a second, or in a minute if these are few.
func rateInWords(perSecond float64) string {
	if perSecond < 1 {
		return words.Text("many.per_minute", words.Facts{"Rate": strconv.Itoa(int(perSecond*60 + 0.5))})
	}
	return words.Text("many.per_second", words.Facts{"Rate": strings.Replace(fmt.Sprintf("%.1f", perSecond), ".", words.Text("format.decimal"), 1)})
}

// runEnd is how connecting has ended.
type runEnd struct {
	keyID  string
	err    error  // of the keychain
	cut    bool   // it was cancelled before all were done
	waited bool   // the user does nothing else on the screen meanwhile
	goOn   func() // connects those that are left
}

// connectedAll shows how connecting has ended.
func (m *many) connectedAll(how runEnd) {
	m.tick()
	all := m.outcomes()
	m.cut = how.cut
	if slices.ContainsFunc(all, func(one connector.Connected) bool { return one.Err == nil }) {
		m.w.tell(keyKept{how.keyID})
	}
	if slices.ContainsFunc(m.w.connections.all, func(c connector.Connection) bool { return c.SessionOnly }) {
		m.w.loader.load() // one of the session may have been saved
	} else if how.cut {
		m.w.loader.load() // a call of the keychain that was given up may have saved some
	}
	if how.err != nil && connector.KeychainCause(how.err) != check.CauseCancelled {
		m.failed(how.err, how.goOn)
	}
	m.summary.show()
	m.find() // others may pass the filter now
	switch shown := m.w.shows(m); {
	case shown && m.showAlone():
	case shown && how.waited:
		m.box.ScrollToTop()
		m.focus()
	case shown:
	case len(all) > 0:
		m.w.toast.Show(summaryInWords(all), undoTime, widgets.Action{Label: words.Text("secret.show"), Do: func() { m.w.show(m) }})
	}
}

// showAlone shows the connection that was made of a single organization, if it was.
func (m *many) showAlone() bool {
	c, ok := m.connectionOf(m.alone)
	if ok {
		m.w.tell(saved{c})
	}
	return ok
}

// openConnection shows the connection of an organization that is connected.
func (m *many) openConnection(o check.Organization) {
	if c, ok := m.connectionOf(o.ID); ok {
		m.w.tell(opened{c, false})
	}
}

// connectionOf returns the connection of an organization with the key.
func (m *many) connectionOf(id string) (connector.Connection, bool) {
	all := m.w.connections.all
	i := slices.IndexFunc(all, func(c connector.Connection) bool { return m.isOf(c) && strings.EqualFold(c.Organization.ID, id) })
	if i < 0 {
		return connector.Connection{}, false
	}
	return all[i], true
}

// failed says why the keychain failed, and offers to go on.
func (m *many) failed(err error, goOn func()) {
	m.unkept = connector.KeychainCause(err)
	m.w.trouble(ownerMany, err, func() {
		m.w.show(m)
		goOn()
	})
}

// needsKeychain reports whether there is no keychain: then a single organization can be connected for the session, but not several.
func (m *many) needsKeychain() bool {
	switch m.unkept {
	case check.CauseNoService, check.CauseNoProvider, check.CauseNoKeyring, check.CauseKeychainNotPermitted:
		return true
	}
	return false
}

// outcomes are how connecting the organizations ended, in the order of the list.
func (m *many) outcomes() (all []connector.Connected) {
	for _, o := range m.every {
		if one, ok := m.ended[o.ID]; ok && (one.Err == nil) == m.connected[o.ID] {
			all = append(all, one)
		}
	}
	return all
}
