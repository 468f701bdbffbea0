package jumpcloudtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// serve answers a request as JumpCloud would.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, http.StatusMethodNotAllowed, "the simulator is only read")
		return
	}
	if r.URL.Path == "/" {
		_, _ = io.WriteString(w, "This is a simulated JumpCloud. With a real one, the Admin Portal would open here.\n")
		return
	}
	if r.Header.Get("x-api-key") == "" {
		http.Redirect(w, r, "/login", http.StatusFound) // as to a person who is not signed in
		return
	}
	if s.contractOnly && (r.URL.Path == "/api/users" || strings.HasPrefix(r.URL.Path, "/api/users/")) {
		refuse(w, notFound.status, notFound.message)
		return
	}
	key, no := s.admit(r)
	if no != nil {
		refuse(w, no.status, no.message)
		return
	}
	if id, ok := strings.CutPrefix(r.URL.Path, "/api/organizations"); ok && (id == "" || id[0] == '/') {
		s.serveOrganizations(w, r, key, strings.TrimPrefix(id, "/"))
		return
	}
	if r.URL.Path == "/api/users/getSelf" && key.TellsSelf {
		write(w, administratorOf(key))
		return
	}
	o, no := s.selected(key, r)
	if no != nil {
		refuse(w, no.status, no.message)
		return
	}
	if r.URL.Path == "/api/users/getSelf" {
		write(w, administratorOf(key))
		return
	}
	l, ok := s.listAt(r.URL.Path, o)
	if !ok {
		refuse(w, notFound.status, notFound.message)
		return
	}
	query := r.URL.Query()
	if s.ignoreFilters {
		query.Del("filter")
	}
	l.serve(w, query)
}

// serveOrganizations answers for the list of the organizations that a key opens, and for one of them.
func (s *Server) serveOrganizations(w http.ResponseWriter, r *http.Request, key Key, id string) {
	if id != "" {
		s.serveOrganization(w, r, key, id)
		return
	}
	if r.Header.Get("x-org-id") != "" && key.MultiTenant {
		refuse(w, selectionNotAllowed.status, selectionNotAllowed.message)
		return
	}
	open := slices.DeleteFunc(slices.Clone(s.order), func(id string) bool { return !key.opens(id) })
	list{size: len(open), row: func(i int) row {
		return row{"_id": open[i], "displayName": displayName(s.organizations[open[i]])}
	}}.serve(w, r.URL.Query())
}

func (s *Server) serveOrganization(w http.ResponseWriter, r *http.Request, key Key, id string) {
	o, ok := s.organizations[id]
	switch {
	case !organizationID.MatchString(id):
		refuse(w, malformedID.status, malformedID.message)
	case !ok:
		refuse(w, notFound.status, notFound.message)
	case !key.opens(id):
		refuse(w, forbidden.status, forbidden.message)
	default:
		write(w, organization(o).only(r.URL.Query().Get("fields"), "_id"))
	}
}

// write sends v as JSON.
func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // whoever asked may be gone
}

// refuse sends the contract's form of an error. A key that is not known is answered in another form, as has been seen.
func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	body := map[string]any{"code": status, "message": message, "status": http.StatusText(status)}
	if message == unauthorized.message {
		body = map[string]any{"error": http.StatusText(status), "message": message}
	}
	_ = json.NewEncoder(w).Encode(body)
}
