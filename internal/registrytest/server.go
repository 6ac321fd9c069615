package registrytest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

// GHCR is the real host name to serve under.
const GHCR = "ghcr.io"

// blobHost is where ghcr.io sends those who ask it for a blob.
const blobHost = "pkg-containers.githubusercontent.com"

// Options shape the stand-in. The zero value is a public registry over plain HTTP.
type Options struct {
	// Host is the real name to serve over TLS, usually [GHCR]; only a client with [Server.Transport] reaches it.
	// Default: plain HTTP under the loopback address.
	Host string
	// Private lists the repositories ("owner/name") that need one of Secrets. Default: none.
	Private []string
	// Secrets are the passwords that the token endpoint takes, with any user name. Default: none.
	Secrets []string
	// TokenLife is how long a token is good for. Default: 5 minutes.
	TokenLife time.Duration
	// ETags makes the server tag its lists with an ETag and answer 304. Default: off, as ghcr.io.
	ETags bool
	// Now is the clock that tokens expire by. Default: time.Now.
	Now func() time.Time
	// Watch is what connections are accepted through. Default: nothing.
	Watch func(net.Listener) net.Listener
}

// Server is a running registry. Its methods are safe for concurrent use.
type Server struct {
	opts     Options
	store    http.Handler // go-containerregistry's: blobs, and manifests by digest
	server   *http.Server
	listener net.Listener
	leaf     *x509.Certificate // nil without Options.Host
	done     chan struct{}

	mu     sync.Mutex
	repos  map[string]*repository
	tokens map[string]grant
	issued int
	faults []*Fault
	log    []Request
}

// New starts a registry on a free loopback port. Close stops it.
func New(o Options) (*Server, error) {
	if o.TokenLife == 0 {
		o.TokenLife = 5 * time.Minute
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	s := &Server{
		opts:   o,
		store:  registry.New(registry.Logger(log.New(io.Discard, "", 0))),
		done:   make(chan struct{}),
		repos:  map[string]*repository{},
		tokens: map[string]grant{},
	}
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("start registry: %w", err)
	}

	return s, nil
}

func (s *Server) listen() error {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}

	if s.opts.Watch != nil {
		listener = s.opts.Watch(listener)
	}

	s.listener = listener
	s.server = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}

	if s.opts.Host != "" {
		certificate, err := selfSigned(s.opts.Host, blobHost)
		if err != nil {
			return errors.Join(err, listener.Close())
		}

		s.leaf = certificate.Leaf
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	}

	go func() {
		defer close(s.done)

		_ = s.server.Serve(listener) // always ends with the error that Close caused
	}()

	return nil
}

// Close stops the server and waits until it has.
func (s *Server) Close() error {
	err := s.server.Close()
	<-s.done

	return err
}

// Host is what stands before the first slash of an image's name.
func (s *Server) Host() string {
	if s.opts.Host != "" {
		return s.opts.Host
	}

	return s.listener.Addr().String()
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Image is the full name of a repository: Image("glitch-soc/mastodon") is "ghcr.io/glitch-soc/mastodon".
func (s *Server) Image(repository string) string { return s.Host() + "/" + repository }

// Transport reaches this server, under its real name too, and nothing else: a dial to any other host is an error.
func (s *Server) Transport() *http.Transport {
	known := map[string]bool{s.listener.Addr().String(): true}
	if s.opts.Host != "" {
		known = map[string]bool{s.opts.Host + ":443": true, blobHost + ":443": true}
	}

	roots := x509.NewCertPool()
	if s.leaf != nil {
		roots.AddCert(s.leaf)
	}

	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if !known[address] {
				return nil, fmt.Errorf("registrytest: a request to %s, which is not this registry", address)
			}

			return (&net.Dialer{}).DialContext(ctx, network, s.listener.Addr().String())
		},
	}
}

func (s *Server) scheme() string {
	if s.opts.Host != "" {
		return "https"
	}

	return "http"
}
