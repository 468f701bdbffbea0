package jumpcloudtest

import (
	"cmp"
	"net/http"
	"reflect"
	"testing"
	"time"
)

func TestAnMSPBreaksAsItSays(t *testing.T) {
	const n, percent = 500, 3
	made := time.Now().Add(-time.Hour)
	m := NewMSP(7, n, percent, made)
	if !reflect.DeepEqual(m, NewMSP(7, n, percent, made)) || reflect.DeepEqual(m, NewMSP(8, n, percent, made)) {
		t.Error("the seed does not decide who breaks")
	}
	s := start(t, m.World())
	counts := make(map[Way]int)
	for _, c := range m.Clients {
		counts[c.Breaks]++
		ask(t, s, m.Key.Value, c.ID, "/api/systemusers", http.StatusOK, nil)
		if c.Own.Value != "" {
			ask(t, s, c.Own.Value, "", "/api/systemusers", http.StatusOK, nil)
		}
	}
	for _, way := range Ways() {
		if counts[way] != n*percent/100 {
			t.Errorf("%d break so: %s", counts[way], way)
		}
	}
	m.Break(s)
	s.SetClock(25 * time.Hour)
	own := map[Way]int{WayAccessOff: http.StatusForbidden, WayRole: http.StatusForbidden}
	msps := map[Way]int{WayClosed: http.StatusForbidden, WayWithheld: http.StatusForbidden, WayFails: http.StatusServiceUnavailable}
	for _, c := range m.Clients {
		ask(t, s, m.Key.Value, c.ID, "/api/systemusers", cmp.Or(msps[c.Breaks], http.StatusOK), nil)
		if c.Own.Value != "" {
			ask(t, s, c.Own.Value, "", "/api/systemusers", cmp.Or(own[c.Breaks], http.StatusUnauthorized), nil)
		}
	}
}
