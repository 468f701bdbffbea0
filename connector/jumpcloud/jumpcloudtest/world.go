package jumpcloudtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// World is the data of a simulated JumpCloud. The same World always gives the same answers.
type World struct {
	// Seed decides what the people, devices and other rows look like.
	Seed          uint64
	Organizations []Organization
	Keys          []Key
	// IgnoresFilters: the parameter filter changes nothing. Some of JumpCloud's lists may be so.
	IgnoresFilters bool
	// ContractOnly: only the calls of JumpCloud's published contract exist, so not the list of administrators and getSelf.
	ContractOnly bool
}

// Organization is a tenant with the numbers of its rows. The rows are made when they are requested, so a million people need no
// memory.
type Organization struct {
	// ID has 24 hexadecimal digits.
	ID              string
	Name            string // "" is sent as null
	People          int
	Systems         int
	Administrators  int // without the owners of keys
	Groups          int
	Policies        int
	Applications    int
	RequireAdminMFA bool
	// NotLicensed lists paths that the plan does not include, like /api/v2/systeminsights. Below them the answer is 402.
	NotLicensed []string
}

// JumpCloud's built-in roles. An organization can add its own.
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

// withoutAPI lists the roles that may not use the API.
var withoutAPI = []string{RoleCommandRunner, RoleCommandRunnerWithBilling, RoleBillingOnly}

// Key is an API key and the administrator that it belongs to.
type Key struct {
	Value string
	Email string
	Role  string
	// Organizations lists the ids of the organizations that the key opens.
	Organizations []string
	// MultiTenant: the key belongs to an administrator of several organizations, an MSP's. It has to select one with the header
	// x-org-id for every call but the list of organizations.
	MultiTenant bool
	// IgnoresSelection: the header x-org-id changes nothing for a key of one organization.
	IgnoresSelection bool
	// MFA: the administrator signs in with a second factor.
	MFA bool
	// Revoked, Suspended and Expires end a key. It is unknown then, but see TellsSelf.
	Revoked   bool
	Suspended bool
	Expires   time.Time // zero: never
	Created   time.Time
	// TellsNoEnd: the end of a key without an end is sent as null. Otherwise the field is missing.
	TellsNoEnd bool
	// OutlivesEnd: the key is accepted after its end.
	OutlivesEnd bool
	// APIAccessOff: the administrator may not use the API, whatever the role is.
	APIAccessOff bool
	// TellsSelf: getSelf answers even if the key may not use the API.
	TellsSelf bool
	// Fault, if set, happens on every request with the key.
	Fault *Fault
	// ServiceAccount: the key belongs to no administrator. It may call neither getSelf nor the list of organizations.
	ServiceAccount bool
	// Refused lists the paths that a role of the organization's own may not read.
	Refused []string
	// RefusedAs is the status of refused paths, and of those that a service account may not read. 0 means 403.
	RefusedAs int
	// Odd replaces fields of the administrator by values of any JSON type.
	Odd map[string]any
}

// serviceAccountRefused lists the paths that a service account may not read. JumpCloud does not document whether this is so.
var serviceAccountRefused = []string{"/api/organizations", "/api/users/getSelf"}

// refusal returns why the key may not read a path, or nil.
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

// known reports whether JumpCloud knows the key at this time.
func (k Key) known(now time.Time) bool {
	return !k.Revoked && (!k.Suspended || k.TellsSelf) && (k.Expires.IsZero() || k.OutlivesEnd || now.Before(k.Expires))
}

// mayUseAPI reports whether the key's administrator may use the API.
func (k Key) mayUseAPI() bool { return !k.APIAccessOff && !slices.Contains(withoutAPI, k.Role) }

func (k Key) opens(organization string) bool { return slices.Contains(k.Organizations, organization) }

// OrganizationID returns the id of a sample organization: n as 24 hexadecimal digits, like JumpCloud's.
func OrganizationID(n int) string { return fmt.Sprintf("5f%022x", n) }
