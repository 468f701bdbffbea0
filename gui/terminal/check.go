// Package terminal is the command line, for people and schedulers. It needs no display.
//
// To add a command, add a file with a function like [Check] (command.go), and a case for the command's name to Run in
// gui/program/program.go.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// Exit codes of the command check.
const (
	exitPassed = 0 // every connection works; some may have warnings
	exitFailed = 1 // at least one does not work
	exitNotRun = 2 // at least one could not be checked
)

// checker is the command check. Its methods print the results and return the exit code.
type checker struct {
	connector *connector.Connector
	out, errs io.Writer
	asJSON    bool // print JSON instead of a table
	listed    bool // what is said is about a list of organizations
	changed   bool // leave out the connections that are as they were at the last check
	now       func() time.Time
}

// checkStored checks every stored connection.
func (c checker) checkStored(ctx context.Context) int {
	if _, err := words.Use(""); err != nil {
		return c.stop(err.Error())
	}
	stored, err := c.stored(ctx)
	if err != nil {
		c.stop(words.Cause(connector.KeychainCause(err)))
	}
	switch {
	case len(stored) == 0 && err != nil:
		return exitNotRun
	case len(stored) == 0:
		return c.stop(words.Text("terminal.kept_nothing"))
	}
	results := c.checkEach(ctx, stored)
	if ctx.Err() != nil {
		if c.changed { // the reports are kept: the next time, these changes would not be told
			c.write(changes(stored, results), false)
		}
		return c.stop(words.Text("terminal.cancelled"))
	}
	code := exitCode(results)
	if c.changed {
		results = changes(stored, results)
	}
	if !c.write(results, false) {
		return exitNotRun
	}
	if code == exitPassed && err != nil {
		return exitNotRun // a connection that could not be read may not work
	}
	return code
}

// stored reads the connections. If the keychain's index is damaged, it repairs the index and reads again.
func (c checker) stored(ctx context.Context) ([]connector.Connection, error) {
	all, err := c.connector.Connections(ctx, nil)
	if connector.IsListPartial(err) {
		if _, failed := c.connector.Tidy(ctx); failed == nil {
			return c.connector.Connections(ctx, nil)
		}
	}
	return all, err
}

// checkEach checks the connections that could be read. The results of the others say why they could not. Those that were removed, or got another
// key, before they were asked about have none.
func (c checker) checkEach(ctx context.Context, stored []connector.Connection) []result {
	results := make([]result, len(stored))
	byID := make(map[string]*result)
	var readable []connector.Connection
	for i, connection := range stored {
		results[i] = result{ID: connection.ID, Name: connection.Name, Trouble: connection.Trouble}
		byID[connection.ID] = &results[i]
		if connection.Trouble == "" {
			readable = append(readable, connection)
		}
	}
	doubt := func(count int) {
		if c.changed { // its output is an alarm
			return
		}
		fmt.Fprintln(c.errs, words.Text("checkall.doubtful_why", words.Facts{"Count": strconv.Itoa(count)}))
	}
	removed := make(map[string]bool)
	c.connector.CheckEachTwice(ctx, readable, doubt, func(id string, report check.Report, err error) {
		r := byID[id]
		r.Report = report.AsOf(c.now()) // the end of the key counts, although nothing could be asked
		r.State = overall(r.Report)
		removed[id] = errors.Is(err, connector.ErrReplaced) && !report.Complete()
		if err != nil && !errors.Is(err, connector.ErrReplaced) { // if the key was replaced during the check, nothing is wrong
			r.Trouble = connector.KeychainCause(err)
		}
	})
	return slices.DeleteFunc(results, func(r result) bool { return removed[r.ID] })
}

// checkPiped checks a key from a pipe. If region or organization is "", it is found from the key.
func (c checker) checkPiped(ctx context.Context, in io.Reader, region, organization string) int {
	if _, err := words.Use(""); err != nil {
		return c.stop(err.Error())
	}
	entered, code := c.pipedKey(ctx, in, region)
	if code != exitPassed {
		return code
	}
	entered = entered.WithOrganization(secret.New(organization))
	report := c.connector.Validate(ctx, entered, func(check.Result) {})
	if ctx.Err() != nil {
		return c.stop(words.Text("terminal.cancelled"))
	}
	return c.print([]result{{Name: report.Organization.Name, State: overall(report), Report: report, Choices: report.Choices,
		MoreChoices: report.MoreChoices}}, true)
}

// pipedKey reads a key from a pipe, for a region; "" to find that from the key. Unless there is a key, it says why, and returns the exit
// code for that.
func (c checker) pipedKey(ctx context.Context, in io.Reader, region string) (entered check.Credentials, code int) {
	if regions := c.connector.Regions(); region != "" && !slices.Contains(regions, region) {
		return entered, c.stop(words.Text("terminal.unknown_region", words.Facts{"Region": region, "Regions": strings.Join(regions, ", ")}))
	}
	if isKeyboard(in) {
		return entered, c.stop(words.Text("terminal.typed"))
	}
	piped, err := readPipe(ctx, in)
	entered = check.Intake(piped)
	entered.Region = region
	switch {
	case ctx.Err() != nil:
		return entered, c.stop(words.Text("terminal.cancelled"))
	case err != nil:
		return entered, c.stop(words.Text("terminal.unreadable"))
	case entered.APIKey.Empty():
		return entered, c.stop(words.Text("terminal.no_key"))
	}
	return entered, exitPassed
}

// changes returns the results that differ from the last report of their connection in which checks did not pass and why, and those of
// connections that could not be read or kept.
func changes(stored []connector.Connection, results []result) []result {
	last := make(map[string]check.Report)
	for _, one := range stored {
		last[one.ID] = one.Report.AsOf(one.Report.At)
	}
	changed := []result{}
	for _, r := range results {
		if r.Trouble != "" || r.Report.Complete() && r.Report.ChangedSince(last[r.ID]) {
			changed = append(changed, r)
		}
	}
	return changed
}

// overall returns the state of a whole report: Skipped if nobody knows whether the connection works. It is Failed if the user would have to
// choose an organization, which is not possible here.
func overall(r check.Report) check.State {
	if r.Complete() && !r.Usable() && !r.Undecided() {
		return check.Failed
	}
	return r.Overall()
}

// isKeyboard reports whether in reads from a keyboard.
func isKeyboard(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// stop prints why nothing could be checked.
func (c checker) stop(why string) int {
	fmt.Fprintln(c.errs, why)
	return exitNotRun
}
