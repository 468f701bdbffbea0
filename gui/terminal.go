package gui

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/secret"
)

// Exit codes of the command check.
const (
	exitPassed = 0 // every connection works, some perhaps with points to look at
	exitFailed = 1 // at least one does not
	exitNotRun = 2 // it could not be checked
)

// longestKey bounds what is read from a pipe.
const longestKey = 4 << 10

// Terminal is the command check: what the window checks, printed, for a person or a scheduler. It takes no display.
type Terminal struct {
	Connector *connector.Connector
	Out, Errs io.Writer
	JSON      bool
	Now       func() time.Time
}

// checked is a connection and what came of its check, as --json prints it.
type checked struct {
	ID      string           `json:"id,omitempty"`
	Name    string           `json:"name"`
	State   connector.State  `json:"state"`
	Trouble connector.Cause  `json:"trouble,omitempty"`
	Report  connector.Report `json:"report"`
}

// CheckStored validates every stored connection, and returns the exit code.
func (t Terminal) CheckStored(ctx context.Context) int {
	if err := loadTexts(); err != nil {
		return t.stop(err.Error())
	}
	all, err := t.Connector.Connections(ctx)
	if err != nil {
		return t.stop(causeText(connector.KeychainCause(err)))
	}
	if len(all) == 0 {
		return t.stop(text("terminal.kept_nothing"))
	}
	results := make([]checked, len(all))
	place := make(map[string]int)
	var ids []string
	for i, c := range all {
		place[c.ID] = i
		results[i] = checked{ID: c.ID, Name: c.Name, State: connector.Failed, Trouble: c.Trouble}
		if c.Trouble == "" {
			ids = append(ids, c.ID)
		}
	}
	t.Connector.CheckEach(ctx, ids, func(id string, report connector.Report, err error) {
		r := &results[place[id]]
		r.Report, r.State = report, report.Worst()
		if err != nil {
			r.State, r.Trouble = connector.Failed, connector.KeychainCause(err)
		}
	})
	if ctx.Err() != nil {
		return t.stop(text("terminal.cancelled"))
	}
	return t.print(results, false)
}

// CheckKey validates the key that comes out of a pipe, and returns the exit code.
func (t Terminal) CheckKey(ctx context.Context, in io.Reader, region, organization string) int {
	if err := loadTexts(); err != nil {
		return t.stop(err.Error())
	}
	if !known(t.Connector.Regions(), region) {
		return t.stop(text("terminal.unknown_region", facts{"Region": region, "Regions": strings.Join(t.Connector.Regions(), ", ")}))
	}
	if isTyped(in) {
		return t.stop(text("terminal.typed"))
	}
	key, err := io.ReadAll(io.LimitReader(in, longestKey))
	switch {
	case err != nil:
		return t.stop(text("terminal.unreadable"))
	case strings.TrimSpace(string(key)) == "":
		return t.stop(text("terminal.no_key"))
	}
	report := t.Connector.Validate(ctx, connector.Credentials{Region: region, APIKey: secret.New(string(key)), OrganizationID: organization}, func(connector.Result) {})
	if ctx.Err() != nil {
		return t.stop(text("terminal.cancelled"))
	}
	state := report.Worst()
	if !report.Usable() {
		state = connector.Failed
	}
	return t.print([]checked{{Name: report.Organization.Name, State: state, Report: report}}, true)
}

func known(regions []string, id string) bool {
	for _, r := range regions {
		if r == id {
			return true
		}
	}
	return id == ""
}

// isTyped reports whether what is read comes from a keyboard.
func isTyped(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}

// stop says why nothing could be checked.
func (t Terminal) stop(why string) int {
	fmt.Fprintln(t.Errs, why)
	return exitNotRun
}

// print prints the results, all their checks or those only that want a look, and returns the exit code.
func (t Terminal) print(results []checked, all bool) int {
	code := exitPassed
	for _, r := range results {
		if r.State == connector.Failed {
			code = exitFailed
		}
	}
	var err error
	if t.JSON {
		out := json.NewEncoder(t.Out)
		out.SetIndent("", "  ")
		err = out.Encode(map[string]any{"connections": results})
	} else {
		err = t.table(results, all)
	}
	if err != nil {
		return t.stop(err.Error())
	}
	return code
}

// table prints a line a connection, and below it a line a check.
func (t Terminal) table(results []checked, all bool) error {
	var b strings.Builder
	for _, r := range results {
		if r.Name != "" || r.Trouble != "" {
			fmt.Fprintf(&b, "%s: %s\n", orUnread(r.Name), stateWord(r.State))
		}
		if r.Trouble != "" {
			fmt.Fprintf(&b, "  %s\n", causeText(r.Trouble))
		}
		t.checks(&b, r.Report, all)
		if len(r.Report.Choices) > 0 {
			b.WriteString(text("terminal.choices") + "\n")
		}
		for _, o := range r.Report.Choices {
			fmt.Fprintf(&b, "  %s  %s\n", o.ID, o.Name)
		}
	}
	_, err := io.WriteString(t.Out, b.String())
	return err
}

func (t Terminal) checks(b io.Writer, report connector.Report, all bool) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, r := range report.Results {
		bad := r.State == connector.Failed || r.State == connector.Warning
		if !bad && !all {
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", stateWord(r.State), title(r.Check), strings.TrimSpace(seen(r.Outcome, t.Now())+" "+missed(r.Check, r.Outcome)))
		if what := move(r.Outcome, t.Now()); bad && what != "" {
			fmt.Fprintf(w, "  \t\t→ %s\n", what)
		}
	}
	w.Flush() // into memory, which does not fail
}

// orUnread is a connection's name, also of one that cannot be read.
func orUnread(name string) string {
	if name == "" {
		return text("list.unread")
	}
	return name
}
