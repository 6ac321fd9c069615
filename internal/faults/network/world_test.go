package network_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/faultproxy"
	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gitmem"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
)

// network is a world in which all that the program says goes through proxies.
type network struct {
	*world.World

	proxies  map[string]*faultproxy.Proxy
	operator string
	env      map[string]string
	now      time.Time
	// way is changed by faults of the client's side. Default: to the proxies.
	way http.RoundTripper
	// asked hears of each question of a real process to the registry.
	asked func(*http.Request)
}

var midday = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// standIns are who can be in trouble.
func standIns() []string { return []string{"github", "git", "slack", "registry"} }

func start(t *testing.T) *network {
	t.Helper()

	n := &network{proxies: map[string]*faultproxy.Proxy{}, now: midday, env: map[string]string{}}

	w, err := world.Start(context.Background(), world.Options{
		Dir: t.TempDir(), Files: os.DirFS(filepath.Join("..", "..", "stories", "trees", "standard")), Now: func() time.Time { return n.now },
	})
	must(t, err)
	w.Git.Within(gitmem.Disk)

	n.World = w
	t.Cleanup(func() { _ = w.Close() })

	registry := w.Registry.Transport()
	t.Cleanup(registry.CloseIdleConnections)

	plain := &http.Transport{}
	t.Cleanup(plain.CloseIdleConnections)

	for name, backend := range map[string]string{"github": w.GitHubURL, "git": w.Git.URL, "slack": w.Slack.URL(), "registry": "https://ghcr.io"} {
		n.proxy(t, name, backend, map[bool]http.RoundTripper{true: registry, false: plain}[name == "registry"])
	}

	n.wire(t)
	w.Release(registrytest.GlitchSoc(), "v4.4.3", n.now.Add(-1000*time.Hour))
	w.Release(registrytest.GlitchSoc(), "v4.4.4", n.now.Add(-1000*time.Hour))

	return n
}

func (n *network) proxy(t *testing.T, name, backend string, through http.RoundTripper) {
	t.Helper()

	at, err := url.Parse(backend)
	must(t, err)

	p, err := faultproxy.New(at, through)
	must(t, err)

	n.proxies[name] = p
	t.Cleanup(func() { _ = p.Close() })
}

// wire lets the program find the proxies where it would find the stand-ins.
func (n *network) wire(t *testing.T) {
	t.Helper()

	n.GitHub.AddRepository(githubtest.Repository{
		Name: world.Repository, CloneURL: "http://" + n.proxies["git"].Addr + "/" + world.Repository + ".git",
		Collaborators: []string{world.Maintainer, "goingdark-bot"},
	})

	for name, value := range n.Env() {
		n.env[name] = strings.ReplaceAll(value, n.Slack.URL(), "http://"+n.proxies["slack"].Addr)
	}

	n.operator = filepath.Join(t.TempDir(), "operator.yaml")
	text := strings.ReplaceAll(n.Operator(), n.GitHubURL, "http://"+n.proxies["github"].Addr+"/")
	must(t, os.WriteFile(n.operator, []byte(text), 0o600))

	plain := &http.Transport{}
	t.Cleanup(plain.CloseIdleConnections)

	n.way = router{plain, n.Transport(), n.proxies["registry"].Addr}
}

// router sends what is for the registry to its proxy, and what is for none of
// the four to the world itself.
type router struct {
	plain, world http.RoundTripper
	registry     string
}

func (r router) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case strings.HasPrefix(req.URL.Host, "127.0.0.1:"):
		return r.plain.RoundTrip(req)
	case req.URL.Host != registrytest.GHCR:
		return r.world.RoundTrip(req)
	}

	inner := req.Clone(req.Context())
	inner.Host = req.URL.Host
	inner.URL.Scheme, inner.URL.Host = "http", r.registry

	return r.plain.RoundTrip(inner)
}

// run makes a pass.
func (n *network) run(ctx context.Context) (status int, stderr string) {
	var out, errs bytes.Buffer

	status = cli.Run(ctx, cli.Program{
		Args: []string{"run", "--config", n.operator}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return n.env[name] }, ReadFile: os.ReadFile,
		Now: func() time.Time { return n.now }, Transport: n.way,
	})

	return status, errs.String()
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
