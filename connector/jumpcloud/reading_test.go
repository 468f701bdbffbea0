package jumpcloud_test

import (
	"errors"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

func TestReads(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	empty := jumpcloudtest.World{Organizations: []jumpcloudtest.Organization{{ID: own}},
		Keys: []jumpcloudtest.Key{{Value: jumpcloudtest.SampleKey, Role: jumpcloudtest.RoleReadOnly, Organizations: []string{own}}}}
	for name, c := range map[string]struct {
		world        jumpcloudtest.World
		key          string
		fault        *jumpcloudtest.Fault
		organization string
		kind         error
		requests     int
	}{
		"people":                 {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, nil, own, nil, 1},
		"devices":                {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.Forbidden().On("/api/systemusers"), own, nil, 2},
		"nobody there":           {empty, jumpcloudtest.SampleKey, nil, "", nil, 2},
		"neither":                {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleCommandRunnerKey, nil, "", jumpcloud.ErrForbidden, 2},
		"unknown":                {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleRevokedKey, nil, "", jumpcloud.ErrUnauthorized, 1},
		"one of many":            {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleMultiTenantKey, nil, "", jumpcloud.ErrNoOrganizationSelected, 1},
		"not as agreed":          {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.WrongType(), "", wire.ErrContract, 1},
		"something else":         {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.Page(200, "application/json", `{"ok":true}`), "", wire.ErrContract, 1},
		"an odd owner":           {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.Page(200, "application/json", `{"results":[{"organization":{}}],"totalCount":1}`), "", nil, 1},
		"an owner not told":      {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.Page(200, "application/json", `{"results":[{"organization":null}],"totalCount":1}`), "", nil, 1},
		"nothing but a list":     {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.Page(200, "application/json", `{"results":[]}`), "", nil, 2},
		"no people, but devices": {jumpcloudtest.SampleWorld(), jumpcloudtest.SampleKey, jumpcloudtest.Page(200, "application/json", `{"results":[]}`).On("/api/systemusers"), own, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := jumpcloudtest.New(c.world)
			defer s.Close()
			if c.fault != nil {
				s.Fail(c.fault)
			}
			client := &jumpcloud.Client{BaseURL: s.URL, Key: secret.New(c.key)}
			id, err := client.Reads(t.Context())
			if id != c.organization || !errors.Is(err, c.kind) {
				t.Errorf("%q, %v, want %q, %v", id, err, c.organization, c.kind)
			}
			if n := len(s.Requests()); n != c.requests {
				t.Errorf("%d requests, want %d", n, c.requests)
			}
		})
	}
}
