// sbomcheck FILE…: says what is wrong with lists of what the program is built from (CycloneDX), if anything is. It
// compares them with go.mod: each module that the program names there for itself has to be listed, in that version.
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

// elsewhere are modules that go.mod names and that are not in the program on every system.
var elsewhere = []string{"github.com/danieljoos/wincred", "github.com/godbus/dbus/v5"}

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
	direct, err := directModules()
	for _, file := range os.Args[1:] {
		err = errors.Join(err, check(file, direct))
	}
	if err == nil && len(os.Args) < 2 {
		err = errors.New("usage: sbomcheck FILE…")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// directModules reads them from go.mod, as "module version".
func directModules() ([]string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Main .Indirect)}}{{.Path}} {{.Version}}{{end}}", "all").Output()
	if err != nil {
		return nil, fmt.Errorf("list the modules: %w", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}

func check(file string, direct []string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var list bom
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if list.BOMFormat != "CycloneDX" || list.Metadata.Component.Name == "" {
		return fmt.Errorf("%s does not say what it is", file)
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
	for _, module := range direct {
		name, _, _ := strings.Cut(module, " ")
		if !slices.Contains(listed, module) && !slices.Contains(elsewhere, name) {
			err = errors.Join(err, fmt.Errorf("%s does not list %s", file, module))
		}
	}
	return err
}
