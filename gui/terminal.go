package gui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// Exit codes of the command check.
const (
	exitPassed = 0 // every connection works, some perhaps with points to look at
	exitFailed = 1 // at least one does not
	exitNotRun = 2 // it could not be checked
)

// Terminal is the command check: what the window checks, printed, for a person or a scheduler. It takes no display.
type Terminal struct {
	Connector *connector.Connector
	Out, Errs io.Writer
	JSON      bool
	Now       func() time.Time
}

// checked is a connection and what came of its check, as --json prints it.
type checked struct {
	ID    string      `json:"id,omitempty"`
	Name  string      `json:"name"`
	State check.State `json:"state"` // waiting where it could not be checked
	// Trouble is why the keychain did not give the connection, or did not take its report.
	Trouble check.Cause          `json:"trouble,omitempty"`
	Report  check.Report         `json:"report"`
	Choices []check.Organization `json:"choices,omitempty"` // that the key opens, where one has to be chosen
	// MoreChoices says that the key may open more than these.
	MoreChoices bool `json:"moreChoices,omitempty"`
}

// CheckStored validates every stored connection, and returns the exit code.
func (t Terminal) CheckStored(ctx context.Context) int {
	if err := speak(""); err != nil {
		return t.stop(err.Error())
	}
	all, err := t.Connector.Connections(ctx, nil)
	if connector.IsListPartial(err) && t.Connector.Tidy(ctx) == nil { // which mends the list of names, if it can
		all, err = t.Connector.Connections(ctx, nil)
	}
	if err != nil {
		t.stop(words.Cause(connector.KeychainCause(err)))
	}
	switch {
	case len(all) == 0 && err != nil:
		return exitNotRun
	case len(all) == 0:
		return t.stop(words.Text("terminal.kept_nothing"))
	}
	results := make([]checked, len(all))
	place := make(map[string]int)
	var ids []string
	for i, c := range all {
		place[c.ID] = i
		results[i] = checked{ID: c.ID, Name: c.Name, Trouble: c.Trouble}
		if c.Trouble == "" {
			ids = append(ids, c.ID)
		}
	}
	t.Connector.CheckEach(ctx, ids, func(id string, report check.Report, err error) {
		r := &results[place[id]]
		r.Report, r.State = report, stateOf(report)
		if err != nil && !errors.Is(err, connector.ErrReplaced) {
			r.Trouble = connector.KeychainCause(err)
		}
	})
	if ctx.Err() != nil {
		return t.stop(words.Text("terminal.cancelled"))
	}
	code := t.print(results, false)
	if code == exitPassed && err != nil {
		return exitNotRun // those that could not be read may have failed
	}
	return code
}

// CheckKey validates the key that comes out of a pipe, and returns the exit code.
func (t Terminal) CheckKey(ctx context.Context, in io.Reader, region, organization string) int {
	if err := speak(""); err != nil {
		return t.stop(err.Error())
	}
	if region != "" && !slices.Contains(t.Connector.Regions(), region) {
		return t.stop(words.Text("terminal.unknown_region", words.Facts{"Region": region, "Regions": strings.Join(t.Connector.Regions(), ", ")}))
	}
	if isTyped(in) {
		return t.stop(words.Text("terminal.typed"))
	}
	piped, err := readPipe(ctx, in)
	entered := check.Intake(piped).WithOrganization(secret.New(organization))
	entered.Region = region
	switch {
	case ctx.Err() != nil:
		return t.stop(words.Text("terminal.cancelled"))
	case err != nil:
		return t.stop(words.Text("terminal.unreadable"))
	case entered.APIKey.Empty():
		return t.stop(words.Text("terminal.no_key"))
	}
	report := t.Connector.Validate(ctx, entered, func(check.Result) {})
	if ctx.Err() != nil {
		return t.stop(words.Text("terminal.cancelled"))
	}
	return t.print([]checked{{Name: report.Organization.Name, State: stateOf(report), Report: report, Choices: report.Choices,
		MoreChoices: report.MoreChoices}}, true)
}

// stateOf is that of a whole report. One in which a person would have to choose has failed: nobody can here.
func stateOf(r check.Report) check.State {
	if r.Complete() && !r.Usable() {
		return check.Failed
	}
	return r.Worst()
}

// isTyped reports whether what is read comes from a keyboard.
func isTyped(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
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
		switch {
		case r.State == check.Failed:
			code = exitFailed
		case r.State == check.Waiting && code == exitPassed:
			code = exitNotRun
		}
	}
	var err error
	if t.JSON {
		var b strings.Builder
		out := json.NewEncoder(&b)
		out.SetIndent("", "  ")
		if err = out.Encode(map[string]any{"connections": results}); err == nil {
			_, err = io.WriteString(t.Out, escaped(b.String()))
		}
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
		switch {
		case r.State == check.Waiting:
			fmt.Fprintf(&b, "%s: %s\n", orUnread(r.Name), words.Text("terminal.not_checked"))
		case r.Name != "":
			fmt.Fprintf(&b, "%s: %s%s\n", printable.Line(r.Name), words.State(r.State), t.keyEnds(r.Report))
		}
		if r.Trouble != "" {
			fmt.Fprintf(&b, "  %s\n", words.Cause(r.Trouble))
		}
		t.checks(&b, r.Report, all)
		if len(r.Choices) > 0 {
			b.WriteString(words.Text("terminal.choices") + "\n")
		}
		for _, o := range r.Choices {
			fmt.Fprintf(&b, "  %s  %s\n", printable.Line(o.ID), printable.Line(o.Name))
		}
		if r.MoreChoices {
			b.WriteString(words.Text("terminal.choices_more") + "\n")
		}
	}
	_, err := io.WriteString(t.Out, b.String())
	return err
}

// keyEnds says when the key ends, behind the state of its connection; "" where that is not known.
func (t Terminal) keyEnds(r check.Report) string {
	ends := words.KeyEnds(r, t.Now())
	if ends == "" {
		return ""
	}
	return " (" + words.Text("details.ends") + ": " + ends + ")"
}

func (t Terminal) checks(b io.Writer, report check.Report, all bool) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, r := range report.Results {
		bad := r.State == check.Failed || r.State == check.Warning
		if !bad && !all {
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", words.State(r.State), words.CheckTitle(r.Check), strings.TrimSpace(words.Seen(r.Outcome, t.Now())+" "+words.Missed(r.Check, r.Outcome)))
		at := words.InConnection
		if all {
			at = words.InTerminal
		}
		if what := words.Move(r.Outcome, at, t.Now()); bad && what != "" {
			fmt.Fprintf(w, "  \t\t→ %s\n", what)
		}
	}
	w.Flush() // into memory, which does not fail
}

// orUnread is a connection's name, also of one that cannot be read.
func orUnread(name string) string {
	if name == "" {
		return words.Text("list.unread")
	}
	return printable.Line(name)
}
