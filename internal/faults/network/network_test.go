package network_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/pkg/gh"
)

// longest is what a pass may take whatever happens. The longest that is waited
// for on purpose is GitHub's minute at a limit that names no time, several
// times, and a git server's silence, three times.
const longest = 8 * time.Minute

// atOnce is how many worlds there are at once: most of them wait.
const atOnce = 24

func TestABadNetwork(t *testing.T) {
	t.Parallel()

	count := faults.Begin("a bad network: bounded time, one clear error or success, no half change")
	all := situations()
	slices.SortFunc(all, func(x, y situation) int { return strings.Compare(x.name, y.name) })

	if !faults.Full {
		all = sample(all)
	}

	var (
		slots   = make(chan struct{}, atOnce)
		mu      sync.Mutex
		slowest time.Duration
	)

	t.Run("situations", func(t *testing.T) {
		for _, s := range all {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()

				slots <- struct{}{}
				defer func() { <-slots }()
				defer func() { count.Case(t.Failed()) }()

				took := endure(t, s)

				mu.Lock()
				defer mu.Unlock()

				slowest = max(slowest, took)
			})
		}
	})

	count.Measuredf("slowest pass %.0f s", slowest.Seconds())

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// sample is some of those that wait for nothing.
func sample(all []situation) []situation {
	var some []situation

	for _, s := range all {
		if !s.slow {
			some = append(some, s)
		}
	}

	var out []situation
	for i := 0; i < len(some); i += 52 {
		out = append(out, some[i])
	}

	return out
}

// endure makes a pass in trouble and, once that is over, two without.
func endure(t *testing.T, s situation) time.Duration {
	t.Helper()

	n := start(t)

	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()

	s.on(n)

	began := time.Now()
	status, stderr := n.run(ctx)
	took := time.Since(began)

	if ctx.Err() != nil {
		t.Fatalf("the pass did not end within %s", longest)
	}

	legible(t, status, stderr)
	n.whole(t)
	s.off(n)

	for range 2 {
		if status, stderr := n.run(context.Background()); status != 0 {
			t.Fatalf("nothing is wrong any more and a pass ends with %d: %s", status, stderr)
		}
	}

	n.arrived(t)

	return took
}

// legible: an error is one sentence that a person can read, on one line.
func legible(t *testing.T, status int, stderr string) {
	t.Helper()

	var said []string

	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "bot: ") {
			said = append(said, line)
		}
	}

	if status != 0 && len(said) != 1 || status == 0 && len(said) != 0 {
		t.Errorf("exit status %d with %d errors: %s", status, len(said), stderr)
	}

	for _, bad := range []string{"%!", "panic", "goroutine ", "0x", "<html", "<nil>"} {
		if strings.Contains(stderr, bad) {
			t.Errorf("%q in: %s", bad, stderr)
		}
	}

	if len(stderr) > 4000 {
		t.Errorf("%d bytes of errors: %s", len(stderr), stderr[:4000])
	}
}

// whole: what is there is whole, whatever has happened so far.
func (n *network) whole(t *testing.T) {
	t.Helper()

	open := 0

	for _, p := range n.GitHub.In("example/gitops").Pulls() {
		if p.State == "open" {
			open++
		}

		if _, ok := gh.ParseMarker(p.Body); !ok {
			t.Errorf("#%d has no marker", p.Number)
		}
	}

	if open > 1 {
		t.Errorf("%d pull requests are open", open)
	}

	refs, err := n.Repo.Refs(context.Background())
	must(t, err)

	for ref := range refs {
		if !strings.HasPrefix(ref, "refs/heads/bot/") {
			continue
		}

		text, err := n.Repo.Git(context.Background(), "show", ref+":k8s/mastodon/mastodon.yaml")
		must(t, err)

		if moved := strings.Count(text, ":v4.4.4"); moved != 4 || strings.Count(text, ":v4.4.3") != 0 {
			t.Errorf("%s has %d of 4 references moved", ref, moved)
		}
	}
}

// arrived: what should have happened has, once.
func (n *network) arrived(t *testing.T) {
	t.Helper()

	n.whole(t)

	var open []string

	for _, p := range n.GitHub.In("example/gitops").Pulls() {
		open = append(open, fmt.Sprintf("#%d %s %s", p.Number, p.State, p.Head.Ref))
	}

	if !slices.Equal(open, []string{"#1 open bot/mastodon/patch"}) {
		t.Errorf("pull requests: %v", open)
	}

	proposed := 0

	for _, m := range n.Slack.Messages() {
		if m.ThreadTS == "" && strings.Contains(m.Plain(), "v4.4.4") {
			proposed++
		}
	}

	if proposed < 1 || proposed > 2 {
		t.Errorf("the proposal was told %d times", proposed)
	}
}
