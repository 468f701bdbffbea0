package jumpcloudtest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// organization returns the answer for an organization.
func organization(o Organization) row {
	return row{
		"_id": o.ID, "displayName": displayName(o), "created": moment(dawn), "logoUrl": "",
		"settings": row{
			"requireAdminMFA": o.RequireAdminMFA, "passwordCompliance": "custom",
			"systemUserPasswordExpirationInDays": 90, "disableCommandRunner": false,
			"contactEmail": "it@example.com",
			"passwordPolicy": row{"enableMinLength": true, "minLength": 12, "needsNumeric": true, "needsUppercase": true,
				"needsLowercase": true, "needsSymbolic": false, "enableMaxHistory": true, "maxHistory": 5,
				"enableLockoutTimeInSeconds": true, "lockoutTimeInSeconds": 900, "enableMaxLoginAttempts": true, "maxLoginAttempts": 6},
		},
	}
}

// displayName returns the name of an organization, or null.
func displayName(o Organization) any {
	if o.Name == "" {
		return nil
	}
	return o.Name
}

// prefixLength is how much of a key JumpCloud tells as its prefix here. Its contract does not say how much it is.
const prefixLength = 12

// administratorOf returns the answer for the administrator that a key belongs to. A revoked key is told nothing of.
func administratorOf(k Key) row {
	r := row{
		"_id": OrganizationID(1_000_000 + len(k.Email)), "email": k.Email, "roleName": k.Role,
		"enableMultiFactor": k.MFA, "totpEnrolled": k.MFA, "suspended": k.Suspended,
		"apiKeyAllowed": !k.APIAccessOff, "apiKeySet": k.Value != "" && !k.Revoked,
	}
	if k.MultiTenant {
		r["provider"] = OrganizationID(2_000_000)
	}
	if hash := hashOf(k); len(hash) > 0 && !k.Revoked {
		r["apiKeyHash"] = hash
	}
	if !k.Created.IsZero() {
		r["apiKeyUpdatedAt"] = moment(k.Created)
	}
	maps.Copy(r, k.Odd)
	return r
}

// hashOf returns what is told of a key itself.
func hashOf(k Key) row {
	hash := row{}
	if !k.Created.IsZero() {
		hash["createdAt"], hash["prefix"] = moment(k.Created), k.Value[:min(len(k.Value), prefixLength)]
	}
	if !k.Expires.IsZero() {
		hash["expireAt"] = moment(k.Expires)
	} else if k.TellsNoEnd {
		hash["expireAt"] = nil
	}
	return hash
}

func sortedByEmail(keys []Key) []Key {
	slices.SortFunc(keys, func(a, b Key) int {
		return cmp.Or(strings.Compare(a.Email, b.Email), strings.Compare(a.Value, b.Value))
	})
	return keys
}

func (d data) userGroup(i int) row {
	dice := d.chance(kindUserGroup, i)
	return row{
		"id": d.id(kindUserGroup, i), "type": "user_group", "description": "", "email": "",
		"name":             fmt.Sprintf("%s %d", some(dice, departments...), i+1),
		"membershipMethod": some(dice, "STATIC", "DYNAMIC_AUTOMATED"),
	}
}

var policies = []struct{ name, family string }{
	{"Full disk encryption", "darwin"}, {"BitLocker full disk encryption", "windows"}, {"Lock screen after inactivity", "windows"},
	{"Lock screen after inactivity", "darwin"}, {"Disable USB storage", "linux"}, {"Automatic updates", "windows"}, {"Firewall", "darwin"},
}

func (d data) policy(i int) row {
	p := policies[i%len(policies)]
	return row{"id": d.id(kindPolicy, i), "name": p.name, "template": row{
		"id": d.id(kindPolicy, 1_000_000+i%len(policies)), "name": strings.ReplaceAll(strings.ToLower(p.name), " ", "_"),
		"displayName": p.name, "osMetaFamily": p.family}}
}

func (d data) application(i int) row {
	name := some(d.chance(kindApplication, i), "Atlassian", "AWS", "GitHub", "Salesforce", "Slack", "Zoom")
	return row{"_id": d.id(kindApplication, i), "name": strings.ToLower(name), "displayName": name, "displayLabel": name,
		"active": true, "organization": d.organization.ID, "created": moment(dawn), "ssoUrl": "https://sso.example.com/saml2/app"}
}

func (d data) diskEncryption(i int) row {
	on := d.system(i)["fde"].(row)["active"].(bool)
	status := map[bool]string{true: "on", false: "off"}[on]
	encrypted := map[bool]int{true: 1, false: 0}[on]
	return row{"system_id": d.id(kindSystem, i), "name": "/dev/disk1s1", "type": "APFS", "uid": "", "user_uuid": "",
		"uuid": fmt.Sprintf("00000000-0000-4000-8000-%012x", i), "encrypted": encrypted, "encryption_status": status,
		"collection_time": moment(dawn)}
}
