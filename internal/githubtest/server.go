package githubtest

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Git is where the branches are.
type Git interface {
	// Branch is the commit at the tip of a branch of repo, "owner/name".
	Branch(repo, name string) (sha string, ok bool)
	// Merge merges the commit head into the branch base by method ("merge",
	// "squash" or "rebase") and returns the commit that base is at then.
	Merge(repo, base, head, method string) (sha string, err error)
}

// Options make a Server.
type Options struct {
	// Git resolves branches. Default: a Branches of its own, without any.
	Git Git
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// RateLimit is how many requests a token has per hour. Default: 5000.
	RateLimit int
}

// Server is the stand-in, an http.Handler that is safe for concurrent use. It
// answers at / as api.github.com does and at /api/v3/ as an Enterprise Server.
type Server struct {
	git   Git
	now   func() time.Time
	limit int
	mux   *http.ServeMux

	mu         sync.Mutex
	nextID     int64
	users      map[string]*user
	tokens     map[string]*token
	repos      map[string]*repository
	requests   []Request
	unexpected []string
	faults     []*Fault
	app        *App
	installed  map[string]*installation // by account
}

// New is a GitHub without users or repositories.
func New(o Options) *Server {
	s := &Server{
		git:    o.Git,
		now:    o.Now,
		limit:  cmp.Or(o.RateLimit, 5000),
		mux:    http.NewServeMux(),
		nextID: 1000,
		users:  map[string]*user{},
		tokens: map[string]*token{},
		repos:  map[string]*repository{},

		installed: map[string]*installation{},
	}

	if s.git == nil {
		s.git = NewBranches()
	}

	if s.now == nil {
		s.now = time.Now
	}

	s.routes()

	return s
}

const maxRequest = 1 << 20

// ServeHTTP answers one request, one at a time.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, `{"message":"the request is too large or was cut"}`, http.StatusRequestEntityTooLarge)

		return
	}

	fault, answer := s.handle(r, body)
	if fault != nil {
		fault.serve(w, answer)

		return
	}

	answer.write(w)
}

// handle does what is asked and logs it. The fault, if there is one, then
// takes the place of the answer.
func (s *Server) handle(r *http.Request, body []byte) (*Fault, *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()

	c := s.call(r, body)
	fault := s.fault(c)

	if fault == nil || fault.After {
		s.sync()
		c.serve()
	}

	status := c.answer.status
	if fault != nil {
		status = fault.Status
	}

	s.requests = append(s.requests, Request{
		Method: r.Method, Path: c.path, Query: r.URL.RawQuery, Body: string(body), Status: status,
		Token: c.token != nil, Fault: fault != nil,
	})

	return fault, c.answer
}

func (s *Server) call(r *http.Request, body []byte) *call {
	path, enterprise := strings.CutPrefix(r.URL.Path, "/api/v3")

	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}

	c := &call{s: s, r: r, body: body, path: path, answer: &answer{header: http.Header{}}}
	c.html = scheme + "://" + r.Host
	c.api = c.html

	if enterprise {
		c.api += "/api/v3"
	}

	if r.Host == "api.github.com" {
		c.html = "https://github.com"
	}

	return c
}

// id numbers things as GitHub does: one sequence for all.
func (s *Server) id() int64 {
	s.nextID++

	return s.nextID
}

// time is now as GitHub tells it, in whole seconds of UTC.
func (s *Server) time() time.Time { return s.now().UTC().Truncate(time.Second) }

// rewound is r with the body that was read.
func rewound(r *http.Request, path string, body []byte) *http.Request {
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = path, ""
	inner.Body = io.NopCloser(bytes.NewReader(body))

	return inner
}
