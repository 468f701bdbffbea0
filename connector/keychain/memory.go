package keychain

import (
	"maps"
	"sync"

	"github.com/zalando/go-keyring"
)

// smallest is how many bytes an entry may have in the smallest keychain, which is Windows'.
const smallest = 2560

// Memory returns an empty keychain in memory. It refuses entries that the smallest system keychain would refuse.
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
