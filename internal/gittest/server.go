package gittest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Server is a running git server on loopback. Its methods are safe for
// concurrent use.
type Server struct {
	// URL is where it listens: http://127.0.0.1:PORT.
	URL string
	// Dir is where its repositories lie.
	Dir string

	backend string
	http    *http.Server
	stop    chan struct{} // closed by Close; ends requests that stall
	closing sync.Once

	mu       sync.Mutex
	tokens   map[string]bool // token → may write
	requests []Request
	faults   []*injected
	hook     func(*http.Request)
	stderr   io.Writer
	within   func(dir string) http.Handler // serves in place of git; nil: git does
	handlers map[string]http.Handler       // by folder
}

// Within lets handler serve the repositories from now on instead of git's own
// program, without a process for each request: for tests by the thousand.
func (s *Server) Within(handler func(dir string) http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.within, s.handlers = handler, map[string]http.Handler{}
}

// inner is what serves the repository of a request within this process; nil:
// git does.
func (s *Server) inner(r *http.Request) http.Handler {
	s.mu.Lock()
	defer s.mu.Unlock()

	name, _, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), ".git/")
	if s.within == nil || !ok {
		return nil
	}

	if s.handlers[name] == nil {
		s.handlers[name] = s.within(filepath.Join(s.Dir, filepath.FromSlash(name)+".git"))
	}

	return s.handlers[name]
}

// New starts a server whose repositories lie under dir, which must exist.
// Until Allow is called it lets everybody read and write.
func New(dir string) (*Server, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}

	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("git server: %s is not a folder", dir)
	}

	path, err := backend()
	if err != nil {
		return nil, err
	}

	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}

	s := &Server{
		URL: "http://" + listener.Addr().String(), Dir: dir, backend: path,
		stop: make(chan struct{}), tokens: map[string]bool{}, stderr: io.Discard,
	}
	s.http = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute}

	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.note(fmt.Sprintf("git server: %v\n", err))
		}
	}()

	return s, nil
}

// Close ends the server and every request that is under way.
func (s *Server) Close() error {
	s.closing.Do(func() { close(s.stop) })

	return s.http.Close()
}

// Diagnose makes git's own complaints go to w. Default: nowhere.
func (s *Server) Diagnose(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.stderr = w
}

func (s *Server) note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	_, _ = io.WriteString(s.stderr, text)
}

// Handler is the server's whole behaviour, for mounting beside other things.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answer{ResponseWriter: w, status: http.StatusOK, cut: -1}
		number := s.begin(r)

		defer func() { s.end(number, answer) }()

		s.serve(answer, r)
	})
}

func (s *Server) serve(w *answer, r *http.Request) {
	if hook := s.currentHook(); hook != nil {
		hook(r)
	}

	if fault, ok := s.fault(r); ok && s.fail(w, r, fault) {
		return
	}

	if s.admit(w, r) {
		s.git(w, r)
	}

	if w.lose {
		panic(http.ErrAbortHandler)
	}
}

// git hands the request to git http-backend.
func (s *Server) git(w http.ResponseWriter, r *http.Request) {
	if inner := s.inner(r); inner != nil {
		inner.ServeHTTP(w, r)

		return
	}

	if err := measure(r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)

		return
	}

	env := append(Environment(),
		"GIT_PROJECT_ROOT="+s.Dir,
		"GIT_HTTP_EXPORT_ALL=1",
		"GIT_PROTOCOL="+r.Header.Get("Git-Protocol"),
		"REMOTE_USER=pusher",
	)
	handler := cgi.Handler{Path: s.backend, Dir: s.Dir, Env: env, Stderr: writerFunc(s.note)}
	handler.ServeHTTP(w, r)
}

type writerFunc func(string)

func (f writerFunc) Write(p []byte) (int, error) {
	f(string(p))

	return len(p), nil
}
