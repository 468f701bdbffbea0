package jumpcloudtest

import (
	"fmt"
	"net/http"
	"time"
)

// The keys of the sample world. They look like JumpCloud's, but only the simulator accepts them.
const (
	SampleKey              = "jca_DEMOreadonly0000000000000000000000000001"
	SampleMultiTenantKey   = "jca_DEMOmultitenant0000000000000000000000002"
	SampleAdministratorKey = "jca_DEMOadministrator00000000000000000000003"
	SampleRevokedKey       = "jca_DEMOrevoked00000000000000000000000000004"
	SampleCommandRunnerKey = "jca_DEMOcommandrunner00000000000000000000005"
	SamplePartlyKey        = "jca_DEMOpartly000000000000000000000000000006"
	SamplePortalKey        = "jca_DEMOportal000000000000000000000000000007"
	SampleLimitedKey       = "jca_DEMOlimited00000000000000000000000000008"
	SampleServerKey        = "jca_DEMOserver000000000000000000000000000009"
	SampleBlockedKey       = "jca_DEMOblocked00000000000000000000000000010"
	SampleEndingKey        = "jca_DEMOending000000000000000000000000000011"
	SampleServiceKey       = "jca_DEMOservice00000000000000000000000000012"
	SampleSecondKey        = "jca_DEMOsecond000000000000000000000000000013"
)

// SampleWorld returns the world of the demo: a company, an MSP with many client organizations, and good and bad keys.
func SampleWorld() World {
	main := Organization{ID: OrganizationID(1), Name: "Larkspur Robotics", People: 412, Systems: 388, Administrators: 5,
		Groups: 24, Policies: 17, Applications: 31, RequireAdminMFA: true}
	small := Organization{ID: OrganizationID(2), Name: "Juniper & Sons Bakery", People: 18, Systems: 21, Administrators: 1,
		Groups: 3, Policies: 4, Applications: 2, NotLicensed: []string{"/api/v2/systeminsights"}}
	w := World{Seed: 7, Organizations: []Organization{main, small}}
	clients := []string{}
	for i, name := range sampleClients {
		o := Organization{ID: OrganizationID(100 + i), Name: name, People: 9 + 37*i%260, Systems: 7 + 41*i%240,
			Administrators: 1 + i%3, Groups: 2 + i%9, Policies: 1 + i%7, Applications: i % 11}
		w.Organizations = append(w.Organizations, o)
		clients = append(clients, o.ID)
	}
	made := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	one := []string{main.ID}
	w.Keys = []Key{
		{Value: SampleKey, Email: "controlmap@larkspur.example", Role: RoleReadOnly, MFA: true, Organizations: one, Created: made, TellsNoEnd: true},
		{Value: SampleMultiTenantKey, Email: "audit@northgate-msp.example", Role: RoleReadOnly, MFA: true, MultiTenant: true,
			Organizations: clients, Created: made, TellsNoEnd: true},
		{Value: SampleAdministratorKey, Email: "sam@juniper-bakery.example", Role: RoleAdministrator,
			Organizations: []string{small.ID}, Created: made},
		{Value: SampleRevokedKey, Email: "former@larkspur.example", Role: RoleReadOnly, Revoked: true, Organizations: one, Created: made},
		{Value: SampleCommandRunnerKey, Email: "runner@larkspur.example", Role: RoleCommandRunner, Organizations: one, Created: made},
		{Value: SamplePartlyKey, Email: "custom@larkspur.example", Role: "Auditor", MFA: true, Organizations: one,
			Refused: []string{"/api/systems", "/api/v2/policies"}, Created: made.AddDate(-2, 0, 0)},
		{Value: SampleEndingKey, Email: "ending@larkspur.example", Role: RoleReadOnly, MFA: true, Organizations: one,
			Created: time.Now().AddDate(0, 0, -78), Expires: time.Now().AddDate(0, 0, 12)},
		{Value: SampleServiceKey, ServiceAccount: true, Organizations: one},
		{Value: SampleSecondKey, Email: "dana@larkspur.example", Role: RoleAdministrator, MFA: true, Organizations: one, Created: made.AddDate(0, 5, 0)},
		// These keys show failures on the way to JumpCloud.
		{Value: SamplePortalKey, Fault: CaptivePortal()},
		{Value: SampleLimitedKey, Fault: RateLimited(90 * time.Second)},
		{Value: SampleServerKey, Fault: Status(http.StatusServiceUnavailable)},
		{Value: SampleBlockedKey, Fault: Blocked()},
	}
	return w
}

// sampleClients are the names of the MSP's clients: short and long ones, and enough to need the search.
var sampleClients = func() []string {
	names := []string{"Aldgate Dental Group", "Ørsted & Åkesson Architects", "Münchner Präzisionsoptik und Feinmechanik Gesellschaft mbH & Co. KG",
		"Kestrel", "株式会社さくら会計", "Saint-Étienne Logistique", "The Very Patient Trust for the Preservation of Lighthouses and Other Coastal Structures"}
	for _, place := range []string{"Ashby", "Brookfield", "Calder", "Dunmore", "Elmhurst", "Fairview", "Glenrock", "Harlow", "Inverness", "Kirkwall"} {
		for _, trade := range []string{"Legal", "Clinic", "Freight", "Foods", "Energy", "Schools", "Insurance", "Print", "Studios", "Housing", "Water", "Optics"} {
			names = append(names, fmt.Sprintf("%s %s", place, trade))
		}
	}
	return names
}()
