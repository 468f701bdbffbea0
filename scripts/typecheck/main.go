// Typecheck checks the types of the whole project for systems that this one has no C compiler for, its tests and the files with
// cgo included, where go vet would leave those out:
//
//	go run ./scripts/typecheck darwin/arm64 darwin/amd64
//
// What comes from C has any type, as far as it is concerned.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	failed := false
	for _, system := range os.Args[1:] {
		problems, err := check(".", system)
		if err != nil {
			problems = append(problems, err.Error())
		}
		for _, problem := range problems {
			failed = true
			fmt.Fprintf(os.Stderr, "%s: %s\n", system, problem)
		}
	}
	if failed {
		os.Exit(1)
	}
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir   string
	DepOnly           bool // it is no package of the project's
	GoFiles, CgoFiles []string
	ImportMap         map[string]string
	Module            *struct{ GoVersion string }
	Error             *struct{ Err string }
}

// check returns what is wrong in the module in the folder for a system such as darwin/arm64. What is wrong in the modules that
// it stands on is theirs: C, that has no types here, confuses some of it.
func check(folder, system string) (problems []string, err error) {
	goos, goarch, _ := strings.Cut(system, "/")
	sizes := types.SizesFor("gc", goarch)
	if sizes == nil {
		return nil, errors.New("there is no such system")
	}
	list := exec.Command("go", "list", "-e", "-deps", "-test", "-json", "./...")
	list.Dir = folder
	list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=1")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	checked := map[string]*types.Package{"unsafe": types.Unsafe}
	// Each package comes after those that it imports.
	for all := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := all.Decode(&p); errors.Is(err, io.EOF) {
			return problems, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		// The main package of a test is generated.
		if p.ImportPath == "unsafe" || strings.HasSuffix(p.ImportPath, ".test") {
			continue
		}
		for _, problem := range p.check(checked, sizes) {
			// A package comes once more with its tests.
			if !slices.Contains(problems, problem.Error()) {
				problems = append(problems, problem.Error())
			}
		}
	}
}

// check puts the package among the checked ones, and returns what is wrong in it.
func (p *listed) check(checked map[string]*types.Package, sizes types.Sizes) (problems []error) {
	report := func(err error) {
		if !p.DepOnly {
			problems = append(problems, err)
		}
	}
	if p.Error != nil {
		report(errors.New(p.Error.Err))
	}
	config := types.Config{FakeImportC: true, Sizes: sizes, IgnoreFuncBodies: p.DepOnly, Error: report,
		Importer: importer(func(path string) (*types.Package, error) {
			if mapped, ok := p.ImportMap[path]; ok {
				path = mapped
			}
			if found := checked[path]; found != nil {
				return found, nil
			}
			return nil, fmt.Errorf("%s is not there", path)
		})}
	if p.Module != nil && p.Module.GoVersion != "" {
		config.GoVersion = "go" + p.Module.GoVersion
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range append(p.GoFiles, p.CgoFiles...) {
		file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			report(err)
		}
		if file != nil {
			files = append(files, file)
		}
	}
	path, _, _ := strings.Cut(p.ImportPath, " ") // without the test that it is for
	checked[p.ImportPath], _ = config.Check(path, set, files, nil)
	return problems
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }
