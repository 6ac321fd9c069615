package gittest_test

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goingdark-social/bot/internal/gittest"
)

func start(t *testing.T, files fs.FS) (*gittest.Server, *gittest.Repo) {
	t.Helper()

	server, err := gittest.New(t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })

	repo, err := server.CreateRepo(t.Context(), "example/gitops", files)
	must(t, err)

	return server, repo
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

func TestGitClonesAndPushes(t *testing.T) {
	t.Parallel()

	odd := "ünï \"cödé\"\\\tx"
	server, repo := start(t, fstest.MapFS{
		"a.yaml": {Data: []byte("a: b\r\n"), Mode: 0o644}, "run.sh": {Data: []byte("x"), Mode: 0o755},
		"link": {Data: []byte("a.yaml"), Mode: fs.ModeSymlink}, odd: {Data: []byte("\x00\xff")},
		"sub": {Data: []byte(strings.Repeat("ab", 20)), Mode: fs.ModeIrregular},
	})

	modes, err := repo.Modes(t.Context(), "main")
	must(t, err)

	for name, want := range map[string]string{"a.yaml": "100644", "run.sh": "100755", "link": "120000", "sub": "160000", odd: "100644"} {
		if modes[name] != want {
			t.Errorf("mode of %q = %s, want %s", name, modes[name], want)
		}
	}

	work := t.TempDir()
	git := func(args ...string) {
		t.Helper()

		_, err := gittest.Git(t.Context(), work, nil, args...)
		must(t, err)
	}

	git("clone", "--quiet", "--depth=1", repo.URL, ".")

	data, err := os.ReadFile(filepath.Join(work, "a.yaml"))
	must(t, err)

	if string(data) != "a: b\r\n" {
		t.Errorf("content = %q", data)
	}

	// Larger than http.postBuffer, so that git sends it in chunks.
	big := strings.Repeat("0123456789abcdef", 1<<17)
	must(t, os.WriteFile(filepath.Join(work, "big"), []byte(big), 0o600))
	git("add", "big")
	git("commit", "--quiet", "-m", "big")
	git("-c", "http.postBuffer=1000", "-c", "core.compression=0", "push", "--quiet", "origin", "main:refs/heads/topic")

	shown, err := repo.Show(t.Context(), "topic", "big")
	must(t, err)

	if shown != big {
		t.Error("the big file did not arrive")
	}

	log, err := repo.Log(t.Context(), "topic")
	must(t, err)

	if len(log) != 2 || log[0].Subject != "big" || log[0].Author != "Ada" || log[0].Parents[0] != log[1].Hash {
		t.Errorf("log = %+v", log)
	}

	if server.Count("POST /example/gitops.git/git-receive-pack") == 0 || server.Requests()[0].Protocol != "version=2" {
		t.Errorf("requests = %+v", server.Requests())
	}

	must(t, repo.Check(t.Context()))
}

func TestPeopleCommit(t *testing.T) {
	t.Parallel()

	_, repo := start(t, gittest.Files(map[string]string{"a": "1", "dir/b": "2"}))
	commit := func(c gittest.Commit) string {
		t.Helper()

		hash, err := repo.Commit(t.Context(), c)
		must(t, err)

		return hash
	}

	commit(gittest.Commit{Branch: "topic", From: "main", Name: "Eve", Email: "eve@example.org", Files: map[string]string{"a": "3"}})
	commit(gittest.Commit{Branch: "main", Message: "main goes on", Delete: []string{"dir"}})
	commit(gittest.Commit{Branch: "topic", Merge: "main", Message: "merge"})
	commit(gittest.Commit{Branch: "alone", Orphan: true, Files: map[string]string{"x": "y"}})

	log, err := repo.Log(t.Context(), "topic")
	must(t, err)

	if len(log) != 4 || len(log[0].Parents) != 2 {
		t.Errorf("log = %+v", log)
	}

	message, err := repo.Message(t.Context(), "main")
	must(t, err)

	if message != "main goes on\n" && message != "main goes on" {
		t.Errorf("message = %q", message)
	}

	diff, err := repo.Diff(t.Context(), "main~1", "main")
	must(t, err)

	if !strings.Contains(diff, "deleted file") {
		t.Errorf("diff = %s", diff)
	}

	must(t, repo.Branch(t.Context(), "copy", "topic"))
	must(t, repo.DeleteBranch(t.Context(), "topic"))

	refs, err := repo.Refs(t.Context())
	must(t, err)

	if len(refs) != 3 || refs["refs/heads/copy"] != log[0].Hash {
		t.Errorf("refs = %v", refs)
	}

	if _, err := repo.Commit(t.Context(), gittest.Commit{Branch: "x", Merge: "nothing"}); err == nil {
		t.Error("nothing was merged")
	}

	if _, err := repo.Show(t.Context(), "main", "dir/b"); err == nil {
		t.Error("a deleted file was shown")
	}
}

// TestABigFirstCommit goes into a pack, and a second one still builds on it.
func TestABigFirstCommit(t *testing.T) {
	t.Parallel()

	_, repo := start(t, gittest.Many(500))
	_, err := repo.Commit(t.Context(), gittest.Commit{Branch: "main", Files: map[string]string{"a": "1"}})
	must(t, err)
	must(t, repo.Repack(t.Context()))

	_, err = repo.Git(t.Context(), "pack-refs", "--all")
	must(t, err)
	_, err = repo.Commit(t.Context(), gittest.Commit{Branch: "topic", From: "main", Files: map[string]string{"b": "2"}})
	must(t, err)

	log, err := repo.Log(t.Context(), "topic")
	must(t, err)

	if len(log) != 3 {
		t.Errorf("log = %+v", log)
	}
}

// TestHashesAreTheSameEverywhere: nothing of the machine is in a commit.
func TestHashesAreTheSameEverywhere(t *testing.T) {
	t.Setenv("GIT_AUTHOR_NAME", "Somebody")
	t.Setenv("GIT_DIR", "/nowhere")
	t.Setenv("HOME", t.TempDir())

	_, repo := start(t, gittest.Files(map[string]string{"a": "1"}))
	head, err := repo.Head(t.Context(), "main")
	must(t, err)

	if want := "b6d7cd9ad2dbd406413b161269d1becb1a50ff8e"; head != want {
		t.Errorf("head = %s, want %s", head, want)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()

	server, repo := start(t, gittest.Files(map[string]string{"a": "1"}))
	ask := func(token, service string) int {
		t.Helper()

		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, repo.URL+"/info/refs?service="+service, nil)
		must(t, err)

		if token != "" {
			req.SetBasicAuth("x-access-token", token)
		}

		res, err := http.DefaultClient.Do(req)
		must(t, err)
		_, _ = io.Copy(io.Discard, res.Body)
		must(t, res.Body.Close())

		return res.StatusCode
	}
	check := func(token, service string, want int) {
		t.Helper()

		if got := ask(token, service); got != want {
			t.Errorf("%s with %q = %d, want %d", service, token, got, want)
		}
	}

	check("", "git-receive-pack", 200)
	server.Allow("write", true)
	server.Allow("read", false)
	check("", "git-upload-pack", 401)
	check("other", "git-upload-pack", 401)
	check("read", "git-upload-pack", 200)
	check("read", "git-receive-pack", 403)
	check("write", "git-receive-pack", 200)
	server.Revoke("write")
	check("write", "git-upload-pack", 401)
	server.Revoke("read")
	check("", "git-upload-pack", 401)
}

func TestFaults(t *testing.T) {
	t.Parallel()

	// A client of its own: net/http asks again by itself where a connection
	// that it kept is broken.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	server, repo := start(t, gittest.Files(map[string]string{"a": "1"}))
	get := func() (int, string, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, repo.URL+"/info/refs?service=git-upload-pack", nil)
		must(t, err)

		res, err := client.Do(req)
		if err != nil {
			return 0, "", err
		}

		defer res.Body.Close()

		body, err := io.ReadAll(res.Body)

		return res.StatusCode, string(body), err
	}

	server.Inject("info/refs", gittest.Fault{Status: 503, Body: "busy", Header: http.Header{"Retry-After": {"9"}}}, 1)

	if status, body, err := get(); status != 503 || body != "busy" || err != nil {
		t.Errorf("status: %d %q %v", status, body, err)
	}

	server.Inject("info/refs", gittest.Fault{Refuse: true}, 2)

	for range 2 {
		if _, _, err := get(); err == nil {
			t.Error("refuse: no error")
		}
	}

	server.Inject("info/refs", gittest.Fault{Cut: 10}, 1)

	if _, body, err := get(); err == nil || len(body) > 10 {
		t.Errorf("cut: %q %v", body, err)
	}

	server.Inject("info/refs", gittest.Fault{Lose: true}, 0)

	if _, _, err := get(); err == nil {
		t.Error("lose: no error")
	}

	server.Heal()

	if status, body, err := get(); status != 200 || !strings.Contains(body, "refs/heads/main") || err != nil {
		t.Errorf("healed: %d %q %v", status, body, err)
	}
}

func TestCreateRepoRefusesAName(t *testing.T) {
	t.Parallel()

	server, _ := start(t, nil)

	if _, err := server.CreateRepo(t.Context(), "example/gitops", nil); err == nil {
		t.Error("a repository was made twice")
	}

	if _, err := gittest.New(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a server without a folder was started")
	}
}
