package check_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// specs is where JumpCloud's own contracts may lie, beside the project. They are not part of it.
const specs = "../../../shared/specs"

// contractPaths lists the paths for which JumpCloud's public contracts describe a GET.
func contractPaths(t *testing.T) []*regexp.Regexp {
	t.Helper()
	var all []*regexp.Regexp
	for file, base := range map[string]string{"jumpcloud-v1.swagger.json": "/api", "jumpcloud-v2.swagger.json": "/api/v2"} {
		data, err := os.ReadFile(filepath.Join(filepath.FromSlash(specs), file))
		if err != nil {
			t.Skipf("skipped: JumpCloud's contract %s is not here", file)
		}
		var contract struct {
			Paths map[string]map[string]any
		}
		if err := json.Unmarshal(data, &contract); err != nil {
			t.Fatal(err)
		}
		for path, calls := range contract.Paths {
			if _, ok := calls["get"]; ok {
				pattern := regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(regexp.QuoteMeta(path), "[^/]+")
				all = append(all, regexp.MustCompile("^"+base+pattern+"$"))
			}
		}
	}
	return all
}

// A connection passes without the calls that are not in JumpCloud's public contract. A mock made from the contract answers no others.
func TestAMockOfTheContractIsEnough(t *testing.T) {
	described := contractPaths(t)
	simulator := newServer(t)
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, path := range described {
			if path.MatchString(r.URL.Path) {
				simulator.ServeHTTP(w, r)
				return
			}
		}
		http.NotFound(w, r)
	}))
	defer mock.Close()
	c := validatorOf(mock.URL)
	passes(t, c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore), append(aboutTheOwner, check.IDAdministrators)...)
	for _, r := range simulator.Requests() {
		if strings.HasPrefix(r.Path, "/api/users") {
			t.Errorf("%s is in the contract", r.Path)
		}
	}
}

// Servers have many ways to say that there is no such call.
func TestCallsOutsideOfTheContractMayBeMissing(t *testing.T) {
	for name, f := range jumpcloudtest.NoSuchCall() {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.Fail(f.On("/api/users"))
			c := newValidator(s)
			report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
			passes(t, report, append(aboutTheOwner, check.IDAdministrators)...)
		})
	}
	w := jumpcloudtest.SampleWorld()
	w.ContractOnly = true
	s := atNoon(t, jumpcloudtest.New(w))
	passes(t, newValidator(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore), append(aboutTheOwner, check.IDAdministrators)...)
}

// Any other failure of these calls is shown.
func TestFailuresOutsideOfTheContractAreSaid(t *testing.T) {
	for name, f := range map[string]*jumpcloudtest.Fault{"401": jumpcloudtest.Unauthorized(), "403": jumpcloudtest.Forbidden(), "500": jumpcloudtest.Status(500),
		"a filter": jumpcloudtest.FilterPage(), "429": jumpcloudtest.RateLimited(0), "dropped": jumpcloudtest.Drop(), "another form": jumpcloudtest.WrongType()} {
		s := newServer(t)
		s.Fail(f.On("/api/users"))
		report := newValidator(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
		if r := report.Result(check.IDAdministrators); r.State != check.Failed {
			t.Errorf("%s: the administrators are %s: %s", name, r.State, r.Cause)
		}
	}
}
