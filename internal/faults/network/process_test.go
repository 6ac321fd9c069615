package network_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
)

// binary builds the real program once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bot-faults-")
	if err != nil {
		return "", err
	}

	path := filepath.Join(dir, "bot")
	out, err := exec.Command("go", "build", "-o", path, "../../../cmd/bot").CombinedOutput()

	return path, errors.Join(err, map[bool]error{true: errors.New(string(out))}[err != nil])
})

func TestMain(m *testing.M) {
	status := m.Run()

	if built.Load() {
		if path, err := binary(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}

	os.Exit(status)
}

// process is the real program, running.
type process struct {
	*exec.Cmd

	stderr *said
	ended  chan error
}

// said is what a program has printed so far.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.text.String()
}

// spawn starts the real program in this world: it finds the registry under its
// real name through a proxy for TLS, as behind a company's.
func (n *network) spawn(t *testing.T, args ...string) *process {
	t.Helper()

	built.Store(true)

	path, err := binary()
	must(t, err)

	p := &process{Cmd: exec.Command(path, append(args, "--config", n.operator)...), stderr: &said{}, ended: make(chan error, 1)}
	p.Stderr = p.stderr
	p.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "HTTPS_PROXY=http://" + n.tunnel(t), "SSL_CERT_FILE=" + n.roots(t)}

	for name, value := range n.env {
		p.Env = append(p.Env, name+"="+value)
	}

	must(t, p.Start())

	go func() { p.ended <- p.Wait() }()

	t.Cleanup(func() {
		_ = p.Process.Kill() // it has ended, unless the test failed
	})

	return p
}

// saying is closed once the program has printed text, or the test is over.
func (p *process) saying(t *testing.T, text string) chan struct{} {
	t.Helper()

	heard := make(chan struct{})

	go func() {
		defer close(heard)

		for !strings.Contains(p.stderr.String(), text) && t.Context().Err() == nil {
			time.Sleep(20 * time.Millisecond)
		}
	}()

	return heard
}

// within waits for the end.
func (p *process) within(t *testing.T, d time.Duration) error {
	t.Helper()

	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case err := <-p.ended:
		return err
	case <-timer.C:
		_ = p.Process.Signal(syscall.SIGABRT)
		<-p.ended
		t.Fatalf("the program did not end within %s: %s", d, p.stderr)

		return nil
	}
}

// roots is a file with the certificate of the registry's stand-in.
func (n *network) roots(t *testing.T) string {
	t.Helper()

	conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", n.Registry.Addr())
	must(t, err)

	defer conn.Close()

	state := conn.(*tls.Conn).ConnectionState()
	path := filepath.Join(t.TempDir(), "roots.pem")
	must(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: state.PeerCertificates[0].Raw}), 0o600))

	return path
}

// tunnel is a proxy that leads to the registry alone.
func (n *network) tunnel(t *testing.T) string {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	must(t, err)

	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.Host)
		if r.Method != http.MethodConnect || host != registrytest.GHCR && !strings.HasSuffix(host, "githubusercontent.com") {
			http.Error(w, "nobody here is called "+r.Host, http.StatusBadGateway)

			return
		}

		n.tunnelled(r)
		splice(w, n.Registry.Addr())
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
