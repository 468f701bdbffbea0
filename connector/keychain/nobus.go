//go:build !((dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd)

package keychain

// explain returns err: the errors of these systems are clear.
func explain(err error) error { return err }

// reach has nothing to connect to.
func reach() error { return nil }

// NoNewBus does nothing: the keychains of these systems use no bus.
func NoNewBus() {}
