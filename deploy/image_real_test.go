//go:build real

package deploy_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/x509"
	"debug/elf"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

const certificates = "/etc/ssl/certs/ca-certificates.crt"

// TestTheImageRuns does what the Dockerfile says without a container engine:
// builds in a copy of what .dockerignore lets through, puts the layers
// together, pushes them, and starts what was pulled.
func TestTheImageRuns(t *testing.T) {
	if _, err := os.Stat(certificates); err != nil {
		t.Fatalf("%v: run `apt-get install ca-certificates`", err)
	}

	build, final := stages(t)
	source := buildContext(t)

	var index v1.ImageIndex = empty.Index

	for _, arch := range []string{"amd64", "arm64"} {
		out := filepath.Join(t.TempDir(), "out")
		compile(t, building(t, build), source, out, arch)

		platform := &v1.Platform{OS: "linux", Architecture: arch}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: assemble(t, final, out, platform), Descriptor: v1.Descriptor{Platform: platform},
		})
	}

	root, config := pull(t, index)

	binary := filepath.Join(root, config.Entrypoint[0])
	static(t, binary)

	version, err := exec.CommandContext(t.Context(), binary, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(version), "bot v9.9.9-test (go1.") {
		t.Errorf("bot version: %v\n%s", err, version)
	}

	roots, err := os.ReadFile(filepath.Join(root, certificates))
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(roots) {
		t.Errorf("no certificates: %v", err)
	}

	if config.User != "65532:65532" || config.Labels["org.opencontainers.image.version"] != "v9.9.9-test" {
		t.Errorf("config = %+v", config)
	}
}

// buildContext copies what .dockerignore lets through.
func buildContext(t *testing.T) string {
	t.Helper()

	to, out := t.TempDir(), ignored(t)

	err := filepath.WalkDir(repository, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == ".git" {
			return skipGit(d, err)
		}

		rel, err := filepath.Rel(repository, file)
		if err != nil || d.IsDir() || !d.Type().IsRegular() || out(rel) {
			return err
		}

		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}

		if err := os.MkdirAll(filepath.Join(to, filepath.Dir(rel)), 0o755); err != nil {
			return err
		}

		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}

	return to
}

func skipGit(_ os.DirEntry, err error) error {
	if err != nil {
		return err
	}

	return filepath.SkipDir
}

// compile runs the Dockerfile's own command, with another folder for /out.
func compile(t *testing.T, line, source, out, arch string) {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(line, "/out/", out+"/"))
	cmd.Dir = source
	cmd.Env = append(os.Environ(), "TARGETOS=linux", "TARGETARCH="+arch, "VERSION=v9.9.9-test")

	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, text)
	}
}

// assemble makes the final stage's image.
func assemble(t *testing.T, final instructions.Stage, out string, platform *v1.Platform) v1.Image {
	t.Helper()

	image := empty.Image

	for _, c := range each[*instructions.CopyCommand](final) {
		image = appendFile(t, image, strings.Replace(c.SourcePaths[0], "/out/", out+"/", 1), c.DestPath)
	}

	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}

	file = file.DeepCopy()
	file.OS, file.Architecture = platform.OS, platform.Architecture
	file.Config.Entrypoint = each[*instructions.EntrypointCommand](final)[0].CmdLine
	file.Config.User = each[*instructions.UserCommand](final)[0].User
	file.Config.Labels = map[string]string{}

	for _, l := range each[*instructions.LabelCommand](final) {
		for _, pair := range l.Labels {
			file.Config.Labels[pair.Key] = strings.ReplaceAll(strings.Trim(pair.Value, `"`), "$VERSION", "v9.9.9-test")
		}
	}

	if image, err = mutate.ConfigFile(image, file); err != nil {
		t.Fatal(err)
	}

	return image
}

func appendFile(t *testing.T, image v1.Image, from, to string) v1.Image {
	t.Helper()

	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}

	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}

	var b bytes.Buffer

	w := tar.NewWriter(&b)
	must(t, w.WriteHeader(&tar.Header{Name: strings.TrimPrefix(path.Clean(to), "/"), Mode: int64(info.Mode().Perm()), Size: info.Size()}))
	_, err = w.Write(data)
	must(t, err)
	must(t, w.Close())

	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil })
	must(t, err)

	image, err = mutate.AppendLayers(image, layer)
	must(t, err)

	return image
}

// pull pushes the index to a registry on loopback, pulls this machine's image
// and unpacks it.
func pull(t *testing.T, index v1.ImageIndex) (root string, config v1.Config) {
	t.Helper()

	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()

	ref, err := name.ParseReference(strings.TrimPrefix(server.URL, "http://") + "/goingdark-social/bot:v9.9.9-test")
	must(t, err)
	must(t, remote.WriteIndex(ref, index, remote.WithContext(t.Context())))

	here := v1.Platform{OS: "linux", Architecture: runtime.GOARCH}
	image, err := remote.Image(ref, remote.WithPlatform(here), remote.WithContext(t.Context()))
	must(t, err)

	file, err := image.ConfigFile()
	must(t, err)

	root = t.TempDir()
	unpack(t.Context(), t, image, root)

	return root, file.Config
}

func unpack(ctx context.Context, t *testing.T, image v1.Image, root string) {
	t.Helper()

	stream := mutate.Extract(image)
	defer stream.Close()

	r := tar.NewReader(stream)

	for ctx.Err() == nil {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}

		must(t, err)

		data, err := io.ReadAll(r)
		must(t, err)
		must(t, os.MkdirAll(filepath.Join(root, path.Dir(h.Name)), 0o755))
		must(t, os.WriteFile(filepath.Join(root, h.Name), data, os.FileMode(h.Mode)))
	}
}

// static: on scratch there is no loader.
func static(t *testing.T, binary string) {
	t.Helper()

	file, err := elf.Open(binary)
	must(t, err)

	defer file.Close()

	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program wants a dynamic loader")
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
