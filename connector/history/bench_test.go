package history

import (
	"fmt"
	"testing"
)

// many returns the ids of 1,000 connections.
func many() (ids []string) {
	for n := range 1000 {
		ids = append(ids, fmt.Sprintf("connection%d", n))
	}
	return ids
}

// filled returns a history in which each of 1,000 connections has outcomes.
func filled(b *testing.B) *History {
	h := on(newFolder(b), newCounter())
	for _, id := range many() {
		add(b, h, id, passed(0, 0), failed(1, 0), passed(2, 0))
	}
	return h
}

// BenchmarkAdd adds an outcome to each of 1,000 connections. Each one waits for the disk.
func BenchmarkAdd(b *testing.B) {
	h := filled(b)
	day := 3
	for b.Loop() {
		for _, id := range many() {
			add(b, h, id, passed(day, 0))
		}
		day++
	}
}

// BenchmarkLast reads the last outcome of 1,000 connections, as the start does.
func BenchmarkLast(b *testing.B) {
	h := filled(b)
	for b.Loop() {
		if last := h.Last(b.Context(), many()); len(last) != 1000 {
			b.Fatalf("%d were found", len(last))
		}
	}
}
