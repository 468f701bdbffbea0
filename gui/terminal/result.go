package terminal

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/words"
)

// result is a connection and the outcome of its check, as --json prints it.
type result struct {
	ID    string      `json:"id,omitempty"`
	Name  string      `json:"name"`
	State check.State `json:"state"` // waiting if it could not be read, and skipped if it could not be checked
	// Trouble is why the keychain could not read the connection, or could not store its report.
	Trouble check.Cause  `json:"trouble,omitempty"`
	Report  check.Report `json:"report"`
	// Choices lists the organizations that the key opens, if the user has to choose one.
	Choices []check.Organization `json:"choices,omitempty"`
	// MoreChoices is true if the key may open more organizations.
	MoreChoices bool `json:"moreChoices,omitempty"`
}

// print prints the results and returns the exit code.
func (c checker) print(results []result, all bool) int {
	if !c.write(results, all) {
		return exitNotRun
	}
	return exitCode(results)
}

// write prints the results, and reports whether it could. Without all, it leaves out the checks that passed.
func (c checker) write(results []result, all bool) bool {
	var text string
	var err error
	if c.asJSON {
		text, err = asJSON(results)
	} else {
		text = c.table(results, all)
	}
	if err == nil {
		_, err = io.WriteString(c.out, text)
	}
	if err != nil {
		c.stop(err.Error())
	}
	return err == nil
}

// exitCode returns the exit code for all results of a check.
func exitCode(results []result) int {
	code := exitPassed
	for _, r := range results {
		switch {
		case r.State == check.Failed:
			return exitFailed
		case r.State == check.Waiting, r.State == check.Skipped:
			code = exitNotRun
		}
	}
	return code
}

func asJSON(results []result) (string, error) {
	var b strings.Builder
	err := encodeJSON(&b, map[string]any{"connections": results})
	return b.String(), err
}

// table returns a line for each connection, and below it a line for each check.
func (c checker) table(results []result, all bool) string {
	var b strings.Builder
	for _, r := range results {
		switch {
		case r.State == check.Waiting, r.State == check.Skipped && r.Name != "":
			fmt.Fprintf(&b, "%s: %s\n", shownName(r.Name), words.Text("terminal.not_checked"))
		case r.Name != "":
			fmt.Fprintf(&b, "%s: %s%s\n", shownName(r.Name), words.State(r.State), c.keyEnds(r.Report))
		}
		if r.Trouble != "" {
			fmt.Fprintf(&b, "  %s\n", words.Cause(r.Trouble))
		}
		c.checks(&b, r.Report, all)
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
	return b.String()
}

// keyEnds returns when the key ends, as a text to follow the state; "" if that is not known.
func (c checker) keyEnds(r check.Report) string {
	ends := words.KeyEnds(r, c.now())
	if ends == "" {
		return ""
	}
	return " (" + words.Text("details.ends") + ": " + ends + ")"
}

func (c checker) checks(to io.Writer, report check.Report, all bool) {
	place := words.InConnection
	switch {
	case c.listed:
		place = words.InList
	case all:
		place = words.InTerminal
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, r := range report.Results {
		bad := r.State == check.Failed || r.State == check.Warning
		if !bad && !all {
			continue
		}
		seen := strings.TrimSpace(words.Seen(r.Outcome, c.now()) + " " + words.Missed(r.Check, r.Outcome))
		fmt.Fprintf(w, "  %s\t%s\t%s\n", words.State(r.State), words.CheckTitle(r.Check), seen)
		if move := words.Move(r.Outcome, place, c.now()); bad && move != "" {
			fmt.Fprintf(w, "  \t\t→ %s\n", move)
		}
	}
	w.Flush() // cannot fail, because it writes into memory
}

// shownName returns a connection's name, or a text that says that it cannot be read.
func shownName(name string) string {
	return cmp.Or(printable.Line(name), words.Text("list.unread"))
}
