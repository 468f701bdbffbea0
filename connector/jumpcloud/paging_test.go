package jumpcloud_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// manyAdministrators is a world whose list of administrators takes so many rows.
func manyAdministrators(n int) jumpcloudtest.World {
	return jumpcloudtest.World{
		Organizations: []jumpcloudtest.Organization{{ID: jumpcloudtest.OrganizationID(1), Name: "One", Administrators: n - 1}},
		Keys: []jumpcloudtest.Key{{Value: jumpcloudtest.SampleKey, Role: jumpcloudtest.RoleReadOnly,
			Organizations: []string{jumpcloudtest.OrganizationID(1)}}},
	}
}

func TestAWalkFindsEachRowOnce(t *testing.T) {
	for _, size := range []int{1, 99, 100, 101, 450, 1000} {
		s := newServer(t, manyAdministrators(size))
		seen := make(map[jumpcloud.Text]bool)
		for a, err := range newClient(t, s).Administrators(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if seen[a.Email] {
				t.Fatalf("%d: %s comes twice", size, a.Email)
			}
			seen[a.Email] = true
		}
		if len(seen) != size {
			t.Errorf("%d rows of %d", len(seen), size)
		}
		// A full page is only known to be the last one when the next one is empty.
		if pages := size/100 + 1; len(s.Requests()) != pages {
			t.Errorf("%d rows took %d requests, want %d", size, len(s.Requests()), pages)
		}
	}
}

func TestAWalkEndsWithTheFirstError(t *testing.T) {
	s := newServer(t, manyAdministrators(450))
	client := newClient(t, s)
	rows, failures := 0, 0
	for _, err := range client.Administrators(t.Context()) {
		if err != nil {
			failures++
			if !errors.Is(err, jumpcloud.ErrForbidden) {
				t.Error(err)
			}
			continue
		}
		if rows++; rows == 1 {
			s.Fail(jumpcloudtest.Forbidden())
		}
	}
	if failures != 1 {
		t.Errorf("%d errors", failures)
	}
	if rows%100 != 0 || rows == 0 || rows > 450 {
		t.Errorf("%d rows came before the error", rows)
	}
}

// Leaving the loop must stop what is asked for ahead, before the loop's statement ends.
func TestLeavingAWalkStopsItsRequests(t *testing.T) {
	s := newServer(t, manyAdministrators(2000))
	client := newClient(t, s)
	for _, err := range client.Administrators(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		s.Fail(jumpcloudtest.Hang()) // the pages ahead would hang
		break
	}
	if n := len(s.Requests()); n > 6 {
		t.Errorf("%d requests for the first row", n)
	}
}

func TestPagesAreAskedForAhead(t *testing.T) {
	s := newServer(t, manyAdministrators(500))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	rows := 0
	for _, err := range newClient(t, s).Administrators(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; rows > 1 {
			continue
		}
		// While the first row is held, the following pages arrive by themselves.
		for len(s.Requests()) < 4 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		if n := len(s.Requests()); n < 4 {
			t.Fatalf("%d pages were asked for ahead", n-1)
		}
	}
}

func TestAListWithoutRowsIsNotOne(t *testing.T) {
	s := newServer(t, manyAdministrators(1))
	s.Fail(jumpcloudtest.Status(http.StatusOK)) // an object, but no list
	_, err := newClient(t, s).CountApplications(t.Context())
	var e *wire.Error
	if !errors.As(err, &e) || e.Kind != wire.ErrContract || e.Field != "results" {
		t.Errorf("got %v", err)
	}
}

// BenchmarkWalk measures 2,000 rows at 5 ms latency, whose pages come ahead of the reader, beside the sum of their
// requests one after another.
func BenchmarkWalk(b *testing.B) {
	const latency, rows = 5 * time.Millisecond, 2000
	s := jumpcloudtest.New(manyAdministrators(rows))
	defer s.Close()
	s.SetLatency(latency)
	client := &jumpcloud.Client{BaseURL: s.URL, HTTP: wire.NewHTTPClient()}
	client.Key = secret.New(jumpcloudtest.SampleKey)
	for b.Loop() {
		for _, err := range client.Administrators(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(rows/100*latency), "of-sequential")
}
