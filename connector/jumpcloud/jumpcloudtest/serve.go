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
	switch {
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, &refusal{http.StatusMethodNotAllowed, "the simulator only knows GET"})
	case r.URL.Path == "/":
		_, _ = io.WriteString(w, "This is a simulated JumpCloud. With a real one, the Admin Portal would open here.\n")
	case r.Header.Get("x-api-key") == "":
		http.Redirect(w, r, "/login", http.StatusFound) // as for a person who is not signed in
	default:
		if no := s.serveAPI(w, r); no != nil {
			refuse(w, no)
		}
	}
}

// serveAPI answers a request with a key, or returns why it is refused.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) *refusal {
	path := r.URL.Path
	if s.contractOnly && (path == "/api/users" || strings.HasPrefix(path, "/api/users/")) {
		return notFound
	}
	key, no := s.admit(r)
	if no != nil {
		return no
	}
	if id, ok := strings.CutPrefix(path, "/api/organizations"); ok && (id == "" || id[0] == '/') {
		return s.serveOrganizations(w, r, key, strings.TrimPrefix(id, "/"))
	}
	o, no := s.selected(key, r)
	if path == "/api/users/getSelf" && (no == nil || key.TellsSelf) {
		write(w, administratorOf(key))
		return nil
	}
	if no != nil {
		return no
	}
	l, ok := s.listAt(path, o)
	if !ok {
		return notFound
	}
	query := r.URL.Query()
	if s.ignoreFilters {
		query.Del("filter")
	}
	return l.serve(w, query)
}

// serveOrganizations answers with the list of the organizations that a key opens, or with the one with this id.
func (s *Server) serveOrganizations(w http.ResponseWriter, r *http.Request, key Key, id string) *refusal {
	if id != "" {
		return s.serveOrganization(w, r, key, id)
	}
	if r.Header.Get("x-org-id") != "" && key.MultiTenant {
		return selectionNotAllowed
	}
	open := slices.DeleteFunc(slices.Clone(s.order), func(id string) bool { return !key.opens(id) })
	return list{size: len(open), row: func(i int) row {
		return row{"_id": open[i], "displayName": displayName(s.organizations[open[i]])}
	}}.serve(w, r.URL.Query())
}

func (s *Server) serveOrganization(w http.ResponseWriter, r *http.Request, key Key, id string) *refusal {
	o, ok := s.organizations[id]
	switch {
	case !organizationID.MatchString(id):
		return malformedID
	case !ok:
		return notFound
	case !key.opens(id):
		return forbidden
	}
	write(w, organization(o).only(r.URL.Query().Get("fields"), "_id"))
	return nil
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
