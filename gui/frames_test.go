package gui

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// BenchmarkChecks measures how long the window's thread is busy at a time while a key is checked: the longest of all results that it takes
// over and lays out, in milliseconds, and for comparison how long Fyne's software takes to draw the window once.
func BenchmarkChecks(b *testing.B) {
	var longest, drawing time.Duration
	for b.Loop() {
		s := open(b, keychain.Memory(), Options{})
		s.settle()
		do := s.work.do
		s.work.do = func(f func()) {
			do(func() {
				start := time.Now()
				f()
				layOut(s.win.Content())
				longest = max(longest, time.Since(start))
			})
		}
		s.typeKey(jumpcloudtest.SampleKey)
		s.shown()
		start := time.Now()
		s.win.Canvas().Capture()
		drawing = time.Since(start)
		s.close()
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest-job")
	b.ReportMetric(float64(drawing.Microseconds())/1000, "ms/drawing")
}

// BenchmarkOrganizations measures the longest job on the window's thread with 5,000 organizations of a key and 5,000 connections, in
// milliseconds of the processor's time: to show them, to find among them, to select, to take over what is connected, and at the end. Each is laid out, too.
func BenchmarkOrganizations(b *testing.B) {
	const many, batch = 5000, 40
	longest := make(map[string]time.Duration)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for b.Loop() {
		s := open(b, keychain.Memory(), Options{})
		s.settle()
		m := s.many()
		job := func(what string, do func()) {
			start := threadTime()
			do()
			layOut(s.win.Content())
			longest[what] = max(longest[what], threadTime()-start)
		}
		report := s.c.Validate(b.Context(), check.Credentials{APIKey: secret.New(jumpcloudtest.SampleKey)}, func(check.Result) {}).WithoutKey()
		choice := aChoice(many)
		choice.report.Region = report.Region
		choice.credentials.Region = report.Region
		job("showing", func() { s.tell(choice) })
		for _, letter := range "holdings 49" {
			job("finding", func() { m.search.TypedRune(letter) })
		}
		m.search.SetText("")
		job("selecting", m.selectShown)
		job("selecting", func() { m.toggle(7) })
		job("selecting", func() { m.extend(0, many-1) })
		for range 50 {
			job("scrolling", func() { m.list.ScrollToOffset(m.list.GetScrollOffset() + 500) })
		}
		m.connecting.running = true
		m.pace.begin(s.clock.Now(), many)
		for i := 0; i < many; i += batch {
			var some []connector.Connected
			for _, o := range m.every[i : i+batch] {
				c := connector.Connection{ID: o.ID, Name: o.Name, Region: report.Region, KeyID: m.keyID, Organization: o, Report: report}
				some = append(some, connector.Connected{Organization: o, Connection: c, Report: report})
			}
			job("taking-over", func() { m.took(some) })
			if len(m.fresh) >= mostFresh {
				job("listing", m.keepFresh)
			}
		}
		m.connecting.running = false
		job("listing", m.keepFresh)
		job("ending", func() { m.connectedAll(runEnd{keyID: m.keyID}) })
		s.close()
	}
	for what, took := range longest {
		b.ReportMetric(float64(took.Microseconds())/1000, "ms/"+what)
	}
}

// BenchmarkConnections measures what 5,000 connections take: how many KiB of memory each has in the window, and how long the window's thread is
// busy for a frame while 200 of them are checked and the home is scrolled, in milliseconds of the processor's time: the median, the one that 99 of
// 100 keep to, and the longest. Drawing is how long Fyne's software takes to draw the window once, for comparison.
func BenchmarkConnections(b *testing.B) {
	const kept, checked = 5000, 200
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for b.Loop() {
		server, k := jumpcloudtest.New(jumpcloudtest.NewMSP(1, kept, 0, time.Now()).World()), keychain.Memory()
		b.Cleanup(server.Close)
		keepMany(b, server, k, kept)
		before := heap()
		s := openOn(b, server, k, Options{})
		s.until("all are read", func() bool { return len(s.connections.all) == kept && !s.loader.reading.running })
		s.settle()
		b.ReportMetric(float64(heap()-before)/kept/1024, "KiB/connection")
		var frames []time.Duration
		frame := func(do func()) {
			start := threadTime()
			do()
			layOut(s.win.Content())
			frames = append(frames, threadTime()-start)
		}
		s.win.Resize(fyne.NewSize(1920, 1000))
		s.tell(homeWanted{})
		do, done := s.work.do, false
		s.work.do = func(f func()) { do(func() { frame(f) }) }
		s.work.startOnKeychain(func(ctx context.Context) {
			s.c.CheckEach(ctx, s.connections.all[:checked], func(id string, report check.Report, err error) {
				s.work.do(func() { s.connections.checked(id, report) })
			})
			s.work.do(func() { done = true })
		})
		list := s.list.list
		s.until("they are checked", func() bool {
			frame(func() { list.ScrollToOffset(list.GetScrollOffset() + 300) })
			return done
		})
		slices.Sort(frames)
		b.ReportMetric(float64(frames[len(frames)-1].Microseconds())/1000, "ms/longest-frame")
		b.ReportMetric(float64(frames[len(frames)/2].Microseconds())/1000, "ms/median-frame")
		b.ReportMetric(float64(frames[len(frames)*99/100].Microseconds())/1000, "ms/99-of-100")
		start := threadTime()
		s.win.Canvas().Capture()
		b.ReportMetric(float64((threadTime()-start).Microseconds())/1000, "ms/drawing")
		s.close()
	}
}

// keepMany keeps connections to the first organizations of a server in a keychain: all at once, as they would be after a while of checking them.
func keepMany(b *testing.B, server *jumpcloudtest.Server, k keychain.Backend, n int) {
	b.Helper()
	s := openOn(b, server, keychain.Memory(), Options{})
	defer s.close()
	key := secret.New(jumpcloudtest.SampleMultiTenantKey)
	report := s.c.Validate(b.Context(), check.Credentials{APIKey: key, OrganizationID: secret.New(jumpcloudtest.OrganizationID(0))}, func(check.Result) {})
	all := make([]vault.Connection, n)
	for i := range all {
		report.At = report.At.Add(time.Second)
		report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(i), Name: fmt.Sprintf("Client %04d", i)}
		for j := range report.Results {
			report.Results[j].Took = time.Duration(i*37+j*59) % 300 * time.Millisecond
		}
		data, err := json.Marshal(report)
		if err != nil {
			b.Fatal(err)
		}
		all[i] = vault.Connection{Name: report.Organization.Name, Region: report.Region, OrganizationID: report.Organization.ID,
			OrganizationName: report.Organization.Name, Saved: report.At, Report: data}
	}
	_, err := vault.New(keychain.New(k, "gui.test"), nil).SaveSeveral(b.Context(), key, func([]vault.Connection) ([]vault.Connection, error) { return all, nil })
	if err != nil {
		b.Fatal(err)
	}
}

// heap is how many bytes of the heap are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkHome measures the longest job on the window's thread with 5,000 connections in the home, in milliseconds of the processor's time: to
// take them over, to show them, to sort by each column, to filter, to search, to take over a report while the list is scrolled, to look anew each
// minute, to open one and go back, and to rename one. Each is laid out, too.
func BenchmarkHome(b *testing.B) {
	longest := make(map[string]time.Duration)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for b.Loop() {
		s := open(b, keychain.Memory(), Options{})
		s.settle()
		all := manyConnections(5000, s.clock.Now())
		job := func(what string, do func()) {
			start := threadTime()
			do()
			layOut(s.win.Content())
			longest[what] = max(longest[what], threadTime()-start)
		}
		s.win.Resize(fyne.NewSize(1920, 1000))
		job("taking-over", func() { s.loader.set(all) })
		job("showing", func() { s.tell(homeWanted{}) })
		for o := range listColumns {
			job("sorting", func() { s.list.sortBy(connectionOrder(o)) })
			job("sorting", func() { s.list.sortBy(connectionOrder(o)) })
		}
		for f := range filterKeys {
			job("filtering", func() { s.list.chips.Choose(f); s.list.choose(connectionFilter(f)) })
		}
		s.list.choose(allConnections)
		for _, letter := range "finch 49" {
			job("searching", func() { s.list.search.TypedRune(letter) })
		}
		s.list.search.SetText("")
		s.list.sortBy(byHealth)
		for i := range 200 {
			report := all[i*25].Report
			report.At = s.clock.Now()
			job("scrolling-and-a-report", func() {
				s.list.list.ScrollToOffset(s.list.list.GetScrollOffset() + 300)
				s.connections.checked(all[i*25].ID, report)
			})
		}
		job("a-minute", func() { s.tell(minutePassed{}) })
		s.checks.ended = make(map[string]check.Cause)
		for _, c := range all {
			s.checks.of, s.checks.ended[c.ID] = append(s.checks.of, connector.Connection{ID: c.ID, Saved: c.Saved}), ""
		}
		job("showing-a-check-of-all", func() { s.tell(checksChanged{}) })
		job("a-minute-after-it", func() { s.tell(minutePassed{}) })
		s.checks.forget()
		job("opening", func() { s.list.chosen(17) })
		job("going-back", func() { s.onEscape() })
		job("opening-another", func() { s.list.chosen(18) })
		job("going-back", func() { s.onEscape() })
		job("renaming", func() { s.connections.change(all[17].ID, func(c *connector.Connection) { c.Name = "Zoo" }) })
		forgetOrder(s)
		s.close()
	}
	for what, took := range longest {
		b.ReportMetric(float64(took.Microseconds())/1000, "ms/"+what)
	}
}
