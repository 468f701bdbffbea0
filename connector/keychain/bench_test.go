package keychain

import (
	"fmt"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

// thousand returns a keychain with 1,000 connections.
func thousand(b *testing.B) (*Keychain, []string) {
	b.Helper()
	k, _ := opened()
	var names []string
	for n := range 1000 {
		names = append(names, fmt.Sprintf("connection/%024x", n))
		if err := k.Put(b.Context(), names[n], secret.New(long(1_000))); err != nil {
			b.Fatal(err)
		}
	}
	return k, names
}

func BenchmarkNames(b *testing.B) {
	k, _ := thousand(b)
	for b.Loop() {
		if _, err := k.Names(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	k, names := thousand(b)
	for n := 0; b.Loop(); n++ {
		if _, err := k.Get(b.Context(), names[n%len(names)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	k, names := thousand(b)
	value := secret.New(long(1_000))
	for n := 0; b.Loop(); n++ {
		if err := k.Put(b.Context(), names[n%len(names)], value); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPutNew puts a name and deletes it again.
func BenchmarkPutNew(b *testing.B) {
	k, _ := thousand(b)
	value := secret.New(long(1_000))
	for b.Loop() {
		if err := k.Put(b.Context(), "connection/new", value); err != nil {
			b.Fatal(err)
		}
		if err := k.Delete(b.Context(), "connection/new"); err != nil {
			b.Fatal(err)
		}
	}
}
