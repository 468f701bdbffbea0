// Package traytest stands in for a desktop's panel in tests on Linux: a real service on the session bus, which takes icons of programs as
// a panel does, and uses them as a person does. It draws nothing.
package traytest
