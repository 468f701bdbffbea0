package jumpcloudtest

import "time"

// now returns the time by the server's clock. [Server.mu] is held.
func (s *Server) now() time.Time { return time.Now().Add(s.clock) }

// Generate does what an administrator does with *Generate New API Key*: the administrator of the key former has the key next from now on,
// and former is unknown at once. A lifetime of 0 means that next has no end.
func (s *Server) Generate(former, next string, lifetime time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addLike(former, next, lifetime)
	delete(s.keys, former)
}

// AddCredential gives the service account of the key former a second key. Both are known until [Server.Revoke] ends one. A lifetime of 0
// means that next has no end.
func (s *Server) AddCredential(former, next string, lifetime time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addLike(former, next, lifetime)
}

// addLike adds a key that differs from another one in its value and its dates.
func (s *Server) addLike(former, next string, lifetime time.Duration) {
	k := s.keys[former]
	k.Value, k.Created, k.Expires = next, s.now(), time.Time{}
	k.Revoked, k.Fault = false, nil
	if lifetime > 0 {
		k.Expires = k.Created.Add(lifetime)
	}
	s.keys[next] = k
}

// Revoke ends a key. Its administrator stays, without another key.
func (s *Server) Revoke(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.keys[value]
	k.Revoked = true
	s.keys[value] = k
}

// Remove removes the administrator or the service account of a key, and with it the key.
func (s *Server) Remove(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.keys, value)
}
