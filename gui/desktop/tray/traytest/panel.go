//go:build linux

package traytest

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const (
	name     = "org.kde.StatusNotifierWatcher"
	path     = "/StatusNotifierWatcher"
	menuName = "com.canonical.dbusmenu"
	menuPath = "/StatusNotifierItem/menu"
	itemPath = "/StatusNotifierItem"
	itemName = "org.kde.StatusNotifierItem"
)

// Panel is a panel with a tray.
type Panel struct {
	bus *dbus.Conn
	// Registered gets the bus name of each program that registers its icon, each time that it does.
	Registered chan string

	mu   sync.Mutex
	last string // the program whose icon was registered last
}

// Start starts a panel on the session bus. With hosted false, it has nothing yet that shows icons.
func Start(hosted bool) (*Panel, error) {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, err
	}
	p := &Panel{bus: bus, Registered: make(chan string, 20)}
	if err := bus.Export(watcher{p}, path, name); err != nil {
		return nil, err
	}
	properties := prop.Map{name: {"IsStatusNotifierHostRegistered": {Value: hosted}}}
	if _, err := prop.Export(bus, path, properties); err != nil {
		return nil, err
	}
	reply, err := bus.RequestName(name, dbus.NameFlagDoNotQueue)
	if err == nil && reply != dbus.RequestNameReplyPrimaryOwner {
		err = fmt.Errorf("%s has another owner", name)
	}
	return p, err
}

// Stop ends the panel. Another one can be started then.
func (p *Panel) Stop() {
	_, _ = p.bus.ReleaseName(name) // fails only without a bus
	p.bus.Close()
}

// watcher is what programs see of a panel.
type watcher struct{ p *Panel }

// RegisterStatusNotifierItem takes the icon of the program that calls.
func (w watcher) RegisterStatusNotifierItem(_ string, from dbus.Sender) *dbus.Error {
	w.p.mu.Lock()
	w.p.last = string(from)
	w.p.mu.Unlock()
	w.p.Registered <- string(from)
	return nil
}

// Host shows icons from now on: the panel says so.
func (p *Panel) Host() error {
	if _, err := prop.Export(p.bus, path, prop.Map{name: {"IsStatusNotifierHostRegistered": {Value: true}}}); err != nil {
		return err
	}
	return p.bus.Emit(path, name+".StatusNotifierHostRegistered")
}

// object is a part of the icon that was registered last.
func (p *Panel) object(path dbus.ObjectPath) dbus.BusObject {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bus.Object(p.last, path)
}

// Distract sends the icon's program a signal that has nothing to do with it.
func (p *Panel) Distract() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	message := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath: dbus.MakeVariant(dbus.ObjectPath("/else")), dbus.FieldInterface: dbus.MakeVariant("some.thing.Else"),
		dbus.FieldMember: dbus.MakeVariant("Happened"), dbus.FieldDestination: dbus.MakeVariant(p.last)}}
	return p.bus.Send(message, nil).Err
}

// Property returns a property of the icon.
func (p *Panel) Property(of string) (any, error) {
	v, err := p.object(itemPath).GetProperty(itemName + "." + of)
	return v.Value(), err
}

// Activate clicks on the icon.
func (p *Panel) Activate() error {
	return p.object(itemPath).Call(itemName+".Activate", 0, int32(0), int32(0)).Err
}

// entry is an item of a menu, as dbusmenu has it.
type entry struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// entries returns the numbers of the menu's items by their labels.
func (p *Panel) entries() (map[string]int32, error) {
	var revision uint32
	var root entry
	err := p.object(menuPath).Call(menuName+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
	all := make(map[string]int32)
	for _, child := range root.Children {
		var e entry
		if dbus.Store([]any{child.Value()}, &e) == nil {
			label, _ := e.Properties["label"].Value().(string)
			all[label] = e.ID
		}
	}
	return all, err
}

// Labels returns what the menu's items are called, in their order.
func (p *Panel) Labels() ([]string, error) {
	all, err := p.entries()
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int { return int(all[a] - all[b]) }), err
}

// Click takes an item of the menu.
func (p *Panel) Click(label string) error {
	all, err := p.entries()
	if err != nil {
		return err
	}
	id, ok := all[label]
	if !ok {
		return fmt.Errorf("there is no %q in the menu %v", label, all)
	}
	return p.object(menuPath).Call(menuName+".Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err
}
