package gittest

import (
	"net/http"
	"slices"
	"strings"
)

// Request is one request that the server saw.
type Request struct {
	Method string
	// Path is the URL's path: /example/gitops.git/info/refs.
	Path string
	// Service is git-upload-pack for a fetch, git-receive-pack for a push.
	Service string
	// Protocol is the Git-Protocol header: version=2 from git itself.
	Protocol string
	// Sent is the length of the request's body as the client named it, 0 where
	// it named none.
	Sent int64
	// Status is what was answered, 0 while the request is under way and when
	// the connection was broken instead.
	Status int
	// Bytes is the length of the answer's body.
	Bytes int64
}

// Requests is a copy of what was asked since the start or the last Forget.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.requests)
}

// Count tells how many requests there were whose "METHOD path" contains part.
func (s *Server) Count(part string) int {
	n := 0

	for _, r := range s.Requests() {
		if strings.Contains(r.Method+" "+r.Path, part) {
			n++
		}
	}

	return n
}

// Forget empties the log of requests.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.requests = nil
}

func (s *Server) begin(r *http.Request) (number int) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.requests = append(s.requests, Request{
		Method: r.Method, Path: r.URL.Path, Service: service(r), Protocol: r.Header.Get("Git-Protocol"),
		Sent: max(r.ContentLength, 0),
	})

	return len(s.requests) - 1
}

func (s *Server) end(number int, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if number < len(s.requests) { // else forgotten meanwhile
		s.requests[number].Status, s.requests[number].Bytes = a.status, a.bytes
	}
}
