package jumpcloudtest

import (
	"net/http"
	"testing"
	"time"
)

// wantKeys wants the status of a request with each key.
func wantKeys(t *testing.T, s *Server, statuses map[string]int) {
	t.Helper()
	for value, status := range statuses {
		ask(t, s, value, "", "/api/systemusers", status, nil)
	}
}

func TestGeneratingEndsTheFormerKey(t *testing.T) {
	s := start(t, oneOrganization(1, Key{Value: "former", Email: "a@example.com", Role: RoleReadOnly, Created: dawn}))
	s.SetClock(time.Hour)
	s.Generate("former", "next", 24*time.Hour)
	wantKeys(t, s, map[string]int{"former": http.StatusUnauthorized, "next": http.StatusOK})
	var page struct {
		Results []struct {
			Email      string
			APIKeyHash struct{ CreatedAt, ExpireAt time.Time }
		}
	}
	ask(t, s, "next", "", "/api/users", http.StatusOK, &page)
	if len(page.Results) != 1 || page.Results[0].Email != "a@example.com" {
		t.Fatalf("the administrators are %+v", page.Results)
	}
	hash := page.Results[0].APIKeyHash
	if time.Until(hash.CreatedAt) < 50*time.Minute || hash.ExpireAt.Sub(hash.CreatedAt) != 24*time.Hour {
		t.Errorf("the key is told to be %+v", hash)
	}
	s.SetClock(26 * time.Hour)
	wantKeys(t, s, map[string]int{"next": http.StatusUnauthorized})
}

func TestASecondCredentialLeavesTheFormer(t *testing.T) {
	s := start(t, oneOrganization(1, Key{Value: "former", ServiceAccount: true}))
	s.AddCredential("former", "next", 0)
	wantKeys(t, s, map[string]int{"former": http.StatusOK, "next": http.StatusOK})
	s.Revoke("former")
	wantKeys(t, s, map[string]int{"former": http.StatusUnauthorized, "next": http.StatusOK})
	s.Remove("next")
	wantKeys(t, s, map[string]int{"next": http.StatusUnauthorized})
}
