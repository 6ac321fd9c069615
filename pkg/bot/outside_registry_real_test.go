//go:build real

package bot

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/registry"
)

// distribution starts the registry of that name and gives its host.
func distribution(t *testing.T) string {
	t.Helper()

	program := os.Getenv("BOT_TEST_REGISTRY")
	if program == "" {
		t.Fatal("BOT_TEST_REGISTRY does not name a registry program; `make test-real` installs one and sets it")
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	host, dir := l.Addr().String(), t.TempDir()
	l.Close()

	file := filepath.Join(dir, "config.yml")
	config := fmt.Sprintf("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {delete: {enabled: true}, filesystem: {rootdirectory: %s}}\nhttp: {addr: %q}\n",
		filepath.Join(dir, "data"), host)

	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}

	command := exec.Command(program, "serve", file)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = command.Process.Kill() // this very process
		_ = command.Wait()
	})

	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", host); err == nil {
			c.Close()

			return host
		}
	}

	t.Fatalf("nothing listens on %s", host)

	return ""
}

// pushed puts an index for platforms behind a tag, of other content each time.
func pushed(t *testing.T, image string, platforms ...string) name.Tag {
	t.Helper()

	tag, err := name.NewTag(image, name.Insecure)
	if err != nil {
		t.Fatal(err)
	}

	var index v1.ImageIndex = empty.Index

	for _, platform := range platforms {
		layer, err := random.Image(64, 1)
		if err != nil {
			t.Fatal(err)
		}

		system, architecture, _ := strings.Cut(platform, "/")

		built, err := mutate.ConfigFile(layer, &v1.ConfigFile{OS: system, Architecture: architecture})
		if err != nil {
			t.Fatal(err)
		}

		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: built, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: system, Architecture: architecture}},
		})
	}

	if err := remote.WriteIndex(tag, index); err != nil {
		t.Fatal(err)
	}

	return tag
}

// TestTheChecksOfARealRegistry: a tag pushed again, one short of a platform,
// one deleted.
func TestTheChecksOfARealRegistry(t *testing.T) {
	host := distribution(t)
	image := host + "/social/mastodon"
	tag := pushed(t, image+":v4.4.3", "linux/amd64", "linux/arm64")

	v, err := look.At(t.Context(), fstest.MapFS{
		"bot.yaml":               {Data: fmt.Appendf(nil, "version: 1\napplications: [{root: app, images: {web: %q, streaming: %q}, platforms: [linux/amd64, linux/arm64]}]\n", image, image)},
		"app/kustomization.yaml": {Data: []byte("resources: [web.yaml]\n")},
		"app/web.yaml": {Data: fmt.Appendf(nil, `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: "%s:v4.4.3"}]}}}
`, image)},
	})
	if err != nil {
		t.Fatal(err)
	}

	client, err := registry.New(registry.Options{
		PlainHTTP: []string{host}, Credentials: func(context.Context, string) (string, string, error) { return "", "", nil },
	})
	if err != nil {
		t.Fatal(err)
	}

	m, b := &memory{}, New(Options{})

	checks, err := drift.Select([]string{"tag-moved", "tag-missing", "platform-missing", "revision-mismatch"}, nil)
	if err != nil {
		t.Fatal(err)
	}

	judged := func() []string {
		t.Helper()

		in, err := b.prepareInput(t.Context(), v, v.Tree.Applications[0])
		if err != nil {
			t.Fatal(err)
		}

		if in.Outside.Registry, err = publishedIn(t.Context(), client.Pass(), in); err != nil {
			t.Fatal(err)
		}

		m.firstSeen(in, nil, merged)

		found, skipped := drift.Run(in, checks)
		if len(skipped) > 0 {
			t.Fatal(skipped)
		}

		ids := []string{}
		for _, f := range found {
			ids = append(ids, f.Check)
		}

		return ids
	}

	expect := func(what string, want ...string) {
		t.Helper()

		if diff := cmp.Diff(append([]string{}, want...), judged()); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}

	expect("as it was pushed")
	expect("and again")
	pushed(t, image+":v4.4.3", "linux/amd64", "linux/arm64")
	expect("pushed again", "tag-moved")
	pushed(t, image+":v4.4.3", "linux/amd64")
	expect("short of a platform", "platform-missing", "tag-moved")

	if err := remote.Delete(tag); err != nil {
		t.Fatal(err)
	}

	expect("deleted", "tag-missing")
}
