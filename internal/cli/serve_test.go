package cli

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
)

// gitOps is a small repository on v4.4.3.
func gitOps() fstest.MapFS {
	return fstest.MapFS{
		"mastodon/kustomization.yaml": {Data: []byte("resources: [mastodon.yaml]\n")},
		"mastodon/mastodon.yaml": {Data: []byte(`apiVersion: apps/v1
kind: Deployment
metadata: {name: mastodon-web}
spec:
  template:
    spec:
      containers:
      - {name: web, image: "ghcr.io/glitch-soc/mastodon:v4.4.3"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mastodon-streaming}
spec:
  template:
    spec:
      containers:
      - {name: streaming, image: "ghcr.io/glitch-soc/mastodon-streaming:v4.4.3"}
`)},
	}
}

// day is a service in a world whose clock the test turns.
type day struct {
	*world.World

	t     *testing.T
	clock *clockwork.FakeClock
	log   *syncBuffer
	file  string // the operator's
	base  string // of health and metrics
	stop  context.CancelFunc
	ended chan error
	hold  *hold
}

func newDay(t *testing.T) *day {
	t.Helper()

	d := &day{t: t, clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 22, 0, 10, 0, 0, time.UTC)), hold: &hold{}}

	var err error

	d.World, err = world.Start(t.Context(), world.Options{Dir: t.TempDir(), Files: gitOps(), Now: d.clock.Now, Wrap: d.hold.wrap})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		for _, request := range d.GitHub.Unexpected() {
			t.Errorf("GitHub was asked for what the stand-in does not know: %s", request)
		}

		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})

	d.file = filepath.Join(t.TempDir(), "operator.yaml")
	d.configure("schedule: \"0 * * * *\"\n")

	return d
}

// configure writes the operator's file with a line more.
func (d *day) configure(more string) {
	d.t.Helper()

	if err := os.WriteFile(d.file, []byte(d.Operator()+more), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// serve starts the service.
func (d *day) serve() {
	d.t.Helper()

	env := d.Env()
	d.log, d.ended = &syncBuffer{}, make(chan error, 1)
	p := &Program{
		Stdout: io.Discard, Stderr: d.log, ReadFile: os.ReadFile, Now: d.clock.Now, Transport: d.Transport(),
		Getenv: func(name string) string { return env[name] },
	}

	ctx, stop := context.WithCancel(d.t.Context())
	d.stop = stop
	at := make(chan net.Addr, 1)

	go func() {
		d.ended <- p.serve(ctx, &globals{config: d.file}, serving{
			listen: "127.0.0.1:0", logFormat: "text", clock: d.clock, listening: func(a net.Addr) { at <- a },
		})
	}()

	select {
	case a := <-at:
		d.base = "http://" + a.String()
	case err := <-d.ended:
		d.t.Fatalf("serve: %v\n%s", err, d.log)
	}
}

// passes waits until n passes have ended since the service was started, and
// its clock is waited for again.
func (d *day) passes(n int) {
	d.t.Helper()

	d.until("the end of a pass", func() bool { return strings.Count(d.log.String(), `msg="pass ended"`) == n })

	d.waits()
}

// waits returns when the service does nothing but wait for its two clocks: that
// of the next pass, and that of the file. Only then does it see them advance.
func (d *day) waits() {
	d.t.Helper()

	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()

	if err := d.clock.BlockUntilContext(ctx, 2); err != nil {
		d.t.Fatal(err)
	}
}

func (d *day) until(what string, ok func() bool) {
	d.t.Helper()

	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("waited in vain for %s\n%s", what, d.log)
		}
	}
}

// finish stops the service and tells how long that took.
func (d *day) finish() time.Duration {
	d.t.Helper()

	begin := time.Now()

	d.stop()

	select {
	case err := <-d.ended:
		if err != nil {
			d.t.Errorf("serve: %v\n%s", err, d.log)
		}
	case <-time.After(10 * time.Second):
		d.t.Fatalf("the service does not stop\n%s", d.log)
	}

	return time.Since(begin)
}

// hold keeps one request from being answered, so that a test can do something
// in the middle of a step.
type hold struct {
	mu      sync.Mutex
	method  string // "": none is kept
	inHand  chan struct{}
	release chan struct{}
}

func (h *hold) next(method string) (inHand <-chan struct{}, release func()) {
	h.mu.Lock()
	defer h.mu.Unlock()

	h.method, h.inHand, h.release = method, make(chan struct{}), make(chan struct{})

	return h.inHand, sync.OnceFunc(func() { close(h.release) })
}

func (h *hold) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()

		var inHand, release chan struct{}
		if h.method == r.Method {
			h.method, inHand, release = "", h.inHand, h.release
		}

		h.mu.Unlock()

		if inHand != nil {
			close(inHand)
			<-release
		}

		next.ServeHTTP(w, r)
	})
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.b.String()
}

// TestServeOverADay is a day of the real program against the stand-ins: web
// appears before streaming, one pull request opens when both are there, and a
// stop in the middle of a pass leaves nothing half done.
func TestServeOverADay(t *testing.T) {
	t.Parallel()

	d := newDay(t)
	family := registrytest.GlitchSoc()
	d.Release(family, "v4.4.3", d.clock.Now().Add(-1000*time.Hour))
	d.serve()
	d.passes(1)

	// An hour in steps of a minute; what happens in it happens at half past.
	hour := func(n int, event func()) {
		t.Helper()

		for range 60 {
			if d.clock.Now().Minute() == 30 && event != nil {
				event()
			}

			d.passes(n - 1 + boundary(d.clock.Now()))
			d.clock.Advance(time.Minute)
		}
	}

	for n := 2; n <= 24; n++ {
		var event func()

		switch n {
		case 9:
			event = func() { d.WebOnly(family, "v4.4.4", d.clock.Now()) }
		case 11:
			event = func() { d.StreamingToo(family, "v4.4.4", d.clock.Now()) }
		}

		hour(n, event)
	}

	d.passes(24)

	pulls := d.GitHub.In(world.Repository).Pulls()
	if len(pulls) != 1 || pulls[0].State != "open" || !strings.Contains(pulls[0].Title, "v4.4.4") {
		t.Fatalf("pull requests = %+v", pulls)
	}

	d.shows(`bot_passes_total{result="ok"} 24`, `bot_pull_requests_total{action="opened"} 1`, `bot_incomplete_releases 0`)

	// v4.4.5 comes out. While its pull request is being changed, the service is
	// told to stop: that request is finished, and no other is made.
	d.Release(family, "v4.4.5", d.clock.Now())

	inHand, release := d.hold.next(http.MethodPatch)
	defer release()

	for range 60 {
		d.clock.Advance(time.Minute)
	}

	<-inHand

	d.stop()
	d.until("the stop to be heard", func() bool { return strings.Contains(d.log.String(), "the step in hand is finished") })
	release()

	if took := d.finish(); took > 5*time.Second {
		t.Errorf("the stop took %s", took)
	}

	if log := d.log.String(); !strings.Contains(log, "result=stopped") || strings.Contains(log, "level=ERROR") {
		t.Errorf("log:\n%s", log)
	}

	if p := d.GitHub.In(world.Repository).Pulls(); len(p) != 1 || !strings.Contains(p[0].Title, "v4.4.5") {
		t.Errorf("the step in hand was not finished: %+v", p)
	}

	said := len(d.Slack.Messages())

	// The next start makes up for what was left, once.
	d.serve()
	d.passes(1)

	if p := d.GitHub.In(world.Repository).Pulls(); len(p) != 1 || p[0].State != "open" {
		t.Errorf("after the new start: %+v", p)
	}

	if messages := d.Slack.Messages(); len(messages) != said+1 || !strings.Contains(messages[said].Text, "v4.4.5") {
		t.Errorf("the update was told %d times", len(messages)-said)
	}

	// The releases are withdrawn: there is nothing left to propose.
	for _, image := range []string{family.Web, family.Streaming} {
		d.Registry.Withdraw(image, "v4.4.4")
		d.Registry.Withdraw(image, "v4.4.5")
	}

	for range 60 {
		d.clock.Advance(time.Minute)
	}

	d.passes(2)
	d.shows(`bot_pull_requests_total{action="closed"} 1`)
	d.finish()
}

// boundary is 1 once the pass of the full hour has ended.
func boundary(now time.Time) int {
	if now.Minute() < 10 {
		return 1
	}

	return 0
}

// shows checks lines of the metrics.
func (d *day) shows(lines ...string) {
	d.t.Helper()

	resp, err := http.Get(d.base + "/metrics")
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()

	body, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}

	for _, line := range lines {
		if !strings.Contains(string(body), "\n"+line+"\n") {
			d.t.Errorf("the metrics lack %s", line)
		}
	}
}

func TestServeTakesUpAChangedFile(t *testing.T) {
	t.Parallel()

	d := newDay(t)
	d.Release(registrytest.GlitchSoc(), "v4.4.3", d.clock.Now().Add(-1000*time.Hour))
	d.serve()
	d.passes(1)

	d.configure("schedule: \"61 * * * *\"\n")
	d.clock.Advance(10 * time.Second)
	d.until("the refusal", func() bool {
		return strings.Contains(d.log.String(), "the changed configuration is not used") && strings.Contains(d.log.String(), d.file+":6")
	})
	d.waits()

	d.configure("schedule: \"30 * * * *\"\n")
	d.clock.Advance(10 * time.Second)
	d.passes(2)

	if took := d.finish(); took > 5*time.Second {
		t.Errorf("the stop took %s", took)
	}

	if strings.Contains(d.log.String(), world.Token) {
		t.Error("the token is in the log")
	}
}

// readerToken belongs to somebody who may only look.
func readerToken() githubtest.Token {
	return githubtest.Token{Value: "github_pat_reader", Login: "onlooker", Permissions: githubtest.Reader()}
}

func TestServeNamesAMissingPermission(t *testing.T) {
	t.Parallel()

	d := newDay(t)
	d.GitHub.AddToken(readerToken())

	if err := os.WriteFile(d.file, []byte(strings.Replace(d.Operator(), "{env: GITHUB_TOKEN}", "{file: "+d.file+".token}", 1)), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(d.file+".token", []byte(readerToken().Value+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	d.serve()
	d.until("the failed pass", func() bool { return strings.Contains(d.log.String(), `msg="pass failed"`) })

	if log := d.log.String(); !strings.Contains(log, `the token needs \"contents: write\" on example/gitops`) {
		t.Errorf("log:\n%s", log)
	}

	// The file is read anew when it is used.
	if err := os.WriteFile(d.file+".token", []byte(world.Token), 0o600); err != nil {
		t.Fatal(err)
	}

	d.Release(registrytest.GlitchSoc(), "v4.4.3", d.clock.Now().Add(-1000*time.Hour))

	for range 30 {
		d.clock.Advance(time.Minute)
	}

	d.until("the pass that succeeds", func() bool { return strings.Contains(d.log.String(), `msg="pass ended"`) })
	d.finish()
}
