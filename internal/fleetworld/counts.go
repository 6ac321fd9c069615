package fleetworld

import (
	"maps"
	"net"
	"net/http"
	"sync"
)

// Traffic is what passed one server.
type Traffic struct {
	// Requests are all, Confirmed those of them that were answered 304.
	Requests, Confirmed int
	// Bytes are those of both directions, below TLS and HTTP.
	Bytes int64
}

type counts struct {
	mu  sync.Mutex
	all map[string]Traffic
}

func newCounts() *counts { return &counts{all: map[string]Traffic{}} }

func (c *counts) add(name string, t Traffic) {
	c.mu.Lock()
	defer c.mu.Unlock()

	sum := c.all[name]
	sum.Requests, sum.Confirmed, sum.Bytes = sum.Requests+t.Requests, sum.Confirmed+t.Confirmed, sum.Bytes+t.Bytes
	c.all[name] = sum
}

// requests counts what a handler answers.
func (c *counts) requests(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(s, r)

		t := Traffic{Requests: 1}
		if s.status == http.StatusNotModified {
			t.Confirmed = 1
		}

		c.add(name, t)
	})
}

type statusWriter struct {
	http.ResponseWriter

	status int
}

// WriteHeader notes the status.
func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// bytes counts what passes a listener's connections.
func (c *counts) bytes(name string, l net.Listener) net.Listener { return countingListener{l, c, name} }

type countingListener struct {
	net.Listener

	counts *counts
	name   string
}

// Accept counts on the connection that it takes.
func (l countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}

	return countingConn{conn, l}, nil
}

type countingConn struct {
	net.Conn

	l countingListener
}

// Read counts what came.
func (c countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.l.counts.add(c.l.name, Traffic{Bytes: int64(n)})

	return n, err
}

// Write counts what went.
func (c countingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.l.counts.add(c.l.name, Traffic{Bytes: int64(n)})

	return n, err
}

// Taken is what passed since it was asked last, by server: "github", "git" and
// "registry".
func (w *World) Taken() map[string]Traffic {
	w.counts.mu.Lock()
	out := maps.Clone(w.counts.all)
	clear(w.counts.all)
	w.counts.mu.Unlock()

	out["registry"] = Traffic{Requests: len(w.Registry.Requests()), Bytes: out["registry"].Bytes}
	w.Registry.Forget()
	w.GitHub.Forget()

	return out
}
