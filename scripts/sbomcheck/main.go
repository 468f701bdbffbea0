// sbomcheck FILE…: says what is wrong with lists of what the program is built from (CycloneDX), if anything is. It
// compares them with go.mod: each module that the program names there for itself has to be on a list, in that version,
// and what no system does without on each.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// everywhere are modules that are in the program on every system.
var everywhere = []string{"fyne.io/fyne/v2", "github.com/zalando/go-keyring"}

type component struct {
	Name, Version, PURL string
	Licenses            []json.RawMessage
	Evidence            struct{ Licenses []json.RawMessage }
}

type bom struct {
	BOMFormat  string
	Metadata   struct{ Component component }
	Components []component
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: sbomcheck FILE…")
		os.Exit(2)
	}
	if err := check(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(files []string) error {
	direct, err := directModules()
	if err != nil {
		return err
	}
	var all []string
	for _, file := range files {
		listed, e := modules(file)
		all = append(all, listed...)
		err = errors.Join(err, e)
		for _, module := range direct {
			name, _, _ := strings.Cut(module, " ")
			if slices.Contains(everywhere, name) && !slices.Contains(listed, module) {
				err = errors.Join(err, fmt.Errorf("%s does not list %s", file, module))
			}
		}
	}
	for _, module := range direct {
		if !slices.Contains(all, module) {
			err = errors.Join(err, fmt.Errorf("%s is on no list", module))
		}
	}
	return err
}

// directModules reads them from go.mod, as "module version".
func directModules() ([]string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Main .Indirect)}}{{.Path}} {{.Version}}{{end}}", "all").Output()
	if err != nil {
		return nil, fmt.Errorf("list the modules: %w", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}

// modules reads a list, as "module version", and says what its entries lack.
func modules(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list bom
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if list.BOMFormat != "CycloneDX" || list.Metadata.Component.Version == "" {
		return nil, fmt.Errorf("%s does not say what it is", file)
	}
	var listed []string
	for _, c := range list.Components {
		listed = append(listed, c.Name+" "+c.Version)
		if !strings.HasPrefix(c.PURL, "pkg:golang/") {
			err = errors.Join(err, fmt.Errorf("%s: %s has no address", file, c.Name))
		}
		if c.Name != "std" && len(c.Licenses)+len(c.Evidence.Licenses) == 0 {
			err = errors.Join(err, fmt.Errorf("%s: %s has no licence", file, c.Name))
		}
	}
	return listed, err
}
