package registrytest

import (
	"context"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Tunnel is a proxy for TLS, as a company has one, that leads to this server
// alone. Through it a program in a process of its own finds the server under
// the registry's real name.
type Tunnel struct {
	server   *http.Server
	listener net.Listener
	roots    []byte
}

// Tunnel starts one on loopback for a server with [Options.Host]. asked, unless
// it is nil, hears of each connection that is made.
func (s *Server) Tunnel(asked func(*http.Request)) (*Tunnel, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}

	names := []string{s.opts.Host + ":443", blobHost + ":443"}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || !slices.Contains(names, strings.ToLower(r.Host)) {
			http.Error(w, "nobody here is called "+r.Host, http.StatusBadGateway)

			return
		}

		if asked != nil {
			asked(r)
		}

		splice(w, s.Addr())
	})}

	go server.Serve(listener) // it ends when Close does

	return &Tunnel{server, listener, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.leaf.Raw})}, nil
}

// Close ends it. Connections that were made live on.
func (t *Tunnel) Close() error { return t.server.Close() }

// Environment is what a program needs to go through it, and to trust the
// server: the latter's certificate is put into dir.
func (t *Tunnel) Environment(dir string) ([]string, error) {
	roots := filepath.Join(dir, "roots.pem")

	return []string{"HTTPS_PROXY=http://" + t.listener.Addr().String(), "SSL_CERT_FILE=" + roots}, os.WriteFile(roots, t.roots, 0o600)
}

// splice carries bytes between a client and an address, until either ends.
func splice(w http.ResponseWriter, to string) {
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()

	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer server.Close()

	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")

	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()

	_, _ = io.Copy(client, server)
}
