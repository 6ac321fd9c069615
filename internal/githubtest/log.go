package githubtest

import (
	"path"
	"slices"
)

// Request is one request that arrived. Credentials are not kept.
type Request struct {
	Method string
	// Path is without the prefix of an Enterprise Server.
	Path, Query string
	Body        string
	// Status is what was answered; 0 where the connection was cut.
	Status int
	// Token tells whether a known token came with it.
	Token bool
	// Fault tells whether an injected fault took the place of the answer.
	Fault bool
}

// Requests are all that arrived, the oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.requests)
}

// Count is how many requests of a method ("" for any) arrived for paths that
// match pattern, as path.Match does; "*" stands for one part, "" for any path.
func (s *Server) Count(method, pattern string) int {
	n := 0

	for _, r := range s.Requests() {
		if (method == "" || method == r.Method) && matches(pattern, r.Path) {
			n++
		}
	}

	return n
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)

	return pattern == "" || err == nil && ok
}

// Forget empties the log of requests, not that of the unexpected.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.requests = nil
}

// Unexpected is what was asked that this stand-in does not know. A test that
// ends with any has not tested what it believes.
func (s *Server) Unexpected() []string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.unexpected)
}

// Unmet are the faults that were injected and not, or not often enough, met.
func (s *Server) Unmet() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()

	unmet := []Fault{}
	for _, f := range s.faults {
		unmet = append(unmet, *f)
	}

	return unmet
}
