package gui

import (
	"time"

	system "golang.org/x/sys/unix"
)

// threadTime is how long the processor has worked for this thread, which has to be locked. On a busy computer it says more than the time of day.
func threadTime() time.Duration {
	var t system.Timespec
	_ = system.ClockGettime(system.CLOCK_THREAD_CPUTIME_ID, &t) // cannot fail with this clock
	return time.Duration(t.Nano())
}
