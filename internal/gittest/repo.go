package gittest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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

	if err := os.MkdirAll(filepath.Dir(r.Dir), 0o755); err != nil {
		return nil, err
	}

	if _, err := Git(ctx, s.Dir, nil, "init", "--quiet", "--bare", "--initial-branch=main", r.Dir); err != nil {
		return nil, err
	}

	if err := r.configure(ctx); err != nil || files == nil {
		return r, err
	}

	_, err := r.Commit(ctx, Commit{Branch: "main", Message: "first", Tree: files})

	return r, err
}

// configure makes the repository behave as a forge's does: pushes are taken,
// filters are served, nothing is tidied up in the background.
func (r *Repo) configure(ctx context.Context) error {
	config := "[http]\n\treceivepack = true\n[uploadpack]\n\tallowFilter = true\n\tallowReachableSHA1InWant = true\n" +
		"[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n[core]\n\tlogAllRefUpdates = false\n"

	f, err := os.OpenFile(filepath.Join(r.Dir, "config"), os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}

	_, err = io.WriteString(f, config)

	return errors.Join(err, f.Close(), ctx.Err())
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
	dir := filepath.Join(r.Dir, "hooks")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}

	return os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755)
}

// Repack puts every object into one pack, as a forge keeps them; loose objects
// make every client slow.
func (r *Repo) Repack(ctx context.Context) error {
	_, err := r.Git(ctx, "repack", "-adq")

	return err
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
