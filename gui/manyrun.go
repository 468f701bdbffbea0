package gui

import (
	"context"
	"slices"
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

// connectSelected connects the organizations that are selected. If it is a single one, its connection is shown then. The form connects it if it
// has the key.
func (m *many) connectSelected() {
	some := m.selectedOnes()
	if len(some) == 1 && m.inForm && !m.busy() {
		m.w.tell(organizationChosen{m.keyID, some[0]})
		return
	}
	m.connectThese(some)
	if len(some) == 1 {
		m.alone = some[0].ID
	}
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
	switch {
	case m.connecting.running || len(these) == 0:
		return
	case m.opening.running || m.credentials.APIKey.Empty(): // the key has to be read first
		m.next = these
		if m.from.ID != "" && !m.opening.running {
			m.open()
		}
		return
	}
	m.w.banner.Hide(ownerMany)
	m.alone, m.undone, m.limit, m.unkept = "", nil, check.Outcome{}, ""
	for _, o := range these {
		m.set(true, o.ID)
		delete(m.ended, o.ID)
	}
	m.inForm = false // the form may be emptied meanwhile
	m.w.tell(keyInUse{m.keyID})
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
			end()
			m.connectedAll(runEnd{keyID, these, connect, err, cancelled})
		}
	})
	m.summarize()
	m.list.Refresh()
	m.progress.follow(&m.connecting, m.say)
	m.settle()
}

// took takes over how some organizations ended. If JumpCloud takes no more requests for a long time, those that it refuses are not done, and
// the run ends: it would refuse all others, too.
func (m *many) took(some []connector.Connected) {
	refused := 0
	for _, one := range some {
		id := one.Organization.ID
		if why := one.Why(); why.Cause == check.CauseRateLimited {
			m.limit = why
			m.connecting.cancel()
			refused++
			continue
		}
		m.set(false, id)
		if one.Err == nil {
			m.connected[id] = true
			m.fresh = append(m.fresh, one.Connection)
			m.w.writer.keepSaved(one.Connection)
			if one.Organization.Name == id {
				m.call(id, one.Connection.Organization.Name)
			}
			one = connector.Connected{Organization: one.Connection.Organization, Already: one.Already} // the rest of it would need memory
		}
		m.ended[id] = one.Brief()
	}
	m.pace.add(m.w.work.now(), len(some)-refused)
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

// tellRun tells above the other screens that organizations are being connected.
func (m *many) tellRun() {
	m.w.banner.Tell(ownerRun, m.runInWords(), widgets.Action{Label: words.Text("secret.show"), Do: func() { m.w.show(m) }},
		widgets.Action{Label: words.Text("form.cancel"), Icon: theme.CancelIcon(), Do: m.stop})
}

// runInWords says that organizations are being connected, and how far that is.
func (m *many) runInWords() string {
	return words.Text("many.running", words.Counted(m.pace.done, m.pace.count))
}

// say says how far what runs is, here and above the other screens.
func (m *many) say() {
	if !m.connecting.running {
		m.progress.wait(words.Text("many.opening"))
		return
	}
	m.progress.show(m.pace)
	m.w.banner.Update(ownerRun, m.runInWords())
}

// runEnd is how connecting these organizations has ended.
type runEnd struct {
	keyID     string
	these     []check.Organization
	connect   connectRun // connected them
	err       error      // of the keychain
	cancelled bool
}

// connectedAll shows how connecting has ended.
func (m *many) connectedAll(how runEnd) {
	m.w.tell(keyInUse{})
	m.w.banner.Hide(ownerRun)
	all := m.outcomes()
	for _, o := range how.these {
		if _, done := m.ended[o.ID]; !done {
			m.undone = append(m.undone, o)
		}
	}
	if slices.ContainsFunc(all, func(one connector.Connected) bool { return one.Err == nil }) {
		m.w.tell(keyKept{how.keyID})
	}
	switch {
	case how.err != nil && connector.KeychainCause(how.err) != check.CauseCancelled:
		m.failed(how)
	case how.cancelled || how.err != nil || slices.ContainsFunc(m.w.connections.all, func(c connector.Connection) bool { return c.SessionOnly }):
		m.w.loader.load() // a call of the keychain that was given up may still save one, and one of the session may have been saved
	}
	m.summarize()
	m.find() // others may pass the filter now
	switch shown := m.w.shows(m) && !m.w.background.isHidden; {
	case shown && m.showAlone():
	case shown:
		m.refocus()
	default:
		m.endedUnseen(all)
	}
}

// endedUnseen tells that connecting has ended while the screen was not shown. Then the key is forgotten, too.
func (m *many) endedUnseen(all []connector.Connected) {
	if len(all) > 0 {
		m.w.toast.Show(summaryInWords(all), undoTime, widgets.Action{Label: words.Text("secret.show"), Do: func() { m.w.show(m) }})
	}
	if m.w.background.isHidden {
		m.tellEnd(all)
	}
	if !m.forgetKey() && m.w.background.isHidden {
		m.forget()
	}
}

// mostTold is how many organizations a notification names.
const mostTold = 4

// tellEnd tells how connecting has ended, for nobody sees the window.
func (m *many) tellEnd(all []connector.Connected) {
	for _, o := range m.undone {
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

// showAlone shows the connection that was made of a single organization, if it was.
func (m *many) showAlone() bool {
	c, ok := m.connectionOf(m.alone)
	if ok {
		m.w.tell(saved{c})
	}
	return ok
}

// failed says why the keychain failed, and offers to go on with what was not done.
func (m *many) failed(how runEnd) {
	m.unkept = connector.KeychainCause(how.err)
	these := m.undone
	m.w.banner.Hide(ownerList) // it may say the same
	m.w.trouble(ownerMany, how.err, func() {
		m.w.show(m)
		m.run(these, how.connect)
	})
}

// isCut reports whether the last run has ended before all were done, and some of these are still selected.
func (m *many) isCut() bool {
	return m.unkept == "" && slices.ContainsFunc(m.undone, func(o check.Organization) bool { return m.ids[o.ID] })
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
