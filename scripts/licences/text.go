package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// printed reads the list from a file, and prints it as text, with the versions of the modules that are linked into the module
// in the folder root. What checks the packages looks for the lines with the names.
func printed(to io.Writer, root, file string) error {
	list, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var works []work
	if err := json.Unmarshal(list, &works); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	modules, err := linked(root)
	if err != nil {
		return err
	}
	versions := make(map[string]string)
	for _, m := range modules {
		versions[m.name] = m.version
	}
	text := "The work of others in this program, each with its licence.\n"
	for _, w := range works {
		text += fmt.Sprintf("\n==== %s (%s)\n\n%s\n", strings.TrimSpace(w.Name+" "+versions[w.Name]), w.Licence, w.Text)
	}
	_, err = io.WriteString(to, text)
	return err
}
