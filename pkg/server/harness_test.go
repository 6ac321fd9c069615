package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/pkg/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// morning is when the tests begin: a Monday, between two half hours.
var morning = time.Date(2026, 3, 2, 0, 10, 0, 0, time.UTC)

// patience is how long a test waits for something that is about to happen.
const patience = 10 * time.Second

// world is a running server with everything around it in the test's hand.
type world struct {
	t      *testing.T
	server *server.Server
	clock  *clockwork.FakeClock
	base   string // of its HTTP side
	log    *buffer
	stop   context.CancelFunc
	ended  chan error
}

// run starts a server over the defaults of a test, changed by change.
func run(t *testing.T, setup server.Setup, change ...func(*server.Options)) *world {
	t.Helper()

	w := &world{t: t, clock: clockwork.NewFakeClockAt(morning), log: &buffer{}, ended: make(chan error, 1)}
	listening := make(chan net.Addr, 1)
	ids := 0

	o := server.Options{
		Load:      func(context.Context) (server.Setup, error) { return setup, nil },
		Listen:    "127.0.0.1:0",
		Listening: func(a net.Addr) { listening <- a },
		Clock:     w.clock,
		Random:    func(d time.Duration) time.Duration { return d - 1 },
		NewID:     func() string { ids++; return fmt.Sprintf("pass-%d", ids) },
		Version:   "v1.2.3",
		Log:       slog.New(server.LogHandler(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
	}

	for _, c := range change {
		c(&o)
	}

	s, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	w.server, w.stop = s, cancel

	gone := make(chan struct{})

	go func() {
		defer close(gone)

		w.ended <- s.Run(ctx)
	}()

	t.Cleanup(func() {
		cancel()
		http.DefaultClient.CloseIdleConnections()

		select {
		case <-gone:
		case <-time.After(patience):
			t.Errorf("the server does not stop\n%s", w.log)
		}
	})

	select {
	case a := <-listening:
		w.base = "http://" + a.String()
	case err := <-w.ended:
		w.ended <- err
	}

	return w
}

// sleepers waits until the server sleeps: its timer, and another clock where a
// configuration is watched or a pass runs.
func (w *world) sleepers(n int) {
	w.t.Helper()

	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()

	if err := w.clock.BlockUntilContext(ctx, n); err != nil {
		w.t.Fatalf("nobody waits for the clock: %v\n%s", err, w.log)
	}
}

// finish stops the server and returns what Run said and how long that took.
func (w *world) finish() (error, time.Duration) { //nolint:staticcheck // the error is the subject
	w.t.Helper()

	begin := time.Now()

	w.stop()

	select {
	case err := <-w.ended:
		return err, time.Since(begin)
	case <-time.After(patience):
		w.t.Fatalf("the server does not stop\n%s", w.log)

		return nil, 0
	}
}

func (w *world) get(path string) (int, string) {
	w.t.Helper()

	resp, err := http.Get(w.base + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()

	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}

	return resp.StatusCode, string(body)
}

// metric waits until the metrics hold a line.
func (w *world) metric(line string) {
	w.t.Helper()
	until(w.t, "metric "+line, func() bool {
		_, body := w.get("/metrics")

		return strings.Contains(body, "\n"+line+"\n")
	})
}

// await takes one value from a channel.
func await[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()

	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

// until polls for what another goroutine is about to bring about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()

	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// buffer is a log that may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.b.String()
}
