package registrytest

import (
	"net/http"
	"slices"
)

// Request is one request that reached the server. It holds no token.
type Request struct {
	Route      Route
	Method     string
	Path       string // with the query, but for a blob's signature
	Repository string
	Reference  string
	Status     int // 0: no answer was sent
	UserAgent  string
	Authorized bool // an Authorization header was there
}

// Requests lists what was asked, in the order in which answers ended.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.log)
}

// Count is the number of requests of a route; [Any] counts all.
func (s *Server) Count(route Route) int {
	s.mu.Lock()
	defer s.mu.Unlock()

	n := 0
	for _, r := range s.log {
		if route == Any || r.Route == route {
			n++
		}
	}

	return n
}

// Unexpected lists the requests that no client of a registry should make: unknown routes and writes.
func (s *Server) Unexpected() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool {
		return r.Route != Elsewhere && r.Status != http.StatusMethodNotAllowed
	})
}

// Forget empties the log.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.log = nil
}

func (s *Server) record(r *http.Request, c call, status int) {
	path := r.URL.RequestURI()
	if c.route == Blob {
		path = r.URL.Path
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.log = append(s.log, Request{
		Route: c.route, Method: r.Method, Path: path, Repository: c.repo, Reference: c.reference,
		Status: status, UserAgent: r.UserAgent(), Authorized: r.Header.Get("Authorization") != "",
	})
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter

	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}

	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
