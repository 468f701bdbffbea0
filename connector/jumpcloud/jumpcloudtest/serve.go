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
		refuse(w, &refusal{http.StatusMethodNotAllowed, "the simulator only knows GET"})
		return
	}
	if r.URL.Path == "/" {
		_, _ = io.WriteString(w, "This is a simulated JumpCloud. With a real one, the Admin Portal would open here.\n")
		return
	}
	if r.Header.Get("x-api-key") == "" {
		http.Redirect(w, r, "/login", http.StatusFound) // as for a person who is not signed in
		return
	}
	if s.contractOnly && (r.URL.Path == "/api/users" || strings.HasPrefix(r.URL.Path, "/api/users/")) {
		refuse(w, notFound)
		return
	}
	key, no := s.admit(r)
	if no != nil {
		refuse(w, no)
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
		refuse(w, no)
		return
	}
	if r.URL.Path == "/api/users/getSelf" {
		write(w, administratorOf(key))
		return
	}
	l, ok := s.listAt(r.URL.Path, o)
	if !ok {
		refuse(w, notFound)
		return
	}
	query := r.URL.Query()
	if s.ignoreFilters {
		query.Del("filter")
	}
	l.serve(w, query)
}

// serveOrganizations answers with the list of the organizations that a key opens, or with one of them.
func (s *Server) serveOrganizations(w http.ResponseWriter, r *http.Request, key Key, id string) {
	if id != "" {
		s.serveOrganization(w, r, key, id)
		return
	}
	if r.Header.Get("x-org-id") != "" && key.MultiTenant {
		refuse(w, selectionNotAllowed)
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
		refuse(w, malformedID)
	case !ok:
		refuse(w, notFound)
	case !key.opens(id):
		refuse(w, forbidden)
	default:
		write(w, organization(o).only(r.URL.Query().Get("fields"), "_id"))
	}
}

// write sends v as JSON.
func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // fails if the client has gone
}

// refuse sends an error in the contract's form. For an unknown key, JumpCloud has been seen to use another form.
func refuse(w http.ResponseWriter, no *refusal) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(no.status)
	body := map[string]any{"code": no.status, "message": no.message, "status": http.StatusText(no.status)}
	if no == unauthorized {
		body = map[string]any{"error": http.StatusText(no.status), "message": no.message}
	}
	_ = json.NewEncoder(w).Encode(body)
}
