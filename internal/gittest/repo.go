package gittest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"
)

// Repo is one bare repository of a server, with what a person does to it.
type Repo struct {
	// Name is as a forge would say it: example/gitops.
	Name string
	// Dir is the bare repository itself.
	Dir string
	// URL is where it is cloned from.
	URL string
}

// Files makes a tree of name → content. In place of plain files, an fs.FS may
// have executable ones, symbolic links, and irregular ones that are submodules
// whose content is the commit's hash.
func Files(files map[string]string) fs.FS {
	tree := fstest.MapFS{}
	for name, content := range files {
		tree[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
	}

	return tree
}

// CreateRepo makes the repository name (owner/repository) whose branch main
// has one commit with files. nil files leave it empty.
func (s *Server) CreateRepo(ctx context.Context, name string, files fs.FS) (*Repo, error) {
	r := &Repo{Name: name, Dir: filepath.Join(s.Dir, filepath.FromSlash(name)+".git"), URL: s.URL + "/" + name + ".git"}

	if _, err := os.Stat(r.Dir); err == nil {
		return nil, fmt.Errorf("git server: %s exists already", name)
	}

	if err := r.init(); err != nil || files == nil {
		return r, err
	}

	_, err := r.Commit(ctx, Commit{Branch: "main", Message: "first", Tree: files})

	return r, err
}

// config makes the repository behave as a forge's does: pushes are taken,
// filters are served, nothing is tidied up in the background.
const config = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	logAllRefUpdates = false
[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowReachableSHA1InWant = true
[gc]
	auto = 0
[receive]
	autogc = false
`

// init writes what git init would; a process less for each repository is what
// keeps tests with hundreds of them quick.
func (r *Repo) init() error {
	for _, dir := range []string{"objects/pack", "refs/heads", "refs/tags", "hooks"} {
		if err := os.MkdirAll(filepath.Join(r.Dir, dir), 0o755); err != nil {
			return err
		}
	}

	return errors.Join(
		os.WriteFile(filepath.Join(r.Dir, "HEAD"), []byte("ref: refs/heads/main\n"), 0o644),
		os.WriteFile(filepath.Join(r.Dir, "config"), []byte(config), 0o644),
	)
}

// Git runs git in the repository.
func (r *Repo) Git(ctx context.Context, args ...string) (string, error) {
	return Git(ctx, r.Dir, nil, args...)
}

// Configure sets one key of the repository's git configuration.
func (r *Repo) Configure(ctx context.Context, key, value string) error {
	_, err := r.Git(ctx, "config", key, value)

	return err
}

// Hook installs script as the named server-side hook (pre-receive, update).
func (r *Repo) Hook(name, script string) error {
	return os.WriteFile(filepath.Join(r.Dir, "hooks", name), []byte(script), 0o755)
}

// Repack puts every object into one pack, as a forge keeps them; loose objects
// make every client slow.
func (r *Repo) Repack(ctx context.Context) error {
	_, err := r.Git(ctx, "repack", "-adq")

	return err
}

// empty tells that nothing was ever committed: there is no object at all.
func (r *Repo) empty() bool {
	loose, err1 := os.ReadDir(filepath.Join(r.Dir, "objects"))
	packs, err2 := os.ReadDir(filepath.Join(r.Dir, "objects", "pack"))

	return errors.Join(err1, err2) == nil && len(loose) == 1 && len(packs) == 0
}

// fastImport feeds a stream to git fast-import, which writes objects and moves
// the branch in one step.
func (r *Repo) fastImport(ctx context.Context, stream *bytes.Buffer) error {
	_, err := Git(ctx, r.Dir, stream, "-c", "core.ignoreCase=false", "fast-import", "--quiet", "--force")

	return err
}

// trimmed runs git and cuts the final newline off.
func (r *Repo) trimmed(ctx context.Context, args ...string) (string, error) {
	out, err := r.Git(ctx, args...)

	return strings.TrimSuffix(out, "\n"), err
}
