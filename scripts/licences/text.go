package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// printed reads the list from a file, and prints it as text. What checks the packages looks for the lines with the names.
func printed(to io.Writer, file string) error {
	list, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var works []work
	if err := json.Unmarshal(list, &works); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	text := "The work of others in this program, each with its licence.\n"
	for _, w := range works {
		text += fmt.Sprintf("\n==== %s (%s)\n\n%s\n", strings.TrimSpace(w.Name+" "+w.Version), w.Licence, w.Text)
	}
	_, err = io.WriteString(to, text)
	return err
}
