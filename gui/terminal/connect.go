package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// Connect runs the command connect, which connects the organizations of a list with a key that is piped in, and returns the exit code. See
// [Check] for the parameters.
func Connect(program string, args []string, in io.Reader, out, errs io.Writer, connect func(Flags) *connector.Connector) int {
	var (
		f            Flags
		list, region string
		asJSON       bool
	)
	set := NewFlagSet(program+" connect", &f)
	set.StringVar(&list, "from-csv", "", "`FILE` with the organizations: an Organization ID or a name in each line, or columns with these")
	set.StringVar(&region, "region", "", "us, eu or in; found from the key unless told")
	set.BoolVar(&asJSON, "json", false, "print JSON")
	usage := "Usage: " + program + " connect --from-csv FILE [flags] < KEY\nConnects organizations with the API key that is piped in. Those that are connected with it already are left as they are,\n" +
		"so the same command goes on where it was stopped. Exit code 0: all are connected, 1: one is not, 2: could not begin."
	if code, ends := parseCommand(set, &f, "connect", args, usage, out, errs); ends {
		return code
	}
	if list == "" {
		return misused(errs, "connect", errors.New("--from-csv FILE is missing"))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := checker{connector: connect(f), out: out, errs: errs, asJSON: asJSON, now: time.Now}
	return c.connectList(ctx, list, in, region)
}

// connectList connects the organizations of a file.
func (c checker) connectList(ctx context.Context, file string, in io.Reader, region string) int {
	if _, err := words.Use(""); err != nil {
		return c.stop(err.Error())
	}
	text, err := readList(ctx, file)
	switch {
	case ctx.Err() != nil:
		return c.stop(words.Text("terminal.cancelled"))
	case errors.Is(err, connector.ErrListTooLarge):
		return c.stop(words.Text("terminal.list_large", words.Facts{"File": file}))
	case errors.Is(err, connector.ErrListNotText):
		return c.stop(words.Text("terminal.list_not_text", words.Facts{"File": file}))
	case err != nil:
		return c.stop(words.Text("terminal.list_unreadable", words.Facts{"File": file, "Why": strings.TrimSuffix(printable.Line(err.Error()), ".")}))
	}
	wanted, bad := connector.ReadWanted(text)
	if len(wanted) == 0 {
		return c.stop(words.Text("terminal.list_empty", words.Facts{"File": file}))
	}
	entered, code := c.pipedKey(ctx, in, region)
	if code != exitPassed {
		return code
	}
	if _, err := c.stored(ctx); err != nil { // it repairs the index if need be
		return c.stop(words.Cause(connector.KeychainCause(err)))
	}
	entered.OrganizationID = secret.Secret{} // one that came with the key is not what the list is about
	opened := c.connector.Validate(ctx, entered, func(check.Result) {})
	if ctx.Err() != nil {
		return c.stop(words.Text("terminal.cancelled"))
	}
	if state := opened.Result(check.IDKey).State; state != check.Passed && state != check.Warning {
		return c.refused(opened)
	}
	entered.Region = opened.Region
	organizations, unmatched := connector.Match(wanted, opened.Opened())
	run := connecting{checker: c, count: len(organizations), results: []connectResult{}, left: []leftOut{}}
	unlisted := len(opened.Opened()) == 0 && opened.Result(check.IDOrganization).Cause != check.CauseNoOrganization
	run.leaveOut(bad, unmatched, opened.MoreChoices || unlisted)
	if err := c.connector.ConnectEach(ctx, entered, organizations, run.ended); err != nil {
		c.stop(words.Cause(connector.KeychainCause(err)))
		run.code = exitNotRun
	}
	if ctx.Err() != nil && len(run.results) < run.count {
		c.stop(words.Text("terminal.connect_cancelled"))
		run.code = exitNotRun
	}
	return run.summary()
}

// refused says why nothing can be connected with a key, and returns the exit code for that.
func (c checker) refused(r check.Report) int {
	key := result{State: overall(r), Report: r}
	if !c.asJSON {
		c.listed = true
		c.write([]result{key}, true)
		return exitNotRun
	}
	if err := encodeJSON(c.out, map[string]any{"organizations": []connectResult{}, "leftOut": []leftOut{}, "key": key}); err != nil {
		c.stop(err.Error())
	}
	return exitNotRun
}

// readList reads a file with a list of organizations, until its end or that of ctx. It may be a pipe.
func readList(ctx context.Context, file string) (string, error) {
	text, err := connector.ReadList(ctx, func() (io.ReadCloser, error) { return os.Open(file) })
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err // the path stands beside it
	}
	return text, err
}

// connecting collects how connecting the organizations of a list ends, and prints each end as it comes.
type connecting struct {
	checker
	count   int // organizations to connect
	done    int // connected, or connected already
	results []connectResult
	failed  []connector.Connected // those that no other key is kept for
	left    []leftOut
	code    int
}

// connectResult is how connecting one organization ended, as --json prints it.
type connectResult struct {
	Organization check.Organization `json:"organization"`
	// Ended is connected, already (with this key), other_key (another key is kept, and stays) or failed.
	Ended string      `json:"ended"`
	ID    string      `json:"id,omitempty"` // of the connection
	State check.State `json:"state,omitempty"`
	Cause check.Cause `json:"cause,omitempty"` // why it failed
}

// leftOut is a line of the list that names no organization of the key, as --json prints it.
type leftOut struct {
	Line int    `json:"line"`
	Name string `json:"name,omitempty"`
	Why  string `json:"why"`
}

// leaveOut says which lines of the list are left out, and why. Partly says that JumpCloud may not have listed all organizations.
func (c *connecting) leaveOut(bad []int, unmatched []connector.Wanted, partly bool) {
	for _, line := range bad {
		c.left = append(c.left, leftOut{Line: line, Why: words.Text("terminal.line_bad", words.Facts{"Line": fmt.Sprint(line)})})
	}
	for _, w := range unmatched {
		about := words.Facts{"Line": fmt.Sprint(w.Line), "Name": w.Name}
		why := words.Text("terminal.line_unmatched", about)
		switch {
		case w.Several:
			why = words.Text("terminal.line_several", about)
		case partly:
			why = words.Text("terminal.line_unlisted", about)
		}
		c.left = append(c.left, leftOut{w.Line, w.Name, why})
	}
	slices.SortFunc(c.left, func(a, b leftOut) int { return cmp.Compare(a.Line, b.Line) })
	for _, l := range c.left {
		c.code = exitFailed
		c.say(l.Why)
	}
}

// ended takes note of an organization.
func (c *connecting) ended(one connector.Connected) {
	r := connectResult{Organization: one.Organization, Ended: "connected", ID: one.Connection.ID, State: one.Report.Overall()}
	if one.Connection.ID != "" {
		r.Organization = one.Connection.Organization
	}
	another := (*connector.ConnectedError)(nil)
	switch {
	case one.Already:
		r.Ended, r.State = "already", one.Connection.Report.Overall()
	case errors.As(one.Err, &another):
		r.Ended = "other_key"
	case one.Err != nil:
		r.Ended, r.Cause = "failed", one.Why().Cause
		c.failed = append(c.failed, one.Brief())
	}
	if one.Err != nil {
		c.code = max(c.code, exitFailed)
	} else {
		c.done++
	}
	c.results = append(c.results, r)
	c.say(fmt.Sprintf("%d/%d  ", len(c.results), c.count) + r.words())
}

// nameOf is an organization's name, or else its ID.
func nameOf(o check.Organization) string {
	return cmp.Or(printable.Line(o.Name), printable.Line(o.ID))
}

// words says how it ended.
func (r connectResult) words() string {
	name := words.Facts{"Name": nameOf(r.Organization)}
	switch r.Ended {
	case "connected":
		return words.Text("terminal.connect_connected", name)
	case "already":
		return words.Text("terminal.connect_already", name)
	case "other_key":
		return words.Text("terminal.connect_other_key", name)
	}
	return words.Text("terminal.connect_failed", name)
}

// say prints a line, but not beside JSON.
func (c *connecting) say(line string) {
	if !c.asJSON {
		fmt.Fprintln(c.out, line)
	}
}

// summary prints what failed, grouped by its cause, and returns the exit code.
func (c *connecting) summary() int {
	if c.asJSON {
		if err := encodeJSON(c.out, map[string]any{"organizations": c.results, "leftOut": c.left}); err != nil {
			return c.stop(err.Error())
		}
		return c.code
	}
	c.say("")
	c.say(words.Text("terminal.connect_summary", words.Counted(c.done, c.count)))
	for _, group := range connector.GroupNotConnected(c.failed) {
		names := make([]string, len(group.Organizations))
		for i, o := range group.Organizations {
			names[i] = nameOf(o)
		}
		c.say(fmt.Sprintf("  %d: %s", len(names), words.Title(group.Why, c.now())))
		c.say("     " + strings.Join(names, ", "))
		if move := words.Move(group.Why, words.InList, c.now()); move != "" {
			c.say("     → " + move)
		}
	}
	return c.code
}
