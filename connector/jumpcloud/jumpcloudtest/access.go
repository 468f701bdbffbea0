package jumpcloudtest

import (
	"net/http"
	"regexp"
	"strings"
)

// refusal is an answer without data. The messages are JumpCloud's own, as documented or seen.
type refusal struct {
	status  int
	message string
}

var (
	unauthorized        = &refusal{http.StatusUnauthorized, "Unauthorized: api key user not found"}
	noSelection         = &refusal{http.StatusUnauthorized, "Unauthorized: no organization selected"}
	forbidden           = &refusal{http.StatusForbidden, "Forbidden"}
	selectionNotAllowed = &refusal{http.StatusForbidden, "Forbidden: organization selection not allowed via header"}
	malformedID         = &refusal{http.StatusBadRequest, "Bad Request: invalid organization id"}
	notFound            = &refusal{http.StatusNotFound, "Not Found"}
	notLicensed         = &refusal{http.StatusPaymentRequired, "Payment Required"}
)

var organizationID = regexp.MustCompile(`^[0-9a-f]{24}$`)

// admit returns the key of a request, or why it is refused.
func (s *Server) admit(r *http.Request) (Key, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := s.keys[r.Header.Get("x-api-key")]
	tellsSelf := key.TellsSelf && r.URL.Path == "/api/users/getSelf"
	switch {
	case !ok || !key.known(s.now()):
		return Key{}, unauthorized
	case (key.Suspended || !key.mayUseAPI()) && !tellsSelf:
		return Key{}, forbidden
	}
	return key, key.refusal(r.URL.Path)
}

// selected returns the organization that a request is about, or why it is refused. It is the one in the header x-org-id, or else
// the only one of the key, unless the key is multi-tenant.
func (s *Server) selected(key Key, r *http.Request) (Organization, *refusal) {
	id := r.Header.Get("x-org-id")
	if key.IgnoresSelection {
		id = ""
	}
	switch {
	case id == "" && (key.MultiTenant || len(key.Organizations) == 0):
		return Organization{}, noSelection
	case id == "":
		id = key.Organizations[0]
	case !organizationID.MatchString(id):
		return Organization{}, malformedID
	case !key.opens(id):
		return Organization{}, forbidden
	}
	o, ok := s.organizations[id]
	if !ok {
		return Organization{}, notFound
	}
	for _, path := range o.NotLicensed {
		if strings.HasPrefix(r.URL.Path, path) {
			return Organization{}, notLicensed
		}
	}
	return o, nil
}
