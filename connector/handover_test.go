package connector_test

import (
	"errors"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/vault"
)

func TestTheAddressOfControlMap(t *testing.T) {
	for typed, want := range map[string]string{
		"https://larkspur.app.ctrlmap.com":                        "https://larkspur.app.ctrlmap.com",
		" larkspur.app.ctrlmap.com\n":                             "https://larkspur.app.ctrlmap.com",
		"https://Larkspur.App.CtrlMap.com/#/integrations?x=1":     "https://larkspur.app.ctrlmap.com",
		"larkspur-2.app.eu.ctrlmap.com/":                          "https://larkspur-2.app.eu.ctrlmap.com",
		"":                                                        "",
		"larkspur":                                                "",
		"http://larkspur.app.ctrlmap.com":                         "",
		"https://larkspur.app.ctrlmap.com:8443":                   "",
		"https://larkspur.app.ctrlmap.com.evil.example":           "",
		"https://evil.example/larkspur.app.ctrlmap.com":           "",
		"https://larkspur.app.ctrlmap.com@evil.example":           "",
		"https://user:TEST@larkspur.app.ctrlmap.com":              "",
		"https://xlarkspur.app.ctrlmap.com.":                      "https://xlarkspur.app.ctrlmap.com",
		"https://-.app.ctrlmap.com":                               "",
		"javascript://larkspur.app.ctrlmap.com":                   "",
		"https://a.b.app.ctrlmap.com":                             "",
		"https://app.ctrlmap.com":                                 "",
		"https://" + strings.Repeat("a", 64) + ".app.ctrlmap.com": "",
		"larkspur.app.ctrlmap.com/" + strings.Repeat("a", 3000):   "",
	} {
		got, err := connector.ParseTenant(typed)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, connector.ErrTenant) {
			t.Errorf("%.60q is read as %q, %v", typed, got, err)
		}
	}
}

// What is kept of a hand-over stays with the connection: over a check, a save of the same key, and the next start. Another key makes it
// outdated, and back with the former key it is not.
func TestAHandOverIsKept(t *testing.T) {
	k, s := newRecorder(), newServerWith(t, renewed)
	c := newConnector(k, s)
	one := save(t, c, "", with(jumpcloudtest.SampleKey))
	if one.HandOver != (connector.HandOver{}) {
		t.Fatalf("a new connection was handed over: %+v", one.HandOver)
	}
	if err := c.KeepTenant(t.Context(), one.ID, "larkspur.app.eu.ctrlmap.com/settings"); err != nil {
		t.Fatal(err)
	}
	if err := c.KeepTenant(t.Context(), one.ID, "http://evil.example"); !errors.Is(err, connector.ErrTenant) {
		t.Errorf("another address is kept: %v", err)
	}
	one.HandOver.Tenant = "https://larkspur.app.eu.ctrlmap.com"
	marked, err := c.MarkHandedOver(t.Context(), one)
	want := connector.HandOver{At: noon, Tenant: "https://larkspur.app.eu.ctrlmap.com"}
	if err != nil || marked != want {
		t.Fatalf("marked, it is %+v, %v", marked, err)
	}
	is := func(when string, want connector.HandOver) connector.Connection {
		t.Helper()
		var all []connector.Connection
		c, all = stored(t, k, s)
		got := all[0].HandOver
		if len(all) != 1 || !got.At.Equal(want.At) || got.Outdated != want.Outdated || got.Tenant != want.Tenant {
			t.Errorf("%s: %+v", when, got)
		}
		return all[0]
	}
	is("at the next start", want)
	if _, err := c.Check(t.Context(), one.ID, ignore); err != nil {
		t.Fatal(err)
	}
	is("checked again", want)
	save(t, c, "", with(jumpcloudtest.SampleKey))
	one = is("saved again", want)
	save(t, c, "", with(renewed.Value), connector.Replacing(one))
	if _, err := c.MarkHandedOver(t.Context(), one); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("the former key was marked as handed over: %v", err)
	}
	want.Outdated = true
	one = is("with another key", want)
	save(t, c, "", with(jumpcloudtest.SampleKey), connector.Replacing(one))
	want.Outdated = false
	is("with the former key", want)
	if err := c.Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.MarkHandedOver(t.Context(), one); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("a connection that was removed: %v", err)
	}
}

// A connection of the session takes its hand-over with it into the keychain.
func TestAHandOverOfTheSessionIsKept(t *testing.T) {
	k, s := newRecorder(), newServer(t)
	c := newConnector(k, s)
	one, err := c.SaveForSession(t.Context(), "", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.MarkHandedOver(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if saved, err := c.SaveFromSession(t.Context(), one.ID); err != nil || !saved.HandOver.At.Equal(noon) || saved.HandOver.Outdated {
		t.Errorf("saved, it is %+v, %v", saved.HandOver, err)
	}
}

// If two connections become one, what is known of the hand-over of both is kept.
func TestTheHandOverOfTwoConnectionsIsKept(t *testing.T) {
	session := func(c *connector.Connector, key string) connector.Connection {
		t.Helper()
		one, err := c.SaveForSession(t.Context(), "", with(key), validated(t, c, with(key)))
		if err != nil {
			t.Fatal(err)
		}
		return one
	}
	for name, one := range map[string]struct {
		kept   func(*connector.Connector) connector.Connection // will be handed over
		become func(*connector.Connector, connector.Connection) (connector.Connection, error)
		want   connector.HandOver
	}{
		"another key of the session": {
			func(c *connector.Connector) connector.Connection {
				return save(t, c, "", with(jumpcloudtest.SampleKey))
			},
			func(c *connector.Connector, kept connector.Connection) (connector.Connection, error) {
				other := session(c, renewed.Value)
				if err := c.KeepTenant(t.Context(), other.ID, "other.app.ctrlmap.com"); err != nil {
					return connector.Connection{}, err
				}
				return c.SaveFromSession(t.Context(), other.ID, connector.Replacing(kept))
			}, connector.HandOver{At: noon, Outdated: true, Tenant: "https://other.app.ctrlmap.com"}},
		"the same key, typed": {
			func(c *connector.Connector) connector.Connection { return session(c, jumpcloudtest.SampleKey) },
			func(c *connector.Connector, kept connector.Connection) (connector.Connection, error) {
				return trySave(t, c, "", jumpcloudtest.SampleKey)
			}, connector.HandOver{At: noon, Tenant: "https://larkspur.app.ctrlmap.com"}},
		"another key, typed": {
			func(c *connector.Connector) connector.Connection { return session(c, jumpcloudtest.SampleKey) },
			func(c *connector.Connector, kept connector.Connection) (connector.Connection, error) {
				return trySave(t, c, "", renewed.Value, connector.Replacing(kept))
			}, connector.HandOver{At: noon, Outdated: true, Tenant: "https://larkspur.app.ctrlmap.com"}},
	} {
		c := newConnector(newRecorder(), newServerWith(t, renewed))
		kept := one.kept(c)
		kept.HandOver.Tenant = "https://larkspur.app.ctrlmap.com"
		if _, err := c.MarkHandedOver(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
		saved, err := one.become(c, kept)
		if err != nil || saved.SessionOnly || saved.HandOver != one.want {
			t.Errorf("%s: it is %+v, %v", name, saved.HandOver, err)
		}
	}
}

// The address that another program has put there is not opened.
func TestAForeignAddressIsNotRead(t *testing.T) {
	k, s := newRecorder(), newServer(t)
	c := newConnector(k, s)
	one := save(t, c, "", with(jumpcloudtest.SampleKey))
	err := vault.New(keychain.New(k, service), nil).Update(t.Context(), one.ID, func(c *vault.Connection) error {
		c.HandOver.Tenant = "https://larkspur.evil.example"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, all := stored(t, k, s); all[0].HandOver.Tenant != "" {
		t.Errorf("it is read as %q", all[0].HandOver.Tenant)
	}
}

func TestRename(t *testing.T) {
	k, s := newRecorder(), newServerWith(t, renewed)
	c := newConnector(k, s)
	first := save(t, c, "", with(jumpcloudtest.SampleKey))
	second := save(t, c, "Second", with(renewed.Value), connector.KeepingBoth())
	for _, one := range []struct{ typed, want string }{{" Ours ", "Ours"}, {"second", "second (2)"}, {"\u200b", "Larkspur Robotics"},
		{strings.Repeat("a", 300), strings.Repeat("a", 100) + "…"}} {
		name, err := c.Rename(t.Context(), first, one.typed)
		if err != nil || name != one.want {
			t.Errorf("%q becomes %q, %v", one.typed, name, err)
		}
		_, all := stored(t, k, s)
		if all[0].Name != one.want && all[1].Name != one.want {
			t.Errorf("%q is kept as %q and %q", one.typed, all[0].Name, all[1].Name)
		}
	}
	if name, err := c.Rename(t.Context(), second, "SECOND"); err != nil || name != "SECOND" {
		t.Errorf("its own name in capitals becomes %q, %v", name, err)
	}
	second.Organization.Name = ""
	if name, err := c.Rename(t.Context(), second, ""); err != nil || name != second.Organization.ID {
		t.Errorf("without a name of the organization, the name is %q, %v", name, err)
	}
	if err := c.Remove(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Rename(t.Context(), first, "Gone"); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("a connection that was removed: %v", err)
	}
}
