//go:build soak

package soak_test

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/memworld"
	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/pkg/server"
)

// usage is what the process holds.
type usage struct{ goroutines, files, heap int }

func measure(t *testing.T) usage {
	t.Helper()

	runtime.GC()

	var m runtime.MemStats

	runtime.ReadMemStats(&m)

	open, err := os.ReadDir("/proc/self/fd")
	must(t, err)

	return usage{runtime.NumGoroutine(), len(open), int(m.HeapAlloc >> 20)}
}

// TestNothingGrows runs the service for BOT_SOAK. The schedule knows minutes,
// so the service's clock runs at half an hour a second.
func TestNothingGrows(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("BOT_SOAK"))
	must(t, err)

	began := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	w, err := memworld.New(tree(t), began)
	must(t, err)
	w.Releases.Publish("v4.4.3", true, began.Add(-2000*time.Hour))

	b, err := w.Bot(nil)
	must(t, err)

	clock, passes := clockwork.NewFakeClockAt(began), make(chan struct{}, 1000)
	service, err := server.New(server.Options{
		Listen: "127.0.0.1:0", Clock: clock,
		Load: func(context.Context) (server.Setup, error) {
			return server.Setup{Schedule: "*/30 * * * *", Pass: func(ctx context.Context) (server.Report, error) {
				_, err := w.Run(ctx, b)
				passes <- struct{}{}

				return server.Report{}, err
			}}, nil
		},
	})
	must(t, err)

	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)

	go func() { ended <- service.Run(ctx) }()

	var first, last usage

	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()

	made, start := 0, time.Now()

	for time.Since(start) < long {
		<-ticks.C
		w.Pass(30 * time.Minute)
		clock.Advance(30 * time.Minute)
		<-passes

		made++

		disturb(t, w, made)

		// The first third is for what is kept once to be filled.
		if last = measure(t); first == (usage{}) && time.Since(start) > long/3 {
			first = last
		}
	}

	stopping := time.Now()

	stop()

	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	took := time.Since(stopping)
	t.Logf("%d passes in %s; goroutines, files, MiB of heap: %v after a third, %v at the end; it stopped in %s", made, long, first, last, took)

	if last.goroutines > first.goroutines+5 || last.files > first.files+5 || last.heap > first.heap+16 || took > 5*time.Second {
		t.Error("something grows, or does not stop")
	}
}

// disturb takes back the last faults and makes others, and lets the stand-ins
// forget what they have written down.
func disturb(t *testing.T, w *memworld.World, n int) {
	t.Helper()

	w.GitHub.Mend()
	w.GitHub.Forget()
	w.Slack.Mend()
	w.Releases.Down(n%11 == 0)

	if n%40 == 1 { // something to do
		w.Releases.Publish([]string{"v4.4.4", "v4.4.5", "v4.4.6"}[n/40%3], true, w.Now().Add(-2000*time.Hour))
	}

	trouble := memworld.Trouble(rand.IntN(3))
	at, seen := rand.IntN(8), 0

	w.Trouble = func(*http.Request) memworld.Trouble {
		if seen++; n%3 == 0 && seen == at {
			return trouble
		}

		return memworld.Fine
	}

	switch n % 5 {
	case 0:
		w.GitHub.Inject(githubtest.Fault{Status: http.StatusUnauthorized})
	case 2:
		w.GitHub.Inject(githubtest.Fault{Method: http.MethodPost, After: true})
	case 4:
		w.Slack.Fail(slacktest.Fault{Drop: true, Late: true})
	}
}

func tree(t *testing.T) map[string]string {
	t.Helper()

	files, root := map[string]string{}, os.DirFS(filepath.Join("..", "..", "stories", "trees", "standard"))

	must(t, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := fs.ReadFile(root, name)
		files[name] = string(data)

		return err
	}))

	return files
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
