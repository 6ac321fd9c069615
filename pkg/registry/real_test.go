//go:build real

package registry_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"golang.org/x/sync/errgroup"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// A real registry wants its password hashed; this is the hash of realSecret.
const (
	realUser     = "bot"
	realSecret   = "canary-basic-secret"
	realPassword = "bot:$2a$04$NrId.L4ISQBEvAg46wwmpup2MbPNzAccCbFTMTx.sCeqt3knYfMPW\n"
)

// realRegistry starts the program that an environment variable names, on a free loopback port, and gives its host.
func realRegistry(t *testing.T, variable, auth string) string {
	t.Helper()

	program := os.Getenv(variable)
	if program == "" {
		t.Fatalf("%s does not name a registry program; `make test-real` installs one and sets it", variable)
	}

	host := freePort(t)
	dir := t.TempDir()
	config := fmt.Sprintf("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {delete: {enabled: true}, filesystem: {rootdirectory: %s}}\nhttp: {addr: %q}\n%s",
		filepath.Join(dir, "data"), host, auth)
	file := filepath.Join(dir, "config.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}

	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}

	command := exec.Command(program, "serve", file)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}

	t.Cleanup(func() {
		_ = command.Process.Kill() // this very process; it may have ended by itself
		_ = command.Wait()
		log.Close()

		if text, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("the registry's log:\n%s", text)
		}
	})

	awaitPort(t, host)

	return host
}

func freePort(t *testing.T) string {
	t.Helper()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	return l.Addr().String()
}

func awaitPort(t *testing.T, host string) {
	t.Helper()

	for range 200 {
		if c, err := net.Dial("tcp", host); err == nil {
			c.Close()

			return
		}

		time.Sleep(50 * time.Millisecond)
	}

	t.Fatalf("nothing listens on %s after 10 s", host)
}

// push writes an image of two platforms with Mastodon's environment, under the tags, and returns its digest.
func push(t *testing.T, image string, tags []string, revision string, options ...remote.Option) string {
	t.Helper()

	index := v1.ImageIndex(empty.Index)
	for _, arch := range []string{"amd64", "arm64"} {
		config := &v1.ConfigFile{OS: "linux", Architecture: arch, Created: v1.Time{Time: built()}, RootFS: v1.RootFS{Type: "layers", DiffIDs: []v1.Hash{}}}
		config.Config.Env = []string{"MASTODON_VERSION_PRERELEASE="}
		if revision != "" {
			config.Config.Env = append(config.Config.Env, "SOURCE_COMMIT="+revision)
		}

		img, err := mutate.ConfigFile(empty.Image, config)
		if err != nil {
			t.Fatal(err)
		}

		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}},
		})
	}

	first, err := name.NewTag(image + ":" + tags[0])
	if err != nil {
		t.Fatal(err)
	}

	if err := remote.WriteIndex(first, index, options...); err != nil {
		t.Fatal(err)
	}

	pushTags(t, first.Repository, index, tags[1:], options...)

	digest, err := index.Digest()
	if err != nil {
		t.Fatal(err)
	}

	return digest.String()
}

func pushTags(t *testing.T, repo name.Repository, index v1.ImageIndex, tags []string, options ...remote.Option) {
	t.Helper()

	pusher, err := remote.NewPusher(options...)
	if err != nil {
		t.Fatal(err)
	}

	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for _, tag := range tags {
		group.Go(func() error { return pusher.Push(ctx, repo.Tag(tag), index) })
	}

	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// counter counts the requests for tag lists.
type counter struct {
	inner *http.Transport
	lists atomic.Int64
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	if filepath.Base(r.URL.Path) == "list" {
		c.lists.Add(1)
	}

	return c.inner.RoundTrip(r)
}

func realClient(t *testing.T, o registry.Options) (*registry.Client, *counter) {
	t.Helper()

	count := &counter{inner: http.DefaultTransport.(*http.Transport).Clone()}
	t.Cleanup(count.inner.CloseIdleConnections)

	o.Transport = count
	if o.Credentials == nil {
		o.Credentials = anonymous
	}

	c, err := registry.New(o)
	if err != nil {
		t.Fatal(err)
	}

	return c, count
}

// allShapes are the tags of the stand-in's zoo, in the order of their names, as distribution lists them.
func allShapes(t *testing.T) []string {
	t.Helper()

	s := start(t, registrytest.Options{})
	if n := s.AnnounceZoo(registrytest.GlitchSoc(), built()); n < 1100 {
		t.Fatalf("only %d tags", n)
	}

	tags, err := client(t, s, registry.Options{}).Tags(t.Context(), web)
	if err != nil {
		t.Fatal(err)
	}

	slices.Sort(tags)

	return tags
}

func quiet(t *testing.T) []remote.Option {
	t.Helper()

	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)

	return []remote.Option{remote.WithTransport(transport), remote.WithContext(t.Context())}
}

// TestRealRegistries lists and inspects on distribution v3, which pages by name, and on Debian's 2.8, which ignores n and last.
func TestRealRegistries(t *testing.T) {
	tags := allShapes(t)

	for variable, pages := range map[string]map[int]int64{
		"BOT_TEST_REGISTRY":        {1000: 2, 100: int64(len(tags)+99) / 100},
		"BOT_TEST_DOCKER_REGISTRY": {1000: 1, 100: 1},
	} {
		t.Run(variable, func(t *testing.T) {
			host := realRegistry(t, variable, "")
			family := registry.Family{Images: []string{host + "/glitch-soc/mastodon", host + "/glitch-soc/mastodon-streaming"}}
			commit := registrytest.FakeRevision("real")
			digest := push(t, family.Images[0], tags, commit, quiet(t)...)
			push(t, family.Images[1], []string{"v4.4.3"}, "", quiet(t)...)

			for size, want := range pages {
				c, count := realClient(t, registry.Options{PageSize: size})
				got, err := c.Tags(t.Context(), family.Images[0])
				if err != nil {
					t.Fatal(err)
				}

				slices.Sort(got)
				if !slices.Equal(got, tags) || count.lists.Load() != want {
					t.Errorf("page size %d: %d of %d tags in %d requests, want %d", size, len(got), len(tags), count.lists.Load(), want)
				}
			}

			c, _ := realClient(t, registry.Options{})
			for range 2 { // the second time from HEAD and cache
				r, err := c.Inspect(t.Context(), family, version.Parse("v4.4.3"), []string{"linux/amd64", "linux/arm64"})
				if err != nil || !r.Complete() || r.Digest(family.Images[0]) != digest || r.Images[0].Platforms[1].Revision != commit || !r.Built().Equal(built()) {
					t.Errorf("%+v, %v", r, err)
				}
			}

			r, err := c.Inspect(t.Context(), family, version.Parse("v4.4.4"), []string{"linux/amd64"})
			if err != nil || len(r.Missing) != 1 || r.Missing[0] != (registry.Missing{Image: family.Images[1]}) {
				t.Errorf("%+v, %v", r, err)
			}

			checkChanges(t, c, family)
		})
	}
}

// checkChanges moves a tag and takes an image away behind the client's back.
func checkChanges(t *testing.T, c *registry.Client, f registry.Family) {
	t.Helper()

	moved := push(t, f.Images[1], []string{"v4.4.3"}, registrytest.FakeRevision("moved"), quiet(t)...)

	r, err := c.Inspect(t.Context(), f, version.Parse("v4.4.3"), nil)
	if err != nil || r.Digest(f.Images[1]) != moved || r.Contradiction == "" {
		t.Errorf("a tag that moved to another commit: %+v, %v", r, err)
	}

	reference, err := name.NewDigest(f.Images[1] + "@" + moved)
	if err != nil {
		t.Fatal(err)
	}

	if err := remote.Delete(reference, quiet(t)...); err != nil {
		t.Fatal(err)
	}

	if _, err := c.Image(t.Context(), f.Images[1], "v4.4.3"); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("a deleted image: %v", err)
	}
}

func TestRealBasicAuthentication(t *testing.T) {
	passwords := filepath.Join(t.TempDir(), "htpasswd")
	if err := os.WriteFile(passwords, []byte(realPassword), 0o600); err != nil {
		t.Fatal(err)
	}

	host := realRegistry(t, "BOT_TEST_REGISTRY", fmt.Sprintf("auth: {htpasswd: {realm: test, path: %s}}\n", passwords))
	image := host + "/example/image"
	push(t, image, []string{"v4.4.3"}, "", append(quiet(t), remote.WithAuth(&authn.Basic{Username: realUser, Password: realSecret}))...)

	for secret, ok := range map[string]bool{realSecret: true, "canary-wrong": false} {
		c, _ := realClient(t, registry.Options{Credentials: func(context.Context, string) (string, string, error) { return realUser, secret, nil }})

		i, err := c.Image(t.Context(), image, "v4.4.3")
		if ok && (err != nil || !i.Has("linux/amd64")) {
			t.Errorf("%+v, %v", i, err)
		}

		if !ok {
			if typed(t, err); !errors.Is(err, registry.ErrDenied) {
				t.Errorf("%v is no refusal", err)
			}
		}
	}
}
