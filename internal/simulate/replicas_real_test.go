//go:build real

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/fleetworld"
	"github.com/goingdark-social/bot/internal/postgrestest"
)

// asBot makes this very binary the program, so that a test can have several of
// it as processes of their own, and kill them.
const asBot = "BOT_TEST_AS_BOT"

func TestMain(m *testing.M) {
	if os.Getenv(asBot) == "" {
		os.Exit(m.Run())
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, cli.FromOS())

	stop()
	os.Exit(code)
}

// replica is one process of the program.
type replica struct {
	*exec.Cmd

	log *buffer
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to it.
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

// fleetOf starts a world of n repositories and an operator's file for it.
func fleetOf(t *testing.T, n int, more string) (w *fleetworld.World, config string) {
	t.Helper()

	w, err := fleetworld.Start(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})

	config = filepath.Join(t.TempDir(), "operator.yaml")

	text := w.Operator("schedule: \"* * * * *\"\nserver: {listen: \"127.0.0.1:0\"}\n" + more)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	return w, config
}

// join starts a replica that shares its work through dsn.
func join(t *testing.T, config, dsn string) *replica {
	t.Helper()

	r := &replica{exec.Command(os.Args[0], "serve", "--config", config, "--jitter", "0", "--queue", dsn), &buffer{}}
	r.Env = append(environment(t.TempDir()), asBot+"=1")
	r.Stderr = r.log

	if err := r.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if r.ProcessState == nil {
			_ = r.Process.Kill() // it may have ended
			_ = r.Wait()
		}

		if t.Failed() {
			text := r.log.String()
			t.Logf("the log of %d:\n%s", r.Process.Pid, text[max(0, len(text)-3000):])
		}
	})

	return r
}

// await waits until so many repositories have a pull request.
func await(t *testing.T, w *fleetworld.World, want int, within time.Duration) {
	t.Helper()

	for end := time.Now().Add(within); ; time.Sleep(200 * time.Millisecond) {
		have := len(w.Proposed())
		if have >= want {
			return
		}

		if time.Now().After(end) {
			t.Fatalf("%d pull requests after %s, want %d", have, within, want)
		}
	}
}

// once: a pull request in every repository, and nowhere two.
func once(t *testing.T, w *fleetworld.World) {
	t.Helper()

	proposed := w.Proposed()
	for _, name := range w.Names {
		if all := len(w.GitHub.In(name).Pulls()); proposed[name] != 1 || all != 1 {
			t.Errorf("%s has %d pull requests for %s and %d in all", name, proposed[name], fleetworld.After, all)
		}
	}

	for _, line := range w.GitHub.Unexpected() {
		t.Error(line)
	}
}

// TestThreeReplicasOneKilledOnReleaseDay: 300 repositories, one replica of three
// killed in the middle of the work: 300 pull requests, none twice, none missing.
func TestThreeReplicasOneKilledOnReleaseDay(t *testing.T) {
	const repositories = 300

	w, config := fleetOf(t, repositories, "fleet: {workers: 4, timeout: 30s}\n")
	w.Release()

	postgres := postgrestest.Start(t)
	postgres.Exec("postgres", "CREATE DATABASE queue")

	dsn := postgres.Admin("queue")

	var replicas []*replica
	for range 3 {
		replicas = append(replicas, join(t, config, dsn))
	}

	await(t, w, repositories/3, 5*time.Minute)

	if err := replicas[0].Process.Kill(); err != nil {
		t.Fatal(err)
	}

	_ = replicas[0].Wait() // it was killed
	t.Logf("killed a replica at %d pull requests", len(w.Proposed()))
	await(t, w, repositories, 10*time.Minute)
	once(t, w)

	// The others stop in time, and a restart finds nothing to do.
	for _, r := range replicas[1:] {
		stopped(t, r)
	}

	once(t, w)
}

// stopped asks a replica to end, which it does within 5 seconds, in order.
func stopped(t *testing.T, r *replica) {
	t.Helper()

	begin := time.Now()

	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}

	if err := r.Wait(); err != nil {
		t.Errorf("the replica ended with %v", err)
	}

	t.Logf("a replica stopped within %s", time.Since(begin).Round(time.Millisecond))
}

// TestPostgreSQLGoesAwayAndComesBack: what was not done meanwhile is done then.
func TestPostgreSQLGoesAwayAndComesBack(t *testing.T) {
	const repositories = 40

	w, config := fleetOf(t, repositories, "fleet: {workers: 2, timeout: 30s}\n")
	w.Release()

	postgres := postgrestest.Start(t)
	postgres.Exec("postgres", "CREATE DATABASE queue")

	r := join(t, config, postgres.Admin("queue"))

	await(t, w, 5, 5*time.Minute)
	postgres.Restart(2 * time.Second)
	t.Logf("PostgreSQL was away at %d pull requests", len(w.Proposed()))
	await(t, w, repositories, 10*time.Minute)
	once(t, w)
	stopped(t, r)
}

// TestABrokenPolicyInOneOfMany is reported there; the others go on.
func TestABrokenPolicyInOneOfMany(t *testing.T) {
	const repositories = 20

	w, config := fleetOf(t, repositories, "")
	if err := w.Commit(w.Names[7], "bot.yaml", "version: 1\napplications: [{unknown: x}]\n"); err != nil {
		t.Fatal(err)
	}

	w.Release()

	r := &replica{exec.Command(os.Args[0], "run", "--config", config), &buffer{}}
	r.Env = append(environment(t.TempDir()), asBot+"=1")
	r.Stderr = r.log

	if err := r.Run(); err == nil || r.ProcessState.ExitCode() != 1 {
		t.Errorf("bot run: %v", err)
	}

	if have := len(w.Proposed()); have != repositories-1 {
		t.Errorf("%d pull requests, want %d", have, repositories-1)
	}

	if want := fmt.Sprintf("%s at ", w.Names[7]); !strings.Contains(r.log.String(), want) {
		t.Errorf("stderr does not name %s:\n%s", w.Names[7], r.log)
	}
}
