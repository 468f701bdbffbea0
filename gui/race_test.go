//go:build race

package gui

// raced says that the race detector is on.
const raced = true
