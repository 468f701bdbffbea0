package jumpcloudtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// World is what a simulated JumpCloud holds. The same World gives the same answers, always.
type World struct {
	// Seed decides what the people, devices and other rows look like.
	Seed          uint64
	Organizations []Organization
	Keys          []Key
	// IgnoresFilters says that the parameter filter changes nothing, as some of JumpCloud's lists may have it.
	IgnoresFilters bool
	// ContractOnly says that only what JumpCloud's public contract describes is answered: neither the list of
	// administrators nor getSelf is there.
	ContractOnly bool
}

// Organization is a tenant and how many rows it has. The rows are made when they are asked for, so that a million
// people cost no memory.
type Organization struct {
	// ID has 24 hexadecimal digits.
	ID              string
	Name            string // "" is told as null
	People          int
	Systems         int
	Administrators  int // beside those that own keys
	Groups          int
	Policies        int
	Applications    int
	RequireAdminMFA bool
	// NotLicensed lists the paths, like /api/v2/systeminsights, that the plan does not include: below them the
	// answer is 402.
	NotLicensed []string
}

// The roles that JumpCloud has by itself. An organization can add roles of its own.
const (
	RoleAdministratorWithBilling = "Administrator With Billing"
	RoleAdministrator            = "Administrator"
	RoleManager                  = "Manager"
	RoleHelpDesk                 = "Help Desk"
	RoleReadOnly                 = "Read Only"
	RoleCommandRunner            = "Command Runner"
	RoleCommandRunnerWithBilling = "Command Runner With Billing"
	RoleBillingOnly              = "Billing Only"
)

// withoutAPI are the roles that may not use the API at all.
var withoutAPI = []string{RoleCommandRunner, RoleCommandRunnerWithBilling, RoleBillingOnly}

// Key is an API key and the administrator that it belongs to.
type Key struct {
	Value string
	Email string
	Role  string
	// Organizations are the ids of what the key opens.
	Organizations []string
	// MultiTenant says that the administrator is one of several organizations (an MSP's), which must select one by
	// the header x-org-id for every call but the list of organizations.
	MultiTenant bool
	// IgnoresSelection says that the header x-org-id changes nothing for a key of one organization.
	IgnoresSelection bool
	// MFA says that the administrator signs in with a second factor.
	MFA bool
	// Revoked, Suspended and Expires end a key: it is then as unknown as any other text (but see TellsSelf).
	Revoked   bool
	Suspended bool
	Expires   time.Time // zero: never
	Created   time.Time
	// TellsNoEnd says that a key without an end is told to have none; else nothing is told of its end.
	TellsNoEnd bool
	// OutlivesEnd says that the key is still accepted after its end.
	OutlivesEnd bool
	// APIAccessOff says that the administrator may not use the API, whatever the role.
	APIAccessOff bool
	// TellsSelf says that a key which may not use the API can still ask whose it is.
	TellsSelf bool
	// Fault, if set, happens to every request with the key.
	Fault *Fault
	// ServiceAccount says that the key belongs to no administrator: it cannot ask whose it is, nor which organizations it
	// opens.
	ServiceAccount bool
	// Refused lists the paths that a role of the organization's own does not reach.
	Refused []string
	// RefusedAs is the status below these paths, and of what a service account cannot ask; 0 means 403.
	RefusedAs int
	// Odd replaces fields in what is told of the administrator, by values as they would be in JSON.
	Odd map[string]any
}

// serviceAccountRefused are the paths that a service account cannot ask. Whether this is so is not documented.
var serviceAccountRefused = []string{"/api/organizations", "/api/users/getSelf"}

// refusal is why the key may not ask for a path, nil where it may.
func (k Key) refusal(path string) *refusal {
	refused := k.Refused
	if k.ServiceAccount {
		refused = append(slices.Clone(refused), serviceAccountRefused...)
	}
	if !slices.ContainsFunc(refused, func(p string) bool { return strings.HasPrefix(path, p) }) {
		return nil
	}
	if k.RefusedAs == 0 {
		return forbidden
	}
	return &refusal{k.RefusedAs, http.StatusText(k.RefusedAs)}
}

// known reports whether JumpCloud accepts the key at this time.
func (k Key) known(now time.Time) bool {
	return !k.Revoked && (!k.Suspended || k.TellsSelf) && (k.Expires.IsZero() || k.OutlivesEnd || now.Before(k.Expires))
}

// mayUseAPI reports whether the key's administrator reaches the API.
func (k Key) mayUseAPI() bool { return !k.APIAccessOff && !slices.Contains(withoutAPI, k.Role) }

func (k Key) opens(organization string) bool { return slices.Contains(k.Organizations, organization) }

// OrganizationID makes the id of a sample organization: n in 24 hexadecimal digits, as JumpCloud's look.
func OrganizationID(n int) string { return fmt.Sprintf("5f%022x", n) }
