package network_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
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

	tunnel, err := n.Registry.Tunnel(n.tunnelled)
	must(t, err)
	t.Cleanup(func() { _ = tunnel.Close() })

	p.Env, err = tunnel.Environment(t.TempDir())
	must(t, err)

	p.Env = append(p.Env, "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir())

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
