package jumpcloud_test

import (
	"errors"
	"iter"
	"net/http"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// rowsOf walks through a list to its end. It counts the rows, and those that say what they are about.
func rowsOf[T any](t *testing.T, rows iter.Seq2[T, error], tells func(T) bool) (all, telling int) {
	t.Helper()
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		all++
		if tells(row) {
			telling++
		}
	}
	return all, telling
}

// A Factory makes clients without a validation, and they read every row of every resource.
func TestRowsOfEachResource(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	factory := jumpcloud.Factory{Regions: []jumpcloud.Region{{ID: "here", Console: s.URL}}, UserAgent: "test/1"}
	here, ok := factory.Region("here")
	if _, elsewhere := factory.Region("us"); !ok || elsewhere {
		t.Fatalf("the region is %v, another one is there: %v", here, elsewhere)
	}
	h := factory.HTTPClient()
	defer h.CloseIdleConnections()
	c := factory.Client(here, secret.New(jumpcloudtest.SampleKey), jumpcloudtest.OrganizationID(1), h)
	ctx := t.Context()
	type counted struct{ rows, telling int }
	got := make(map[string]counted)
	note := func(name string, rows, telling int) { got[name] = counted{rows, telling} }
	rows, telling := rowsOf(t, c.SystemUsers(ctx), func(u jumpcloud.SystemUser) bool {
		return u.ID != "" && u.Username != "" && u.Email != "" && u.DisplayName != "" && u.State != "" && u.MFA.Configured != jumpcloud.NotTold &&
			u.Suspended != jumpcloud.NotTold && u.Sudo != jumpcloud.NotTold && !u.Created.IsZero()
	})
	note("people", rows, telling)
	rows, telling = rowsOf(t, c.Systems(ctx), func(d jumpcloud.System) bool {
		return d.ID != "" && d.DisplayName != "" && d.OSFamily != "" && d.SerialNumber != "" && d.FDE.Active != jumpcloud.NotTold &&
			d.Active != jumpcloud.NotTold && !d.LastContact.IsZero()
	})
	note("devices", rows, telling)
	rows, telling = rowsOf(t, c.UserGroups(ctx), func(g jumpcloud.UserGroup) bool { return g.ID != "" && g.Name != "" })
	note("groups", rows, telling)
	rows, telling = rowsOf(t, c.Policies(ctx), func(p jumpcloud.Policy) bool { return p.ID != "" && p.Name != "" })
	note("policies", rows, telling)
	rows, telling = rowsOf(t, c.Applications(ctx), func(a jumpcloud.Application) bool {
		return a.ID != "" && a.Name != "" && a.Active != jumpcloud.NotTold
	})
	note("applications", rows, telling)
	rows, telling = rowsOf(t, c.Administrators(ctx), func(a jumpcloud.Administrator) bool { return a.ID != "" && a.Email != "" && a.RoleName != "" })
	note("administrators", rows, telling)
	rows, telling = rowsOf(t, c.Volumes(ctx), func(v jumpcloud.Volume) bool { return v.SystemID != "" && v.Status != "" })
	note("volumes", rows, telling)
	for name, want := range map[string]int{"people": 412, "devices": 388, "groups": 24, "policies": 17, "applications": 31} {
		if got[name] != (counted{want, want}) {
			t.Errorf("%s: %+v, want %d", name, got[name], want)
		}
	}
	for name, n := range got {
		if n.rows == 0 || n.telling != n.rows {
			t.Errorf("%s: %d rows, of which %d tell what is read of them", name, n.rows, n.telling)
		}
	}
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

// A walk through what the plan does not include ends with that.
func TestRowsThatAreNotLicensed(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	s.Fail(jumpcloudtest.NotLicensed())
	var e *wire.Error
	for _, err := range newClient(t, s).Volumes(t.Context()) {
		if !errors.Is(err, jumpcloud.ErrNotLicensed) || !errors.As(err, &e) {
			t.Errorf("got %v", err)
		}
	}
	if e == nil {
		t.Error("the walk ended without an error")
	}
}

// Rows without an id are never taken for each other.
func TestTheIDOfAVolumeNeedsBothNames(t *testing.T) {
	for _, c := range []struct {
		volume jumpcloud.Volume
		want   string
	}{{jumpcloud.Volume{SystemID: "a", Name: "b"}, "a/b"}, {jumpcloud.Volume{}, ""}, {jumpcloud.Volume{SystemID: "a"}, ""}, {jumpcloud.Volume{Name: "b"}, ""}} {
		if got := c.volume.RowID(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.volume, got, c.want)
		}
	}
}
