package jumpcloud_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/wire"
)

// walked is what came of a walk through organizations.
type walked struct {
	rows, doubled int
	incomplete    bool
	unread        int
}

func walk(t *testing.T, client *jumpcloud.Client) walked {
	t.Helper()
	var w walked
	seen := make(map[string]bool)
	for o, err := range client.Organizations(t.Context()) {
		var e *wire.Error
		switch {
		case errors.Is(err, wire.ErrIncomplete) && errors.As(err, &e):
			w.incomplete, w.unread = true, e.Unread
		case err != nil:
			t.Fatal(err)
		case seen[o.ID]:
			w.doubled++
		default:
			seen[o.ID] = true
			w.rows++
		}
	}
	return w
}

// manyOrganizations is a world whose list of organizations takes so many rows.
func manyOrganizations(n int) jumpcloudtest.World {
	key := jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Role: jumpcloudtest.RoleReadOnly, MultiTenant: true}
	w := jumpcloudtest.World{}
	for i := range n {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(i), Name: fmt.Sprint("Organization ", i)}
		w.Organizations = append(w.Organizations, o)
		key.Organizations = append(key.Organizations, o.ID)
	}
	w.Keys = []jumpcloudtest.Key{key}
	return w
}

// Whatever a server does with pages and totals, no row is missed where it can be had, none comes twice, the walk ends soon,
// and a list that may be longer is not called complete.
func TestWalksThroughOddLists(t *testing.T) {
	const size = 120
	change := jumpcloudtest.Changed
	pages, total, sameForEver := jumpcloudtest.PageSize, jumpcloudtest.Total, jumpcloudtest.Without("skip")
	for name, c := range map[string]struct {
		fault    *jumpcloudtest.Fault
		want     walked
		requests int // at most
	}{
		"as agreed":                    {jumpcloudtest.Right(), walked{rows: size}, 2},
		"50 a page":                    {change(pages(50)), walked{rows: size}, 4},
		"10 a page":                    {change(pages(10)), walked{rows: size}, 13},
		"7 a page":                     {change(pages(7)), walked{rows: size}, 22},
		"99 a page":                    {change(pages(99)), walked{rows: size}, 3},
		"1 a page":                     {change(pages(1)), walked{rows: size}, 125},
		"60 a page, which ends even":   {change(pages(60)), walked{rows: size}, 3},
		"limit is ignored":             {change(jumpcloudtest.Without("limit")), walked{rows: size}, 13},
		"no total":                     {change(total("")), walked{rows: size}, 3},
		"no total, 50 a page":          {change(total(""), pages(50)), walked{rows: size}, 4},
		"no total, 7 a page":           {change(total(""), pages(7)), walked{rows: size}, 19},
		"a negative total":             {change(total("-1")), walked{rows: size}, 3},
		"a total that is null":         {change(total("null")), walked{rows: size}, 3},
		"a total that is a list":       {change(total("[1]")), walked{rows: size}, 3},
		"a total beyond all size":      {change(total("1e99")), walked{rows: size}, 3},
		"a total of many digits":       {change(total("99999999999999999999")), walked{rows: size}, 3},
		"a total and a half":           {change(total("120.5")), walked{rows: size}, 3},
		"a total with a point":         {change(total("120.0")), walked{rows: size}, 2},
		"a total as text":              {change(total(`"120"`)), walked{rows: size}, 2},
		"a total with an exponent":     {change(total("1.2e2")), walked{rows: size}, 2},
		"a total too small":            {change(total("5")), walked{rows: size, incomplete: true}, 3},
		"a total of the first page":    {change(total("100")), walked{rows: size, incomplete: true}, 4},
		"a total of none":              {change(total("0")), walked{rows: size, incomplete: true}, 3},
		"a total too large":            {change(total("121")), walked{rows: size, incomplete: true}, 4},
		"a total far too large":        {change(total("45600")), walked{rows: size, incomplete: true}, 10},
		"the same page for ever":       {change(sameForEver), walked{rows: 100, incomplete: true}, 5},
		"the same, without a total":    {change(sameForEver, total("")), walked{rows: 100, incomplete: true}, 2},
		"the same, of a huge list":     {change(sameForEver, total("1000000")), walked{rows: 100, incomplete: true}, 5},
		"the same 50":                  {change(sameForEver, pages(50)), walked{rows: 50, incomplete: true}, 6},
		"the same 50, without a total": {change(sameForEver, pages(50), total("")), walked{rows: 50, incomplete: true}, 2},
		"announced for ever":           {change(jumpcloudtest.Links(`</x>; rel=next`)), walked{rows: size}, 3},
		"the same, announced for ever": {change(sameForEver, total(""), jumpcloudtest.Links(`</x>; rel="next"`)), walked{rows: 100, incomplete: true}, 2},
		"one row that is null":         {change(jumpcloudtest.Row(3, "null")), walked{rows: size - 2, incomplete: true, unread: 2}, 2},
		"one row that is a number":     {change(jumpcloudtest.Row(99, "7")), walked{rows: size - 1, incomplete: true, unread: 1}, 2},
		"one row that is a list":       {change(jumpcloudtest.Row(99, "[]")), walked{rows: size - 1, incomplete: true, unread: 1}, 2},
		"one row that is text":         {change(jumpcloudtest.Row(99, `"x"`)), walked{rows: size - 1, incomplete: true, unread: 1}, 2},
		"one id that is null":          {change(jumpcloudtest.Field(99, "_id", "null")), walked{rows: size - 1, incomplete: true, unread: 1}, 2},
		"one name that is a number":    {change(jumpcloudtest.Field(3, "displayName", "7")), walked{rows: size}, 2},
		"names that are lists":         {change(jumpcloudtest.Field(-1, "displayName", "[]")), walked{rows: size}, 2},
		"the first row twice":          {change(twice, total("121")), walked{rows: size}, 3},
		"the last page has odd rows only": {change(pages(40), jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage {
			if len(rows) > 0 && strings.Contains(string(rows[0]), jumpcloudtest.OrganizationID(80)) {
				for i := range rows {
					rows[i] = json.RawMessage("null")
				}
			}
			return rows
		})), walked{rows: 80, incomplete: true, unread: 40}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, manyOrganizations(size))
			s.Fail(c.fault)
			if got := walk(t, newClient(t, s)); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if n := len(s.Requests()); n > c.requests {
				t.Errorf("%d requests, want no more than %d", n, c.requests)
			}
		})
	}
}

// twice gives the first row of a page once more at its end.
var twice = jumpcloudtest.Rows(func(rows []json.RawMessage) []json.RawMessage {
	if len(rows) > 0 && len(rows) < 100 {
		rows = append(rows, rows[0])
	}
	return rows
})

func TestFullPagesAreAskedForAheadStill(t *testing.T) {
	for _, size := range []int{50, 100} {
		s := newServer(t, manyOrganizations(20*size))
		s.Fail(jumpcloudtest.Changed(jumpcloudtest.PageSize(size)))
		var most, now atomic.Int32
		client := newClient(t, s)
		client.HTTP.Transport = counting{client.HTTP.Transport, &now, &most}
		s.SetLatency(5e6)
		if got := walk(t, client); got != (walked{rows: 20 * size}) {
			t.Errorf("%d a page: %+v", size, got)
		}
		if most.Load() < 3 {
			t.Errorf("%d a page: at most %d requests were under way at once", size, most.Load())
		}
		if n := len(s.Requests()); n > 22 {
			t.Errorf("%d a page: %d requests for 20 pages", size, n)
		}
	}
}

// counting is a transport that notes how many requests are under way at once.
type counting struct {
	http.RoundTripper
	now, most *atomic.Int32
}

func (c counting) RoundTrip(req *http.Request) (*http.Response, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for old := c.most.Load(); n > old && !c.most.CompareAndSwap(old, n); old = c.most.Load() {
	}
	return c.RoundTripper.RoundTrip(req)
}

// A list that changes while it is read has rows that come twice and rows that never come. It is not complete.
func TestAListThatShiftsIsNotComplete(t *testing.T) {
	for name, shift := range map[string]int{"a row was added before": 1, "a row was removed before": -1} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
			moved := 0
			if skip > 0 {
				moved = shift
			}
			var rows []string
			for i := skip; i < min(skip+100, 150+moved); i++ {
				rows = append(rows, fmt.Sprintf(`{"_id":%q}`, jumpcloudtest.OrganizationID(1000+i-moved)))
			}
			fmt.Fprintf(w, `{"totalCount":%d,"results":[%s]}`, 150+moved, strings.Join(rows, ","))
		}))
		defer h.Close()
		got := walk(t, &jumpcloud.Client{BaseURL: h.URL})
		if want := (walked{rows: 150, incomplete: true}); shift > 0 && got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if got.doubled > 0 || got.rows < 149 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The pages may be of any size, each another one.
func TestPagesOfUnevenSizes(t *testing.T) {
	for _, size := range []int{0, 1, 30, 333} {
		var requests atomic.Int32
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
			var rows []string
			for i := skip; i < min(skip+1+skip*7%23, size); i++ {
				rows = append(rows, fmt.Sprintf(`{"_id":%q}`, jumpcloudtest.OrganizationID(i)))
			}
			fmt.Fprintf(w, `{"totalCount":%d,"results":[%s]}`, size, strings.Join(rows, ","))
		}))
		defer h.Close()
		if got := walk(t, &jumpcloud.Client{BaseURL: h.URL}); got != (walked{rows: size}) {
			t.Errorf("%d rows: %+v", size, got)
		}
		if n := int(requests.Load()); n > size/4+10 {
			t.Errorf("%d rows took %d requests", size, n)
		}
	}
}

// A walk keeps no more of a row than what tells its id from others: some 40 bytes.
func TestMemoryOfALongWalk(t *testing.T) {
	if testing.Short() {
		t.Skip("2,000 requests")
	}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
		fmt.Fprint(w, `{"totalCount":200000,"results":[`)
		for i := skip; i < min(skip+100, 200_000); i++ {
			if i > skip {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, `{"_id":%q,"email":"a@b.example"}`, jumpcloudtest.OrganizationID(i))
		}
		fmt.Fprint(w, "]}")
	}))
	defer h.Close()
	var most uint64
	rows := 0
	for _, err := range (&jumpcloud.Client{BaseURL: h.URL, HTTP: wire.NewHTTPClient()}).Administrators(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; rows%20_000 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if rows != 200_000 {
		t.Errorf("%d rows", rows)
	}
	if got := most >> 20; got > 30 {
		t.Errorf("%d MB of heap were in use", got)
	}
}
