package jumpcloudtest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// ask makes one request, wants a status, and reads the answer into v unless that is nil.
func ask(t *testing.T, s *Server, key, organization, path string, status int, v any) http.Header {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("x-api-key", key)
	if organization != "" {
		req.Header.Set("x-org-id", organization)
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Fatalf("%s: status %d, want %d: %s", path, resp.StatusCode, status, body)
	}
	if v != nil {
		if err := json.Unmarshal(body, v); err != nil {
			t.Fatalf("%s: %v in %s", path, err, body)
		}
	}
	return resp.Header
}

func start(t *testing.T, w World) *Server {
	t.Helper()
	s := New(w)
	t.Cleanup(s.Close)
	return s
}

// oneOrganization is a world with one key and one organization of so many people.
func oneOrganization(people int, key Key) World {
	key.Organizations = []string{OrganizationID(1)}
	return World{Organizations: []Organization{{ID: OrganizationID(1), Name: "One", People: people, Systems: people, Groups: 250, Policies: 250}},
		Keys: []Key{key}}
}

func TestWhoMayAskWhat(t *testing.T) {
	client := OrganizationID(100)
	past := time.Now().Add(-time.Hour)
	for name, c := range map[string]struct {
		key          Key
		organization string
		path         string
		status       int
		message      string
	}{
		"read only":                  {Key{Role: RoleReadOnly}, "", "/api/systemusers", 200, ""},
		"administrator with billing": {Key{Role: RoleAdministratorWithBilling}, "", "/api/systems", 200, ""},
		"administrator":              {Key{Role: RoleAdministrator}, "", "/api/systems", 200, ""},
		"manager":                    {Key{Role: RoleManager}, "", "/api/systems", 200, ""},
		"help desk":                  {Key{Role: RoleHelpDesk}, "", "/api/systems", 200, ""},
		"a role of its own":          {Key{Role: "Auditor", Refused: []string{"/api/systems"}}, "", "/api/users", 200, ""},
		"refused to that role":       {Key{Role: "Auditor", Refused: []string{"/api/systems"}}, "", "/api/systems", 403, "Forbidden"},
		"command runner":             {Key{Role: RoleCommandRunner}, "", "/api/organizations", 403, "Forbidden"},
		"command runner, billing":    {Key{Role: RoleCommandRunnerWithBilling}, "", "/api/organizations", 403, "Forbidden"},
		"billing only":               {Key{Role: RoleBillingOnly}, "", "/api/organizations", 403, "Forbidden"},
		"API access off":             {Key{Role: RoleReadOnly, APIAccessOff: true}, "", "/api/organizations", 403, "Forbidden"},
		"revoked":                    {Key{Role: RoleReadOnly, Revoked: true}, "", "/api/organizations", 401, "Unauthorized: api key user not found"},
		"suspended":                  {Key{Role: RoleReadOnly, Suspended: true}, "", "/api/organizations", 401, "Unauthorized"},
		"expired":                    {Key{Role: RoleReadOnly, Expires: past}, "", "/api/organizations", 401, "Unauthorized"},
		"expired, and goes on":       {Key{Role: RoleReadOnly, Expires: past, OutlivesEnd: true}, "", "/api/organizations", 200, ""},
		"service account, itself":    {Key{ServiceAccount: true}, "", "/api/users/getSelf", 403, "Forbidden"},
		"service account, the list":  {Key{ServiceAccount: true, RefusedAs: 404}, "", "/api/organizations", 404, "Not Found"},
		"service account, the one":   {Key{ServiceAccount: true}, "", "/api/organizations/" + client, 403, "Forbidden"},
		"service account, people":    {Key{ServiceAccount: true}, "", "/api/systemusers", 200, ""},
		"not yet expired":            {Key{Role: RoleReadOnly, Expires: time.Now().Add(time.Hour)}, "", "/api/organizations", 200, ""},
		"own organization":           {Key{Role: RoleReadOnly}, client, "/api/systems", 200, ""},
		"another organization":       {Key{Role: RoleReadOnly}, OrganizationID(1), "/api/systems", 403, "Forbidden"},
		"malformed organization":     {Key{Role: RoleReadOnly}, "x", "/api/systems", 400, "organization id"},
		"single tenant's list":       {Key{Role: RoleReadOnly}, client, "/api/organizations", 200, ""},
		"multi-tenant's list":        {Key{Role: RoleReadOnly, MultiTenant: true}, "", "/api/organizations", 200, ""},
		"multi-tenant's, selecting":  {Key{Role: RoleReadOnly, MultiTenant: true}, client, "/api/organizations", 403, "organization selection not allowed via header"},
		"multi-tenant, none":         {Key{Role: RoleReadOnly, MultiTenant: true}, "", "/api/systems", 401, "no organization selected"},
		"multi-tenant, one":          {Key{Role: RoleReadOnly, MultiTenant: true}, client, "/api/systems", 200, ""},
		"one organization":           {Key{Role: RoleReadOnly}, "", "/api/organizations/" + client, 200, ""},
		"one that it does not open":  {Key{Role: RoleReadOnly}, "", "/api/organizations/" + OrganizationID(1), 403, "Forbidden"},
		"one that is none":           {Key{Role: RoleReadOnly}, "", "/api/organizations/" + OrganizationID(9999), 404, "Not Found"},
		"no such path":               {Key{Role: RoleReadOnly}, "", "/api/nothing", 404, "Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, SampleWorld())
			c.key.Value, c.key.Organizations = "a key", []string{client}
			s.SetKey(c.key)
			var answer struct{ Message string }
			ask(t, s, "a key", c.organization, c.path, c.status, &answer)
			if !strings.Contains(answer.Message, c.message) {
				t.Errorf("message %q does not have %q", answer.Message, c.message)
			}
		})
	}
}

// What a key's administrator is told to be.
func TestWhatIsToldOfAKey(t *testing.T) {
	at := time.Date(2027, time.March, 2, 9, 30, 0, 0, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		key  Key
		hash string
	}{
		"nothing":       {Key{}, "null"},
		"made":          {Key{Created: at}, `{"createdAt":"2027-03-02T08:30:00.000Z","prefix":"k"}`},
		"an end":        {Key{Expires: at}, `{"expireAt":"2027-03-02T08:30:00.000Z"}`},
		"without end":   {Key{TellsNoEnd: true}, `{"expireAt":null}`},
		"made, no end":  {Key{Created: at, TellsNoEnd: true}, `{"createdAt":"2027-03-02T08:30:00.000Z","expireAt":null,"prefix":"k"}`},
		"something odd": {Key{Created: at, Odd: map[string]any{"apiKeyHash": "x"}}, `"x"`},
	} {
		c.key.Role = RoleReadOnly
		s := start(t, oneOrganization(1, c.key))
		c.key.Value, c.key.Organizations = "k", []string{OrganizationID(1)}
		s.SetKey(c.key)
		var answer struct{ APIKeyHash json.RawMessage }
		ask(t, s, "k", "", "/api/users/getSelf", http.StatusOK, &answer)
		if got := string(answer.APIKeyHash); got != c.hash && !(got == "" && c.hash == "null") {
			t.Errorf("%s: %s, want %s", name, got, c.hash)
		}
	}
}

func TestServiceAccountsAreNoAdministrators(t *testing.T) {
	w := oneOrganization(1, Key{Value: "k", Role: RoleReadOnly})
	w.Keys = append(w.Keys, Key{Value: "service", ServiceAccount: true, Organizations: []string{OrganizationID(1)}})
	var page people
	if ask(t, start(t, w), "k", "", "/api/users", http.StatusOK, &page); page.TotalCount != 1 {
		t.Errorf("there are %d administrators, want 1", page.TotalCount)
	}
}

func TestContractOnly(t *testing.T) {
	w := SampleWorld()
	w.ContractOnly = true
	s := start(t, w)
	for path, status := range map[string]int{"/api/users": 404, "/api/users/getSelf": 404, "/api/systemusers": 200} {
		ask(t, s, SampleKey, "", path, status, nil)
	}
}

// Who sends no key is led to where people sign in.
func TestNoKeyLeadsToTheLogin(t *testing.T) {
	s := start(t, SampleWorld())
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Get(s.URL + "/api/organizations")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if to, _ := resp.Location(); resp.StatusCode != http.StatusFound || to.Path != "/login" {
		t.Errorf("status %d, to %v", resp.StatusCode, to)
	}
}

func TestANameThatIsNull(t *testing.T) {
	w := oneOrganization(1, Key{Value: "k", Role: RoleReadOnly})
	w.Organizations[0].Name = ""
	s := start(t, w)
	var list struct{ Results []map[string]any }
	var one map[string]any
	ask(t, s, "k", "", "/api/organizations", http.StatusOK, &list)
	ask(t, s, "k", "", "/api/organizations/"+OrganizationID(1), http.StatusOK, &one)
	for _, o := range []map[string]any{list.Results[0], one} {
		if name, there := o["displayName"]; !there || name != nil {
			t.Errorf("the organization is %v", o)
		}
	}
}

func TestPlanWithoutAFeature(t *testing.T) {
	s := start(t, SampleWorld())
	ask(t, s, SampleAdministratorKey, "", "/api/v2/systeminsights/disk_encryption", http.StatusPaymentRequired, nil)
	ask(t, s, SampleKey, "", "/api/v2/systeminsights/disk_encryption", http.StatusOK, nil)
}

func TestOnlyReading(t *testing.T) {
	s := start(t, SampleWorld())
	resp, err := http.Post(s.URL+"/api/systemusers", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a POST gets %d", resp.StatusCode)
	}
}

type people struct {
	TotalCount int
	Results    []map[string]any
}

func TestPages(t *testing.T) {
	s := start(t, oneOrganization(250, Key{Value: "k", Role: RoleReadOnly}))
	walk := func(query string) map[string]bool {
		ids := make(map[string]bool)
		for skip := range 3 {
			var page people
			ask(t, s, "k", "", "/api/systemusers?limit=100&skip="+[]string{"0", "100", "200"}[skip]+query, http.StatusOK, &page)
			if page.TotalCount != 250 {
				t.Fatalf("total is %d", page.TotalCount)
			}
			for _, row := range page.Results {
				ids[row["_id"].(string)] = true
			}
		}
		return ids
	}
	if ids := walk("&sort=_id"); len(ids) != 250 {
		t.Errorf("a sorted walk finds %d of 250", len(ids))
	}
	if ids := walk("&sort=-_id"); len(ids) != 250 {
		t.Errorf("a walk sorted downwards finds %d of 250", len(ids))
	}
	if ids := walk(""); len(ids) == 250 {
		t.Error("a walk without sort misses nothing, unlike JumpCloud's")
	}
}

func TestLimits(t *testing.T) {
	s := start(t, oneOrganization(20_000, Key{Value: "k", Role: RoleReadOnly}))
	for query, want := range map[string]int{"": 10, "?limit=1": 1, "?limit=500": 100, "?limit=100&skip=19990": 10, "?skip=30000": 0} {
		var page people
		ask(t, s, "k", "", "/api/systemusers"+query, http.StatusOK, &page)
		if len(page.Results) != want {
			t.Errorf("%q gives %d rows, want %d", query, len(page.Results), want)
		}
	}
	var insights []any
	ask(t, s, "k", "", "/api/v2/systeminsights/disk_encryption?limit=10000", http.StatusOK, &insights)
	if len(insights) != 10_000 {
		t.Errorf("System Insights give %d rows of 10000", len(insights))
	}
	ask(t, s, "k", "", "/api/systemusers?limit=x", http.StatusBadRequest, nil)
}

func TestVersion2SaysHowManyAndWhatIsNext(t *testing.T) {
	s := start(t, oneOrganization(1, Key{Value: "k", Role: RoleReadOnly}))
	if h := ask(t, s, "k", "", "/api/v2/usergroups?limit=100", http.StatusOK, nil); h.Get("x-total-count") != "250" || h.Get("Link") != "" {
		t.Errorf("user groups: %v", h)
	}
	if h := ask(t, s, "k", "", "/api/v2/policies?limit=100", http.StatusOK, nil); h.Get("x-total-count") != "" || !strings.Contains(h.Get("Link"), `rel="next"`) {
		t.Errorf("policies: %v", h)
	}
	if h := ask(t, s, "k", "", "/api/v2/policies?limit=100&skip=200", http.StatusOK, nil); h.Get("Link") != "" {
		t.Errorf("the last page of policies links to another: %v", h)
	}
}

func TestFieldsAndFilter(t *testing.T) {
	s := start(t, oneOrganization(300, Key{Value: "k", Role: RoleReadOnly}))
	var page people
	ask(t, s, "k", "", "/api/systemusers?limit=5&fields=username%20suspended", http.StatusOK, &page)
	for _, row := range page.Results {
		if _, ok := row["username"]; !ok || len(row) != 3 {
			t.Fatalf("asked for two fields and the id, got %v", row)
		}
	}
	count := func(filter string) int {
		ask(t, s, "k", "", "/api/systemusers?limit=100&filter="+filter, http.StatusOK, &page)
		return page.TotalCount
	}
	on, off := count("suspended:$eq:true"), count("suspended:$ne:true")
	if on == 0 || on+off != 300 {
		t.Errorf("%d are suspended and %d are not, of 300", on, off)
	}
	ask(t, s, "k", "", "/api/systemusers?filter=x", http.StatusBadRequest, nil)
}

func TestSameSeedSamePeople(t *testing.T) {
	var a, b, c people
	for seed, into := range map[uint64][]*people{1: {&a, &b}, 2: {&c}} {
		for _, p := range into {
			w := oneOrganization(10, Key{Value: "k", Role: RoleReadOnly})
			w.Seed = seed
			ask(t, start(t, w), "k", "", "/api/systemusers?sort=_id", http.StatusOK, p)
		}
	}
	text := func(p people) string { data, _ := json.Marshal(p); return string(data) }
	if text(a) != text(b) {
		t.Error("the same seed gives other people")
	}
	if text(a) == text(c) {
		t.Error("another seed gives the same people")
	}
}

// A million people are there without being held in memory.
func TestAMillionPeople(t *testing.T) {
	s := start(t, oneOrganization(1_000_000, Key{Value: "k", Role: RoleReadOnly}))
	var page people
	ask(t, s, "k", "", "/api/systemusers?limit=100&skip=999950&sort=_id", http.StatusOK, &page)
	if page.TotalCount != 1_000_000 || len(page.Results) != 50 {
		t.Errorf("total %d, and %d on the last page", page.TotalCount, len(page.Results))
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 64<<20 {
		t.Errorf("%d MiB are in use", m.HeapAlloc>>20)
	}
}

func TestRateLimit(t *testing.T) {
	s := start(t, SampleWorld())
	s.LimitRate(2, time.Minute)
	ask(t, s, SampleKey, "", "/api/systems", http.StatusOK, nil)
	ask(t, s, SampleKey, "", "/api/systems", http.StatusOK, nil)
	h := ask(t, s, SampleKey, "", "/api/systems", http.StatusTooManyRequests, nil)
	if h.Get("Retry-After") != "60" {
		t.Errorf("Retry-After is %q", h.Get("Retry-After"))
	}
	s.LimitRate(0, 0)
	ask(t, s, SampleKey, "", "/api/systems", http.StatusOK, nil)
}

func TestFaultsHappenWhereAndAsOftenAsTold(t *testing.T) {
	s := start(t, SampleWorld())
	s.Fail(Status(http.StatusBadGateway).On("/api/systems").Times(1))
	ask(t, s, SampleKey, "", "/api/systemusers", http.StatusOK, nil)
	ask(t, s, SampleKey, "", "/api/systems", http.StatusBadGateway, nil)
	ask(t, s, SampleKey, "", "/api/systems", http.StatusOK, nil)
	s.Fail(Forbidden())
	ask(t, s, SampleKey, "", "/api/systemusers", http.StatusForbidden, nil)
	s.Heal()
	ask(t, s, SampleKey, "", "/api/systemusers", http.StatusOK, nil)
}

func TestBrokenConnections(t *testing.T) {
	for name, f := range map[string]*Fault{"drop": Drop(), "drop body": DropBody()} {
		s := start(t, SampleWorld())
		s.Fail(f)
		resp, err := s.Client().Get(s.URL + "/api/systems")
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil || errors.Is(err, io.EOF) && name == "drop body" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Close must end what hangs, or every test with such a fault would wait.
func TestCloseEndsHangingRequests(t *testing.T) {
	s := New(SampleWorld())
	s.Fail(Hang())
	done := make(chan error, 1)
	go func() {
		resp, err := s.Client().Get(s.URL + "/api/systems")
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	for len(s.Requests()) == 0 {
		runtime.Gosched()
	}
	s.Close()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the request hangs on")
	}
}
