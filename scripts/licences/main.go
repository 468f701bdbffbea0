// Licences writes assets/licences.json anew: whose work is in the program, and under which licence. That is every module
// that is linked into it on any of the three systems, what these modules embed, and Go itself.
//
//	go run ./scripts/licences
//	go run ./scripts/licences -text    prints the list as the packages bring it along
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// work is an entry of the list. assets.Licences is read with the same names. Versions are not in it, for go.mod has them: a
// new one of a module changes the list only if its licence has changed.
type work struct {
	Name    string `json:"name"`
	Licence string `json:"licence"`
	Text    string `json:"text"`
}

func main() {
	asText := flag.Bool("text", false, "print the list as text, rather than write it anew")
	flag.Parse()
	file := filepath.Join("assets", "licences.json")
	var err error
	if *asText {
		err = printed(os.Stdout, ".", file)
	} else {
		err = written(file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// written makes the list, and writes it to a file.
func written(file string) error {
	list, err := collect(".")
	if err != nil {
		return err
	}
	return os.WriteFile(file, list, 0o644)
}

// collect makes the list for the module whose main package is in the folder root.
func collect(root string) ([]byte, error) {
	modules, err := linked(root)
	if err != nil {
		return nil, err
	}
	works := slices.Clone(embedded)
	for _, m := range modules {
		w, err := m.work()
		if err != nil {
			return nil, err
		}
		works = append(works, w)
		if m.name == "golang.org/x/sys" { // it has the same one, and Go's own is not everywhere where Go is
			w.Name = "Go"
			works = append(works, w)
		}
	}
	slices.SortFunc(works, func(a, b work) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	var list bytes.Buffer
	e := json.NewEncoder(&list)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err = e.Encode(works)
	return list.Bytes(), err
}

// module is where the source of one is.
type module struct{ name, version, folder string }

// linked lists the modules in the program, on any of the systems, but for the program's own.
func linked(root string) ([]module, error) {
	found := make(map[module]bool)
	for _, system := range []string{"linux", "windows", "darwin"} {
		list, err := listed(root, system)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(list) {
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				found[module{name: f[0], version: f[1], folder: f[2]}] = true
			}
		}
	}
	var modules []module
	for m := range found {
		modules = append(modules, m)
	}
	return modules, nil
}

// listed runs go list for a system.
func listed(root, system string) (string, error) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
	list.Dir = root
	list.Env = append(os.Environ(), "CGO_ENABLED=1", "GOOS="+system, "GOARCH=amd64")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		err = fmt.Errorf("go list for %s: %w", system, err)
	}
	return string(out), err
}

// licenceFile is the name of a file with a licence.
var licenceFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice|patents|ofl)[^/]*$`)

// elsewhere are the folders of a module with what is not in the program.
var elsewhere = regexp.MustCompile(`^(testdata|cmd|docs|examples?|_.*|\..+)$`)

// work reads the licence of a module, with those of what others have put into it.
func (m module) work() (work, error) {
	var names, texts []string
	err := fs.WalkDir(os.DirFS(m.folder), ".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != "." && elsewhere.MatchString(e.Name()):
			return fs.SkipDir
		case e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(path, ".go"):
			return nil
		}
		data, err := os.ReadFile(filepath.Join(m.folder, path))
		if err != nil {
			return err
		}
		text := strings.TrimSpace(strings.ReplaceAll(string(data), "\r\n", "\n"))
		if name := nameOf(text); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
		if path != "LICENSE" {
			text = path + "\n\n" + text
		}
		texts = append(texts, text)
		return nil
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("no licence that is known: have a look, and add it to scripts/licences")
	}
	if err != nil {
		return work{}, fmt.Errorf("%s: %w", m.name, err)
	}
	return work{Name: m.name, Licence: strings.Join(names, ", "), Text: strings.Join(texts, "\n\n")}, nil
}
