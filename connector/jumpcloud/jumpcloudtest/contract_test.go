package jumpcloudtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// specs is where JumpCloud's own contracts may lie, beside the project. They are not part of it.
const specs = "../../../../shared/specs"

// contract is one of JumpCloud's OpenAPI files, as far as it describes answers.
type contract struct {
	Paths map[string]struct {
		Get *struct {
			Responses map[string]struct{ Schema schema }
		}
	}
	Definitions map[string]schema
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       string
	Enum       []any
	Properties map[string]schema
	Items      *schema
}

func readContract(t *testing.T, name string) contract {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(filepath.FromSlash(specs), name))
	if err != nil {
		t.Skipf("skipped: JumpCloud's contract %s is not here", name)
	}
	var c contract
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// resolve follows references.
func (c contract) resolve(s schema) schema {
	for s.Ref != "" {
		s = c.Definitions[strings.TrimPrefix(s.Ref, "#/definitions/")]
	}
	return s
}

// faults lists where v is not what s allows: fields that it does not have, and values of another type.
func (c contract) faults(at string, s schema, v any) []string {
	if v == nil {
		return nil // nothing is told, which the contract leaves open for every field
	}
	s = c.resolve(s)
	switch v := v.(type) {
	case map[string]any:
		if s.Type != "object" && s.Type != "" {
			return []string{fmt.Sprintf("%s is an object, not %s", at, s.Type)}
		}
		return c.objectFaults(at, s, v)
	case []any:
		if s.Type != "array" {
			return []string{fmt.Sprintf("%s is an array, not %s", at, s.Type)}
		}
		var all []string
		for i, item := range v {
			all = append(all, c.faults(fmt.Sprintf("%s[%d]", at, i), *s.Items, item)...)
		}
		return all
	}
	if !slices.Contains(scalarTypes(v), s.Type) && s.Type != "" {
		return []string{fmt.Sprintf("%s is %v, not a %s", at, v, s.Type)}
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return []string{fmt.Sprintf("%s is %v, not one of %v", at, v, s.Enum)}
	}
	return nil
}

func (c contract) objectFaults(at string, s schema, v map[string]any) []string {
	if len(s.Properties) == 0 {
		return nil // the contract leaves open what is in it
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		field, ok := s.Properties[name]
		if !ok {
			all = append(all, at+"."+name+" is not in the contract")
			continue
		}
		all = append(all, c.faults(at+"."+name, field, v[name])...)
	}
	return all
}

func scalarTypes(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{"string"}
	case bool:
		return []string{"boolean"}
	case float64:
		if v == math.Trunc(v) {
			return []string{"integer", "number"}
		}
		return []string{"number"}
	}
	return nil
}

func TestAnswersAreAsJumpCloudsContractSays(t *testing.T) {
	server := New(SampleWorld())
	defer server.Close()
	org := OrganizationID(1)
	for _, call := range []struct{ file, path, in string }{
		{"jumpcloud-v1.swagger.json", "/api/organizations", "/organizations"},
		{"jumpcloud-v1.swagger.json", "/api/organizations/" + org, "/organizations/{id}"},
		{"jumpcloud-v1.swagger.json", "/api/systemusers", "/systemusers"},
		{"jumpcloud-v1.swagger.json", "/api/systems", "/systems"},
		{"jumpcloud-v1.swagger.json", "/api/applications", "/applications"},
		{"jumpcloud-v1.swagger.json", "/api/users/getSelf", "userreturn"},
		{"jumpcloud-v1.swagger.json", "/api/users", "userreturn"},
		{"jumpcloud-v2.swagger.json", "/api/v2/policies", "/policies"},
		{"jumpcloud-v2.swagger.json", "/api/v2/usergroups", "/usergroups"},
		{"jumpcloud-v2.swagger.json", "/api/v2/systeminsights/disk_encryption", "/systeminsights/disk_encryption"},
	} {
		t.Run(call.path, func(t *testing.T) {
			c := readContract(t, call.file)
			var want schema
			if get := c.Paths[call.in].Get; get != nil {
				want = get.Responses["200"].Schema
			} else {
				want = c.Definitions[call.in]
			}
			var got any
			ask(t, server, SampleKey, "", call.path+"?limit=20&sort=_id", http.StatusOK, &got)
			if list, ok := got.(map[string]any); ok && call.path == "/api/users" {
				// The list of administrators is not in the contract; its rows are.
				for _, row := range list["results"].([]any) {
					report(t, c.faults("row", want, row))
				}
				return
			}
			report(t, c.faults("answer", want, got))
		})
	}
}

func report(t *testing.T, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Error(fault)
	}
}

// The check itself must be able to fail.
func TestContractFaultsAreFound(t *testing.T) {
	c := contract{Definitions: map[string]schema{"thing": {Type: "object", Properties: map[string]schema{
		"id": {Type: "string"}, "size": {Type: "integer"}, "kind": {Type: "string", Enum: []any{"a"}}}}}}
	list := schema{Type: "array", Items: &schema{Ref: "#/definitions/thing"}}
	for name, answer := range map[string]string{
		"type":  `[{"id":1}]`,
		"field": `[{"other":""}]`,
		"enum":  `[{"kind":"b"}]`,
		"whole": `[{"size":1.5}]`,
		"shape": `{"id":""}`,
	} {
		var v any
		if err := json.Unmarshal([]byte(answer), &v); err != nil {
			t.Fatal(err)
		}
		if len(c.faults("answer", list, v)) == 0 {
			t.Errorf("%s: no fault found in %s", name, answer)
		}
	}
}
