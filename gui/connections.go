package gui

import (
	"slices"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/words"
)

// connections holds the kept connections that the window knows, and tells the window of each change. It belongs to the window's thread.
type connections struct {
	w       *window
	all     []connector.Connection // sorted by name, as the language does
	twins   map[string]int         // how many connections there are to each organization
	hidden  map[string]bool        // the ids of connections that are being removed
	current string                 // the id of the connection on the screen; "" for none
	changes int                    // counts additions and removals; a list that was read before is old
}

// find returns the connection with this id, if it is known.
func (k *connections) find(id string) (connector.Connection, bool) {
	if i := rowOf(k.all, id); i >= 0 {
		return k.all[i], true
	}
	return connector.Connection{}, false
}

// rowOf returns the index of the connection with this id; -1 if it is not there.
func rowOf(rows []connector.Connection, id string) int {
	return slices.IndexFunc(rows, func(c connector.Connection) bool { return c.ID == id })
}

// byID returns connections by their ids.
func byID(all []connector.Connection) map[string]connector.Connection {
	found := make(map[string]connector.Connection, len(all))
	for _, c := range all {
		found[c.ID] = c
	}
	return found
}

// forSession reports whether a connection ends with the program.
func (k *connections) forSession(c connector.Connection) bool {
	return c.SessionOnly || k.w.opts.InMemory
}

// organizationOf returns a text that only connections to the same organization share.
func organizationOf(c connector.Connection) string { return c.Region + " " + c.Organization.ID }

// twin reports whether another connection opens the same organization.
func (k *connections) twin(c connector.Connection) bool { return k.twins[organizationOf(c)] > 1 }

// keyOf returns the key that a connection has.
func keyOf(c connector.Connection) check.KeyInRegion {
	return check.KeyInRegion{Region: c.Region, KeyID: c.KeyID}
}

// users returns how many connections use the key of this one, with itself.
func (k *connections) users(c connector.Connection) (n int) {
	for i := range k.all {
		if k.all[i].Uses(keyOf(c)) {
			n++
		}
	}
	return n
}

// sharesKey reports whether other connections have the key of this one.
func (k *connections) sharesKey(c connector.Connection) bool { return k.users(c) > 1 }

// nameOf returns what messages call a connection. If others open the same organization, it adds whose key this one has.
func (k *connections) nameOf(c connector.Connection) string {
	if c.Unread() {
		return unread(c)
	}
	if whose := c.Report.Administrator.Email; k.twin(c) && whose != "" {
		return c.Name + " · " + printable.Line(whose)
	}
	return c.Name
}

// unread returns what a row is called whose connections cannot be read.
func unread(c connector.Connection) string {
	if c.Several {
		return words.Text("list.unread_several")
	}
	return words.Text("list.unread")
}

// setCurrent says which connection is on the screen; "" for none.
func (k *connections) setCurrent(id string) {
	k.current = id
	k.w.tell(currentChanged{})
}

// sortConnections sorts connections as lists show them.
func sortConnections(all []connector.Connection) {
	words.SortBy(all, connectionName, connectionID)
}

func connectionName(c connector.Connection) string { return c.Name }
func connectionID(c connector.Connection) string   { return c.ID }

// replace takes over all connections. The list shows the one with the id show; "" for none.
func (k *connections) replace(all []connector.Connection, show string) {
	k.all = slices.DeleteFunc(slices.Clone(all), func(c connector.Connection) bool { return k.hidden[c.ID] })
	sortConnections(k.all)
	k.settle(show)
}

// settle tells that other connections are known now.
func (k *connections) settle(show string) {
	k.twins = make(map[string]int)
	for _, c := range k.all {
		if c.Trouble == "" {
			k.twins[organizationOf(c)]++
		}
	}
	k.w.tell(connectionsChanged{show: show})
}

// add adds connections that have been read before all are. Those that are known are replaced at the end only.
func (k *connections) add(some []connector.Connection) {
	known := byID(k.all)
	k.place(slices.DeleteFunc(slices.Clone(some), func(c connector.Connection) bool { _, ok := known[c.ID]; return ok }), "")
}

// put adds a connection, or replaces the one with its id.
func (k *connections) put(c connector.Connection) {
	k.changes++
	k.place([]connector.Connection{c}, c.ID)
}

// place puts connections where they belong by their names, each in place of the one with its id. To sort them all anew would take longer the
// more there are. The list shows the one with the id show; "" for none.
func (k *connections) place(some []connector.Connection, show string) {
	some = slices.DeleteFunc(slices.Clone(some), func(c connector.Connection) bool { return k.hidden[c.ID] })
	fresh := byID(some)
	others := slices.DeleteFunc(slices.Clone(k.all), func(old connector.Connection) bool { _, again := fresh[old.ID]; return again })
	k.all = words.InsertBy(others, some, connectionName, connectionID)
	k.settle(show)
}

// drop takes out the connection with this id.
func (k *connections) drop(id string) {
	k.changes++
	k.all = slices.DeleteFunc(slices.Clone(k.all), func(c connector.Connection) bool { return c.ID == id })
	k.settle("")
}

// saved takes over a connection that was saved. It may have taken the place of one of the session: then the connections are read anew.
func (k *connections) saved(c connector.Connection) {
	k.w.loader.inSession = c.SessionOnly
	k.put(c)
	if !c.SessionOnly && slices.ContainsFunc(k.all, func(c connector.Connection) bool { return c.SessionOnly }) {
		k.w.loader.load()
	}
}

// savedSeveral takes over connections that were saved.
func (k *connections) savedSeveral(some []connector.Connection) {
	k.w.loader.inSession = slices.ContainsFunc(some, func(c connector.Connection) bool { return c.SessionOnly })
	k.changes++
	k.place(some, "")
}

// moved takes over that a connection of the session was saved in the keychain, perhaps in the place of another one.
func (k *connections) moved(from, to connector.Connection) {
	k.w.loader.inSession = false
	k.drop(from.ID)
	k.put(to)
	k.w.tell(moved{from, to})
}

// change takes over a change that was kept of a connection. Apply makes it.
func (k *connections) change(id string, apply func(*connector.Connection)) {
	c, known := k.find(id)
	if !known {
		return
	}
	k.changes++
	apply(&c)
	k.place([]connector.Connection{c}, "")
	k.w.tell(changed{c})
}

// hide takes out a connection that is being removed. It stays out, also when the connections are read anew, until unhide or deleted.
func (k *connections) hide(id string) {
	k.hidden[id] = true
	k.drop(id)
	k.w.tell(removed{id})
}

// unhide puts back a connection that was not removed.
func (k *connections) unhide(c connector.Connection) {
	delete(k.hidden, c.ID)
	k.put(c)
}

// deleted takes over that a hidden connection is gone from the keychain.
func (k *connections) deleted(id string) {
	delete(k.hidden, id)
	k.changes++
}

// checked takes over a new report on a connection, if it is complete.
func (k *connections) checked(id string, report check.Report) {
	if !report.Complete() {
		return
	}
	if i := rowOf(k.all, id); i >= 0 {
		k.all[i].Take(report)
	}
	k.w.tell(reported{id, report})
}
