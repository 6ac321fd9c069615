package trees_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// roots is a file with the certificate of the registry's stand-in.
func roots(t *testing.T, registry string) string {
	t.Helper()

	conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", registry)
	must(t, err)

	defer conn.Close()

	state := conn.(*tls.Conn).ConnectionState()
	path := filepath.Join(t.TempDir(), "roots.pem")
	must(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: state.PeerCertificates[0].Raw}), 0o600))

	return path
}

// tunnel is a proxy that leads to the registry, whoever is asked for.
func tunnel(t *testing.T, registry string) string {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	must(t, err)

	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _, _ := net.SplitHostPort(r.Host); r.Method != http.MethodConnect || host != "ghcr.io" && !strings.HasSuffix(host, "githubusercontent.com") {
			http.Error(w, "nobody here is called "+r.Host, http.StatusBadGateway)

			return
		}

		splice(w, registry)
	})}

	go server.Serve(listener)
	t.Cleanup(func() { _ = server.Close() })

	return listener.Addr().String()
}

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
