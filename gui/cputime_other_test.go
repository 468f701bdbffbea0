//go:build !linux

package gui

import "time"

var began = time.Now()

// threadTime is the time of day where the processor's time is not asked for.
func threadTime() time.Duration { return time.Since(began) }
