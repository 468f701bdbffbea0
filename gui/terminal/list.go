package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/words"
)

// List runs the command list, which prints what is kept and asks nobody, and returns the exit code. See [Check] for the parameters.
func List(program string, args []string, out, errs io.Writer, connect func(Flags) *connector.Connector) int {
	var (
		f             Flags
		asJSON, asCSV bool
	)
	set := NewFlagSet(program+" list", &f)
	set.BoolVar(&asJSON, "json", false, "print JSON")
	set.BoolVar(&asCSV, "csv", false, "print CSV")
	usage := "Usage: " + program + " list [flags]\nLists the stored connections as they were last checked. No key is printed. Exit code 0: listed, 2: could not be read."
	if code, ends := parseCommand(set, &f, "list", args, usage, out, errs); ends {
		return code
	}
	if asJSON && asCSV {
		return misused(errs, "list", errors.New("--json or --csv, not both"))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := checker{connector: connect(f), out: out, errs: errs, asJSON: asJSON, now: time.Now}
	return c.list(ctx, asCSV)
}

// list prints the connections. Those that can be read are printed even if others cannot.
func (c checker) list(ctx context.Context, asCSV bool) int {
	if _, err := words.Use(""); err != nil {
		return c.stop(err.Error())
	}
	stored, failed := c.connector.Connections(ctx, nil)
	rows := make([]connector.Row, len(stored))
	for i, one := range stored {
		rows[i] = connector.RowOf(one, c.now())
	}
	var b strings.Builder
	var err error
	switch {
	case c.asJSON:
		err = encodeJSON(&b, map[string]any{"connections": rows})
	case asCSV:
		err = connector.WriteCSV(&b, rows)
	default:
		c.rows(&b, rows)
	}
	if err == nil {
		_, err = io.WriteString(c.out, b.String())
	}
	switch {
	case err != nil:
		return c.stop(err.Error())
	case failed != nil:
		return c.stop(words.Cause(connector.KeychainCause(failed)))
	case slices.ContainsFunc(stored, connector.Connection.Unread):
		return exitNotRun
	}
	return exitPassed
}

// rows prints a line for each connection.
func (c checker) rows(to io.Writer, rows []connector.Row) {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		ends := ""
		if !r.KeyEnds.IsZero() {
			ends = words.Text("details.ends") + ": " + words.Date(r.KeyEnds)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", shownName(r.Name), words.Health(r.Health), words.Ago(r.Checked, c.now()), words.Region(r.Region), ends)
	}
	w.Flush() // cannot fail, because it writes into memory
}

// encodeJSON writes a value as JSON for people and programs. What is hidden in its strings is escaped.
func encodeJSON(to io.Writer, value any) error {
	var b strings.Builder
	out := json.NewEncoder(&b)
	out.SetIndent("", "  ")
	if err := out.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(to, escapeHidden(b.String()))
	return err
}
