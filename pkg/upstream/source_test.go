package upstream_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func read(t *testing.T, spec, version string) *facts.Facts {
	t.Helper()
	src, err := upstream.Open(spec, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := upstream.Read(t.Context(), src, version)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEverySourceSaysTheSame reads one release in every way that there is.
func TestEverySourceSaysTheSame(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	root := bare(t, dir)
	work := t.TempDir()
	git(t, dir, "archive", "--format=tar", "--prefix=mastodon-4.5.0/", "-o", filepath.Join(work, "a.tar"), "v4.5.0")
	git(t, dir, "archive", "--format=tar.gz", "-o", filepath.Join(work, "b.tar.gz"), "v4.5.0")
	git(t, dir, "worktree", "add", "-q", filepath.Join(work, "linked"), "v4.5.0")
	smart, _ := serve(t, root)
	git(t, filepath.Join(root, "mastodon.git"), "config", "uploadpack.allowFilter", "true")
	git(t, filepath.Join(root, "mastodon.git"), "config", "uploadpack.allowAnySHA1InWant", "true")
	plain, _ := serve(t, bare(t, dir)) // can neither filter nor hand out single files
	files := httptest.NewServer(http.FileServer(http.Dir(work)))
	t.Cleanup(files.Close)

	want := read(t, dir, "v4.5.0")
	if want.Commit != git(t, dir, "rev-parse", "v4.5.0^{commit}") || !want.Date.Equal(time.Date(2025, 7, 8, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("%s of %s", want.Commit, want.Date)
	}
	for name, spec := range map[string]string{
		"bare repository": filepath.Join(root, "mastodon.git"), "file URL": "file://" + dir, "linked work tree": filepath.Join(work, "linked"),
		"tarball": filepath.Join(work, "a.tar"), "zipped tarball without a folder": filepath.Join(work, "b.tar.gz"),
		"tarball by HTTP": files.URL + "/b.tar.gz", "partial fetch": smart + "/mastodon.git", "whole fetch": plain + "/mastodon.git",
	} {
		for _, version := range []string{"v4.5.0", "4.5.0", want.Commit} {
			if diff := cmp.Diff(want, read(t, spec, version)); diff != "" {
				t.Errorf("%s, %s: %s", name, version, diff)
			}
		}
	}
	// A folder knows everything but its commit.
	got := read(t, checkout(t, dir, "v4.5.0"), "")
	got.Commit, got.Date = want.Commit, want.Date
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folder: %s", diff)
	}
}

// checkout makes a folder without git of a tag.
func checkout(t *testing.T, dir, tag string) string {
	t.Helper()
	out := t.TempDir()
	git(t, dir, "--work-tree", out, "checkout", "-q", "-f", tag, "--", ".")
	git(t, dir, "reset", "-q", "--hard")
	return out
}

func TestPartialFetchLeavesTheRestBehind(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	noise := strings.Repeat("0123456789abcdef", 1<<10)
	for i := range 40 {
		name := filepath.Join(dir, "app", "javascript", string(rune('a'+i%26))+strings.Repeat("x", i)+".ts")
		if err := os.WriteFile(name, []byte(noise[i:]+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", "noise")
	git(t, dir, "tag", "v4.6.0")
	root := bare(t, dir)
	git(t, filepath.Join(root, "mastodon.git"), "config", "uploadpack.allowFilter", "true")
	git(t, filepath.Join(root, "mastodon.git"), "config", "uploadpack.allowAnySHA1InWant", "true")
	url, requests := serve(t, root)
	src, err := upstream.Open(url+"/mastodon.git", upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rev, err := src.Resolve(t.Context(), "v4.6.0")
	if err != nil {
		t.Fatal(err)
	}
	before := requests()
	tree, err := src.Load(t.Context(), rev, upstream.ForFacts())
	if err != nil {
		t.Fatal(err)
	}
	if n := requests() - before; n != 4 {
		t.Errorf("%d requests, want 2 for the commit and 2 for its files", n)
	}
	for name := range tree.Files {
		if strings.HasPrefix(name, "app/javascript") || strings.HasPrefix(name, "spec") || strings.HasPrefix(name, "config/locales") {
			t.Errorf("%s was loaded", name)
		}
	}
	if tree.Transferred == 0 || tree.Transferred > 20_000 {
		t.Errorf("%d bytes", tree.Transferred)
	}
}

func TestNotThere(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	git(t, dir, "archive", "-o", filepath.Join(dir, "a.tar"), "v4.5.0")
	url, _ := serve(t, bare(t, dir))
	for _, spec := range []string{dir, filepath.Join(dir, "a.tar"), url + "/mastodon.git"} {
		src, err := upstream.Open(spec, upstream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = upstream.Read(t.Context(), src, "v4.9.9")
		if e, ok := errors.AsType[*upstream.NotFoundError](err); !ok || e.Version != "v4.9.9" {
			t.Errorf("%s: %v", spec, err)
		}
	}
	for _, spec := range []string{filepath.Join(dir, "nowhere"), t.TempDir()} {
		if _, err := upstream.Open(spec, upstream.Options{}); err == nil {
			t.Errorf("%s opens", spec)
		}
	}
	src, err := upstream.Open(dir, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := upstream.Read(t.Context(), src, strings.Repeat("0", 40)); err == nil {
		t.Error("a commit that is not there")
	}
}

func TestSecretsOfTheAddressStayInside(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	for _, path := range []string{"/x.tar.gz", "/x.git"} {
		src, err := upstream.Open(strings.Replace(server.URL, "http://", "http://user:hunter2@", 1)+path, upstream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = upstream.Read(t.Context(), src, "v4.5.0")
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(src.String(), "hunter2") {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestBrokenTarballs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, data := range map[string]string{"empty.tar": "", "text.tar": strings.Repeat("no tar ", 200), "half.tgz": "\x1f\x8b\x08\x00"} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := upstream.Open(file, upstream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = upstream.Read(t.Context(), src, "v4.5.0"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCancelledReadStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	src, err := upstream.Open(repository(t), upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := upstream.Read(ctx, src, "v4.5.0"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	git(t, dir, "tag", "not-a-release")
	git(t, dir, "tag", "v4.5.0-beta.1", "v4.4.1")
	url, _ := serve(t, bare(t, dir))
	for _, spec := range []string{dir, url + "/mastodon.git"} {
		src, err := upstream.Open(spec, upstream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		versions, err := upstream.Versions(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range versions {
			got = append(got, v.String())
		}
		if diff := cmp.Diff([]string{"v4.4.0", "v4.4.1", "v4.5.0-beta.1", "v4.5.0"}, got); diff != "" {
			t.Errorf("%s: %s", spec, diff)
		}
	}
}

func TestSections(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	tar := filepath.Join(t.TempDir(), "a.tar")
	git(t, dir, "archive", "-o", tar, "v4.4.1")
	url, _ := serve(t, bare(t, dir))
	want := map[string]string{
		"v4.4.0": "### Added\n\n- Something",
		"v4.4.1": "### Security\n\n- Fix something ([GHSA](https://github.com/mastodon/mastodon/security/advisories/GHSA-2222-3333-4444))",
	}
	// The invented version file of v4.4.1 still says v4.4.0, and it is all that an archive goes by.
	for spec, at := range map[string]string{dir: "v4.4.1", url + "/mastodon.git": "v4.4.1", tar: "v4.4.0", checkout(t, dir, "v4.4.1"): ""} {
		src, err := upstream.Open(spec, upstream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := upstream.Sections(t.Context(), src, at, version.Parse("v4.4.0"), version.Parse("v4.4.1"), version.Parse("v4.4.2"))
		if err != nil {
			t.Fatalf("%s: %v", spec, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", spec, diff)
		}
	}
}
