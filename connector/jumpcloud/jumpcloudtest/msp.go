package jumpcloudtest

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Way is a way in which a client of an MSP breaks.
type Way string

// The ways. The first ones are about the key of the client's own administrator, and leave the MSP's key alone.
const (
	WayEnds      Way = "the key ends"
	WayGenerated Way = "another key is generated"
	WayRevoked   Way = "the key is revoked"
	WayRemoved   Way = "its administrator is removed"
	WaySuspended Way = "its administrator is suspended"
	WayAccessOff Way = "its administrator may not use the API"
	WayRole      Way = "its administrator becomes a Command Runner"
	// These are about the organization, for the MSP's key.
	WayClosed   Way = "the MSP’s key does not open it any more"
	WayWithheld Way = "the MSP’s key may not read its people"
	WayFails    Way = "JumpCloud fails for it"
)

// Ways lists all ways.
func Ways() []Way {
	return []Way{WayEnds, WayGenerated, WayRevoked, WayRemoved, WaySuspended, WayAccessOff, WayRole, WayClosed, WayWithheld, WayFails}
}

// ofKey reports whether the way is about a client's own key.
func (w Way) ofKey() bool {
	return w != "" && w != WayClosed && w != WayWithheld && w != WayFails
}

// MSP is a company with an administrator who opens the organizations of many clients. Some clients are going to break.
type MSP struct {
	// Key is the key of that administrator. Its Organizations are those of the clients.
	Key     Key
	Clients []Client
	seed    uint64
}

// Client is an organization of an MSP.
type Client struct {
	Organization
	// Breaks is how the client is going to break; "" if it is not.
	Breaks Way
	// Own is the key of an administrator of the client's own. It has no Value unless Breaks is about that key.
	Own Key
}

// NewMSP makes an MSP with n clients. Of these, percent are going to break in each of [Ways]: the seed picks which. It is 10 at most. All keys
// are made at this time. Those that end do so a day later, one each minute.
func NewMSP(seed uint64, n, percent int, made time.Time) *MSP {
	m := &MSP{seed: seed, Clients: make([]Client, n), Key: Key{Value: SampleMultiTenantKey, Email: "audit@northgate-msp.example", Role: RoleReadOnly,
		MFA: true, MultiTenant: true, Created: made, TellsNoEnd: true}}
	for i := range m.Clients {
		m.Clients[i].Organization = Organization{ID: OrganizationID(i), Name: fmt.Sprintf("Client %04d", i), People: 5 + i%20, Systems: 5 + i%15,
			Administrators: 1 + i%3, Groups: i % 5, Policies: i % 7, Applications: i % 4, RequireAdminMFA: true}
		m.Key.Organizations = append(m.Key.Organizations, m.Clients[i].ID)
	}
	order, each := rand.New(rand.NewPCG(seed, 0)).Perm(n), n*percent/100
	for w, way := range Ways() {
		for i, at := range order[w*each : (w+1)*each] {
			c := &m.Clients[at]
			c.Breaks = way
			if way.ofKey() {
				c.Own = Key{Value: fmt.Sprintf("jca_DEMOclient%029d", at), Email: fmt.Sprintf("it@client%04d.example", at), Role: RoleReadOnly, MFA: true,
					Organizations: []string{c.ID}, Created: made, TellsNoEnd: true}
			}
			if way == WayEnds {
				c.Own.Expires = made.Add(24*time.Hour + time.Duration(i)*time.Minute)
			}
		}
	}
	return m
}

// World is the MSP's world while everything works.
func (m *MSP) World() World {
	w := World{Seed: m.seed, Keys: []Key{m.Key}}
	for _, c := range m.Clients {
		w.Organizations = append(w.Organizations, c.Organization)
		if c.Own.Value != "" {
			w.Keys = append(w.Keys, c.Own)
		}
	}
	return w
}

// Break breaks each client in its way, but for [WayEnds]: a key ends by the server's clock.
func (m *MSP) Break(s *Server) {
	open := m.Key
	open.Organizations = nil
	of := make(map[Way][]string)
	for _, c := range m.Clients {
		of[c.Breaks] = append(of[c.Breaks], c.ID)
		if c.Breaks != WayClosed {
			open.Organizations = append(open.Organizations, c.ID)
		}
		c.breakKey(s)
	}
	s.SetKey(open)
	s.Fail(Forbidden().On("/api/systemusers").Of(of[WayWithheld]...))
	s.Fail(Status(503).Of(of[WayFails]...))
}

// breakKey breaks the client's own key.
func (c Client) breakKey(s *Server) {
	switch k := c.Own; c.Breaks {
	case WayGenerated:
		s.Generate(k.Value, k.Value+"new", 0)
	case WayRevoked:
		s.Revoke(k.Value)
	case WayRemoved:
		s.Remove(k.Value)
	case WaySuspended:
		k.Suspended = true
		s.SetKey(k)
	case WayAccessOff:
		k.APIAccessOff = true
		s.SetKey(k)
	case WayRole:
		k.Role = RoleCommandRunner
		s.SetKey(k)
	}
}
