package check

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// StatusPage is JumpCloud's page about outages.
const StatusPage = "https://status.jumpcloud.com"

// ForSupport returns a text about the report for support: versions, system, region, checks, times, HTTP statuses and JumpCloud's ids of
// the requests. It holds no secret, nothing personal, and no name or id of an organization. To make sure of that, it shows causes, and
// only the facts that are listed here. App is the program's name and version.
func (r Report) ForSupport(app string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s/%s, %s%s\n", app, runtime.GOOS, runtime.GOARCH, runtime.Version(), libraries())
	fmt.Fprintf(&b, "Checked %s, %s, region %s\n\n", moment(r.At), rounded(r.Took), regionForSupport(r.Region))
	if !slices.ContainsFunc(r.Results, func(r Result) bool { return len(r.Exchanges) > 0 }) {
		b.WriteString("The single requests are not known: this report is from an earlier start, or none was made.\n\n")
	}
	for _, result := range r.Results {
		fmt.Fprintf(&b, "%-16s %-8s %-24s %8s", result.Check, result.State, result.Cause, rounded(result.Took))
		for _, name := range []string{"Status", "Tries", "RequestID", "Seconds", "Field", "Resource", "Setting", "Detail"} {
			if value := result.Facts[name]; value != "" {
				fmt.Fprintf(&b, "  %s=%s", strings.ToLower(name), value)
			}
		}
		b.WriteString("\n")
		for _, e := range result.Exchanges {
			line := fmt.Sprintf("    GET %s  %d %s  %s  %s", e.Path, e.Status, e.Protocol, rounded(e.Took), e.RequestID)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	return b.String()
}

// regionForSupport is the region's id. It hides an address that somebody gave in place of a region.
func regionForSupport(id string) string {
	switch {
	case id == "":
		return "not known"
	case len(id) == 2:
		return id
	}
	return "custom"
}

// libraries lists the versions of the libraries that are most likely to cause a failure.
func libraries() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text := ""
	for _, m := range info.Deps {
		if slices.Contains([]string{"fyne.io/fyne/v2", "github.com/zalando/go-keyring"}, m.Path) {
			text += ", " + m.Path + " " + m.Version
		}
	}
	return text
}

func rounded(d time.Duration) string { return d.Round(time.Millisecond).String() }
