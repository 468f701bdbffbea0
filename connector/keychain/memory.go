package keychain

import (
	"maps"
	"sync"

	"github.com/zalando/go-keyring"
)

// smallest is the size in bytes of the largest entry that every system's keychain takes: that of Windows.
const smallest = 2560

// Memory returns an empty keychain that lives as long as the process. It refuses what the smallest keychain of a
// real system would refuse.
func Memory() Backend { return &memory{entries: make(map[account]string)} }

type account struct{ service, user string }

type memory struct {
	mu      sync.Mutex
	entries map[account]string
}

func (m *memory) Get(service, user string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	text, ok := m.entries[account{service, user}]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return text, nil
}

func (m *memory) Set(service, user, secret string) error {
	if len(secret) > smallest {
		return keyring.ErrSetDataTooBig
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries[account{service, user}] = secret
	return nil
}

func (m *memory) DeleteAll(service string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.entries, func(a account, _ string) bool { return a.service == service })
	return nil
}

func (m *memory) Delete(service, user string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.entries[account{service, user}]; !ok {
		return keyring.ErrNotFound
	}
	delete(m.entries, account{service, user})
	return nil
}
