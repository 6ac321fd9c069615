package faultproxy

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// Proxy is a running proxy. Its methods are safe for concurrent use.
type Proxy struct {
	// Addr is where it listens.
	Addr string

	server *http.Server
	behind http.Handler
	stop   chan struct{}

	mu    sync.Mutex
	fault func(n int, r *http.Request) *Fault
	seen  int
}

// New listens on loopback and passes requests on to backend, which carry the
// client's own Host, through transport (nil: http.DefaultTransport's like).
func New(backend *url.URL, transport http.RoundTripper) (*Proxy, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}

	silent := log.New(io.Discard, "", 0)
	p := &Proxy{Addr: listener.Addr().String(), stop: make(chan struct{})}
	p.behind = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = backend.Scheme, backend.Host
			r.Out.Host = r.In.Host
		},
		Transport: transport, ErrorLog: silent, FlushInterval: -1,
	}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute, ErrorLog: silent}

	go p.server.Serve(listener) //nolint:errcheck // it ends when Close does

	return p, nil
}

// Close ends it, and what is under way.
func (p *Proxy) Close() error {
	close(p.stop)

	return p.server.Close()
}

// Fail asks fault what happens to each request from now on: nil for nothing. n
// counts them from 1. A nil fault heals all.
func (p *Proxy) Fail(fault func(n int, r *http.Request) *Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.fault, p.seen = fault, 0
}

// Seen is how many requests came since Fail was called.
func (p *Proxy) Seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()

	return p.seen
}

func (p *Proxy) next(r *http.Request) *Fault {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.seen++
	if p.fault == nil {
		return nil
	}

	return p.fault(p.seen, r)
}

// ServeHTTP passes a request on, or does what its fault says.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := p.next(r)
	if f == nil {
		p.pass(w, r)

		return
	}

	f.do(p, w, r)
}

// pass passes a request on, whole. Handed on as it comes, its body may be closed
// by net/http's server, which does so once the answer begins, before net/http's
// client has seen its end: the client then closes the connection under the
// answer.
func (p *Proxy) pass(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // who asked has gone
	}

	r.Body = io.NopCloser(bytes.NewReader(body))
	p.behind.ServeHTTP(w, r)
}
