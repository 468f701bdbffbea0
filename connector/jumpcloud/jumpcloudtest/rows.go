package jumpcloudtest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"
)

// listAt returns the list of an organization at a path.
func (s *Server) listAt(path string, o Organization) (list, bool) {
	d := data{seed: s.seed, organization: o}
	switch path {
	case "/api/systemusers":
		return list{size: o.People, row: d.systemUser, remember: s.matchesIn(path, o.ID)}, true
	case "/api/systems":
		return list{size: o.Systems, row: d.system, remember: s.matchesIn(path, o.ID)}, true
	case "/api/users":
		owners := s.keyOwners(o.ID)
		return list{size: len(owners) + o.Administrators, row: func(i int) row { return d.administrator(i, owners) }}, true
	case "/api/applications":
		return list{size: o.Applications, row: d.application}, true
	case "/api/v2/usergroups":
		return list{size: o.Groups, row: d.userGroup, v2: true, total: true}, true
	case "/api/v2/policies":
		return list{size: o.Policies, row: d.policy, v2: true, link: true}, true
	case "/api/v2/systeminsights/disk_encryption":
		return list{size: o.Systems, row: d.diskEncryption, v2: true, maxLimit: 10000}, true
	}
	return list{}, false
}

// matchesIn returns a list's function remember.
func (s *Server) matchesIn(path, organization string) func([]filter) *matches {
	return func(filters []filter) *matches {
		m, _ := s.matches.LoadOrStore(fmt.Sprint(path, organization, filters), &matches{})
		return m.(*matches)
	}
}

// keyOwners lists the administrators of an organization who have keys, in a fixed order.
func (s *Server) keyOwners(organization string) []Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	var owners []Key
	for _, k := range s.keys {
		if k.opens(organization) && !k.ServiceAccount {
			owners = append(owners, k)
		}
	}
	return sortedByEmail(owners)
}

// data makes the rows of one organization.
type data struct {
	seed         uint64
	organization Organization
}

// The kinds of rows: the ninth and tenth digit of an id.
const (
	kindSystemUser = iota + 1
	kindSystem
	kindAdministrator
	kindUserGroup
	kindPolicy
	kindApplication
)

// id returns the id of the i-th row of a kind: 24 hexadecimal digits. Ids have the order of the rows.
func (d data) id(kind, i int) string {
	h := fnv.New32a()
	fmt.Fprint(h, d.seed, d.organization.ID)
	return fmt.Sprintf("%08x%02x%014x", h.Sum32(), kind, i)
}

// chance returns the random numbers for the i-th row of a kind. The same seed gives the same numbers.
func (d data) chance(kind, i int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, d.organization.ID, kind)
	return rand.New(rand.NewPCG(d.seed^h.Sum64(), uint64(i)))
}

// dawn is the creation time of the oldest rows.
var dawn = time.Date(2021, time.May, 3, 8, 0, 0, 0, time.UTC)

func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// some returns one of the values.
func some[T any](dice *rand.Rand, values ...T) T { return values[dice.IntN(len(values))] }

// often returns true in percent of all cases.
func often(dice *rand.Rand, percent int) bool { return dice.IntN(100) < percent }

var (
	firstNames  = strings.Fields("Ada Bruno Chidi Dana Emeka Farah Goran Hana Ines Jonas Keiko Liam Mara Nadia Omar Priya Quentin Rosa Sven Tala Uma Viktor Wei Ximena Yusuf Zoë")
	lastNames   = strings.Fields("Abara Berg Castillo Dvořák Eriksen Fontaine Güneş Haddad Ivanova Jansen Kaya Lindqvist Moreau Nakamura O'Brien Petrov Quispe Rossi Schäfer Tanaka Usman Varga Weber Xu Yilmaz Zhang")
	departments = []string{"Engineering", "Finance", "Operations", "People", "Sales", "Support"}
)

func (d data) systemUser(i int) row {
	dice := d.chance(kindSystemUser, i)
	first, last := some(dice, firstNames...), some(dice, lastNames...)
	username := fmt.Sprintf("user%d", i)
	mfa := often(dice, 88)
	enrolled := map[bool]string{true: "ENROLLED", false: "NOT_ENROLLED"}
	suspended := often(dice, 4)
	state := some(dice, "ACTIVATED", "ACTIVATED", "ACTIVATED", "ACTIVATED", "STAGED")
	if suspended {
		state = "SUSPENDED"
	}
	created := dawn.Add(time.Duration(dice.IntN(1800)) * 24 * time.Hour)
	return row{
		"_id": d.id(kindSystemUser, i), "organization": d.organization.ID,
		"username": username, "email": username + "@example.com", "displayname": first + " " + last,
		"firstname": first, "lastname": last, "department": some(dice, departments...),
		"jobTitle": some(dice, "Analyst", "Engineer", "Lead", "Manager"), "employeeType": some(dice, "Employee", "Contractor"),
		"state": state, "activated": state != "STAGED", "suspended": suspended, "account_locked": often(dice, 2),
		"created": moment(created),
		"mfa":     row{"configured": mfa, "exclusion": !mfa && often(dice, 30)},
		"mfaEnrollment": row{"overallStatus": enrolled[mfa], "totpStatus": enrolled[mfa], "webAuthnStatus": "NOT_ENROLLED",
			"pushStatus": "NOT_ENROLLED", "jcGoStatus": "NOT_ENROLLED"},
		"totp_enabled": mfa, "enable_user_portal_multifactor": often(dice, 92),
		"password_expired": often(dice, 5), "password_never_expires": often(dice, 3),
		"password_expiration_date": moment(created.AddDate(6, 0, 0)),
		"sudo":                     often(dice, 8), "passwordless_sudo": often(dice, 1), "manager": d.id(kindSystemUser, 0), "externally_managed": false,
	}
}

func (d data) system(i int) row {
	dice := d.chance(kindSystem, i)
	family := some(dice, "darwin", "windows", "windows", "linux")
	names := map[string]string{"darwin": "Mac OS X", "windows": "Windows", "linux": "Ubuntu"}
	created := dawn.Add(time.Duration(dice.IntN(1800)) * 24 * time.Hour)
	encrypted := often(dice, 93)
	return row{
		"_id": d.id(kindSystem, i), "organization": d.organization.ID,
		"displayName": fmt.Sprintf("device-%05d", i), "hostname": fmt.Sprintf("device-%05d.local", i),
		"os": names[family], "osFamily": family, "version": some(dice, "14.5", "15.1", "11", "24.04"),
		"arch": some(dice, "x86_64", "arm64"), "serialNumber": fmt.Sprintf("SN%08d", i),
		"hwVendor": some(dice, "Apple Inc.", "Dell Inc.", "LENOVO"), "active": often(dice, 80),
		"lastContact": moment(created.AddDate(0, 0, dice.IntN(300))), "created": moment(created), "agentVersion": "2.30.1",
		"fde": row{"active": encrypted, "keyPresent": encrypted && often(dice, 95)},
		"mdm": row{"vendor": "internal", "userApproved": true}, "isPolicyBound": often(dice, 90),
		"policyStats":                    row{"total": 8, "success": 7, "failed": 1, "pending": 0, "duplicate": 0, "unsupportedOs": 0},
		"allowSshRootLogin":              often(dice, 2),
		"allowSshPasswordAuthentication": often(dice, 10), "allowMultiFactorAuthentication": often(dice, 70),
		"primarySystemUser": row{"id": d.id(kindSystemUser, dice.IntN(max(1, d.organization.People)))},
		"remoteIP":          fmt.Sprintf("203.0.113.%d", dice.IntN(256)),
	}
}

// administrator makes the rows of the owners of keys first, and then those of administrators without a key.
func (d data) administrator(i int, owners []Key) row {
	dice := d.chance(kindAdministrator, i)
	k := Key{Email: fmt.Sprintf("administrator%d@example.com", i), MFA: often(dice, 75), APIAccessOff: true,
		Role: some(dice, RoleAdministratorWithBilling, RoleAdministrator, RoleManager, RoleHelpDesk, RoleReadOnly)}
	if i < len(owners) {
		k = owners[i]
	}
	k.MFA = k.MFA || d.organization.RequireAdminMFA
	r := administratorOf(k)
	r["_id"] = d.id(kindAdministrator, i)
	return r
}
