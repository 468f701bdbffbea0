package jumpcloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

func TestShares(t *testing.T) {
	for name, ignores := range map[string]bool{"counted by JumpCloud": false, "counted here": true} {
		t.Run(name, func(t *testing.T) {
			w := jumpcloudtest.SampleWorld()
			w.IgnoresFilters = ignores
			s := newServer(t, w)
			client := newClient(t, s)
			people, err := client.SystemUsersWithMFA(t.Context())
			if err != nil || people.Total != jumpcloud.Exactly(412) || people.With.Min() < 330 || people.With.Min() >= 412 {
				t.Errorf("people: %+v, %v", people, err)
			}
			devices, err := client.SystemsEncrypted(t.Context())
			if err != nil || devices.Total != jumpcloud.Exactly(388) || devices.With.Min() < 330 || devices.With.Min() >= 388 {
				t.Errorf("devices: %+v, %v", devices, err)
			}
			if n := len(s.Requests()); !ignores && n != 6 || ignores && n < 12 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// A filter that matches nothing, or everything, adds up too, and is found out all the same.
func TestSharesOfAFilterThatDoesNotWork(t *testing.T) {
	for name, matches := range map[string]bool{"nothing": false, "everything": true} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			filter := r.URL.Query().Get("filter")
			if filter == "" || strings.HasSuffix(filter, "$eq:true") == matches {
				limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
				skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
				var rows []string // of 300
				for i := skip; i < min(skip+limit, 300); i++ {
					rows = append(rows, fmt.Sprintf(`{"_id":"%d","mfa":{"configured":%v}}`, i, i%2 == 0))
				}
				fmt.Fprintf(w, `{"totalCount":300,"results":[%s]}`, strings.Join(rows, ","))
			} else {
				fmt.Fprint(w, `{"totalCount":0,"results":[]}`)
			}
		}))
		defer h.Close()
		got, err := (&jumpcloud.Client{BaseURL: h.URL}).SystemUsersWithMFA(t.Context())
		if err != nil || got.Total != jumpcloud.Exactly(300) || got.With != jumpcloud.Exactly(150) {
			t.Errorf("matching %s: %+v, %v", name, got, err)
		}
	}
}

// The two ways to count must come to the same.
func TestSharesAgree(t *testing.T) {
	w := jumpcloudtest.SampleWorld()
	counted, err := newClient(t, newServer(t, w)).SystemUsersWithMFA(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.IgnoresFilters = true
	walked, err := newClient(t, newServer(t, w)).SystemUsersWithMFA(t.Context())
	if err != nil || walked != counted {
		t.Errorf("walked %+v (%v), counted %+v", walked, err, counted)
	}
}

func TestSharesOfTooManyToWalk(t *testing.T) {
	w := jumpcloudtest.SampleWorld()
	w.IgnoresFilters = true
	w.Organizations[0].People = 5001
	if got, err := newClient(t, newServer(t, w)).SystemUsersWithMFA(t.Context()); err != nil || got.Total != jumpcloud.Exactly(5001) || got.With.Known() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestARefusedShareIsAFailure(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	s.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
	if _, err := newClient(t, s).SystemsEncrypted(t.Context()); !errors.Is(err, jumpcloud.ErrForbidden) {
		t.Errorf("got %v", err)
	}
}
