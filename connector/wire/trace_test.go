package wire

import (
	"sync"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

func TestEachTryIsTold(t *testing.T) {
	s := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	defer s.Close()
	s.Fail(jumpcloudtest.Drop().Times(1))
	s.Fail(jumpcloudtest.RateLimited(2 * time.Second).Times(1))
	var (
		mu     sync.Mutex
		all    []Exchange
		waited []time.Time
	)
	ctx := WithWatch(t.Context(), Watch{
		Exchanged: func(e Exchange) { mu.Lock(); defer mu.Unlock(); all = append(all, e) },
		Waiting:   func(until time.Time) { mu.Lock(); defer mu.Unlock(); waited = append(waited, until) },
	})
	if _, err := getWith(ctx, impatient(newTransport()), s.URL, jumpcloudtest.SampleKey); err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[0].Status != 0 || all[1].Status != 429 || all[2].Status != 200 {
		t.Fatalf("told of %+v", all)
	}
	last := all[2]
	if last.Path != "/api/applications" || last.RequestID == "" || last.Protocol != "HTTP/1.1" || last.Took <= 0 || last.Date.IsZero() {
		t.Errorf("the last one is %+v", last)
	}
	if len(waited) != 1 || time.Until(waited[0]) > 2*time.Second || time.Until(waited[0]) < 0 {
		t.Errorf("told to wait until %v", waited)
	}
}
