package gui

import (
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
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
