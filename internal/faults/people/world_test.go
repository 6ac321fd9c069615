package people_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/gitmem"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
)

const (
	manifest  = "k8s/mastodon.yaml"
	hookKey   = "what GitHub signs with"
	pagesKey  = "who may look 0815"
	stranger  = "mallory"
	otherHost = "evil.example"
)

// place is a world with a release to propose.
type place struct {
	*world.World

	t    *testing.T
	file string // the operator's
}

func newPlace(t *testing.T, more string) *place {
	t.Helper()

	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

	w, err := world.Start(t.Context(), world.Options{Dir: t.TempDir(), Now: func() time.Time { return now }, Files: fstest.MapFS{
		manifest: {Data: []byte("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mastodon-web}\nspec: {template: {spec: {containers: [{name: web, image: \"ghcr.io/glitch-soc/mastodon:v4.4.3\"}]}}}\n" +
			"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mastodon-streaming}\nspec: {template: {spec: {containers: [{name: streaming, image: \"ghcr.io/glitch-soc/mastodon-streaming:v4.4.3\"}]}}}\n")},
	}})
	if err != nil {
		t.Fatal(err)
	}

	w.Git.Within(gitmem.Disk) // without a process for each request

	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})

	for _, tag := range []string{"v4.4.3", "v4.4.4", "v4.4.5"} {
		w.Release(registrytest.GlitchSoc(), tag, now.Add(-1000*time.Hour))
	}

	p := &place{World: w, t: t, file: filepath.Join(t.TempDir(), "operator.yaml")}
	if err := os.WriteFile(p.file, []byte(strings.Replace(w.Operator(), "talk: {comments: false, dashboard: false, review: false}\n", more, 1)), 0o600); err != nil {
		t.Fatal(err)
	}

	return p
}

func (p *place) program(args []string, stdout, stderr io.Writer) cli.Program {
	env := p.Env()
	env["HOOK"], env["PAGES"] = hookKey, pagesKey

	return cli.Program{
		Args: append(args, "--config", p.file), Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr, ReadFile: os.ReadFile,
		Getenv: func(name string) string { return env[name] }, Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) },
		Transport: p.Transport(),
	}
}

// run makes a pass.
func (p *place) run() (said string, status int) {
	var out bytes.Buffer

	status = cli.Run(p.t.Context(), p.program([]string{"run"}, &out, &out))

	return out.String(), status
}

func (p *place) commit(branch, from string, files map[string]string) {
	p.t.Helper()

	if _, err := p.Repo.Commit(p.t.Context(), gittest.Commit{Branch: branch, From: from, Files: files}); err != nil {
		p.t.Fatal(err)
	}
}

// there is what there is: pull requests and branches.
func (p *place) there() string {
	p.t.Helper()

	var b strings.Builder

	for _, pull := range p.GitHub.In(world.Repository).Pulls() {
		if strings.HasPrefix(pull.Head.Ref, "bot/") {
			fmt.Fprintf(&b, "%s %s: %s\n", pull.Head.Ref, pull.State, pull.Title)
		}
	}

	refs, err := p.Repo.Refs(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}

	for ref := range refs {
		if strings.HasPrefix(ref, "refs/heads/bot/") && !strings.Contains(b.String(), strings.TrimPrefix(ref, "refs/heads/")) {
			fmt.Fprintln(&b, "a branch without a pull request:", ref)
		}
	}

	return b.String()
}

// service is a running bot serve.
type service struct {
	*place

	address string
	log     *journal
}

const serving = `schedule: "0 0 1 1 *"
server: {listen: "127.0.0.1:0", webhookSecretFrom: {env: HOOK}, dashboard: {tokenFrom: {env: PAGES}, hosts: [localhost, 127.0.0.1]}}
`

func newService(t *testing.T, settings string) *service {
	t.Helper()

	s := &service{place: newPlace(t, settings), log: &journal{more: make(chan struct{}, 1)}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})

	go func() {
		defer close(ended)

		cli.Run(ctx, s.program([]string{"serve"}, io.Discard, s.log))
	}()

	t.Cleanup(func() { cancel(); <-ended })

	_, after, _ := strings.Cut(s.log.until(t, "address=", 1), "address=")
	s.address = strings.Fields(after)[0]
	s.log.until(t, " result=", 1)

	return s
}

// journal is a log that can be waited for.
type journal struct {
	mu   sync.Mutex
	text string
	more chan struct{}
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()

	j.text += string(p)

	select {
	case j.more <- struct{}{}:
	default:
	}

	return len(p), nil
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()

	return j.text
}

// until waits for what to be there n times and gives the whole.
func (j *journal) until(t *testing.T, what string, n int) string {
	t.Helper()

	for {
		text := j.String()
		if strings.Count(text, what) >= n {
			return text
		}

		select {
		case <-j.more:
		case <-time.After(time.Minute):
			t.Fatalf("waited in vain for %q\n%s", what, text)
		}
	}
}
