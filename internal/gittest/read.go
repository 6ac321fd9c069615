package gittest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// Entry is one commit of a log.
type Entry struct {
	Hash, Author, Email, Subject string
	Parents                      []string
}

// Log is the history of a branch (or hash), newest first.
func (r *Repo) Log(ctx context.Context, branch string) ([]Entry, error) {
	out, err := r.Git(ctx, "log", "--topo-order", "-z", "--format=%H%n%an%n%ae%n%P%n%s", r.named(ctx, branch))
	if err != nil {
		return nil, err
	}

	var entries []Entry

	for record := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		f := strings.SplitN(record, "\n", 5)
		entries = append(entries, Entry{
			Hash: f[0], Author: f[1], Email: f[2], Parents: strings.Fields(f[3]), Subject: strings.TrimSpace(f[4]),
		})
	}

	return entries, nil
}

// Show is the content of one file at a branch (or hash).
func (r *Repo) Show(ctx context.Context, branch, path string) (string, error) {
	return r.Git(ctx, "cat-file", "blob", r.named(ctx, branch)+":"+path)
}

// Message is the whole message of the commit that a branch (or hash) names.
func (r *Repo) Message(ctx context.Context, branch string) (string, error) {
	return r.trimmed(ctx, "log", "-1", "--format=%B", r.named(ctx, branch))
}

// Diff is the unified diff between two branches (or hashes).
func (r *Repo) Diff(ctx context.Context, from, to string) (string, error) {
	return r.Git(ctx, "diff", "--no-color", "--no-ext-diff", r.named(ctx, from), r.named(ctx, to))
}

// Modes is every file of a branch (or hash) with its mode: path → 100644.
func (r *Repo) Modes(ctx context.Context, branch string) (map[string]string, error) {
	out, err := r.Git(ctx, "ls-tree", "-r", "-z", r.named(ctx, branch))
	if err != nil {
		return nil, err
	}

	modes := map[string]string{}

	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		if mode, rest, ok := strings.Cut(line, " "); ok {
			modes[rest[strings.IndexByte(rest, '\t')+1:]] = mode
		}
	}

	return modes, nil
}

// Refs is every reference with its hash: refs/heads/main → hash.
func (r *Repo) Refs(ctx context.Context) (map[string]string, error) {
	out, err := r.Git(ctx, "for-each-ref", "--format=%(refname) %(objectname)")
	if err != nil {
		return nil, err
	}

	refs := map[string]string{}

	for line := range strings.Lines(out) {
		name, hash, _ := strings.Cut(strings.TrimSpace(line), " ")
		refs[name] = hash
	}

	return refs, nil
}

// Head is the hash a branch points to; "" when there is no such branch.
func (r *Repo) Head(ctx context.Context, branch string) (string, error) {
	if hash := r.loose(branch); hash != "" {
		return hash, nil
	}

	refs, err := r.Refs(ctx)

	return refs[reference(branch)], err
}

// loose reads a branch's own file, which saves asking git; "" where it has
// none, which does not mean that there is no such branch.
func (r *Repo) loose(branch string) string {
	data, err := os.ReadFile(filepath.Join(r.Dir, filepath.FromSlash(reference(branch))))
	if hash := strings.TrimSpace(string(data)); err == nil && hashPattern.MatchString(hash) {
		return hash
	}

	return ""
}

var hashPattern = lazyre.New(`^[0-9a-f]{40}$`)

// Refer sets a reference to a hash as git does, by way of a lock beside it,
// and leaves to git what is not that simple.
func (r *Repo) Refer(ctx context.Context, ref, hash string) error {
	file := filepath.Join(r.Dir, filepath.FromSlash(ref))

	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() || os.MkdirAll(filepath.Dir(file), 0o755) != nil || create(file+".lock", hash+"\n") != nil {
		_, err = r.Git(ctx, "update-ref", ref, hash)

		return err
	}

	return os.Rename(file+".lock", file)
}

// create writes a file that must not be there.
func create(name, content string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}

	_, err = f.WriteString(content)

	return errors.Join(err, f.Close())
}

// Branch makes or moves a branch to a commit: a branch or a hash.
func (r *Repo) Branch(ctx context.Context, name, at string) error {
	_, err := r.Git(ctx, "update-ref", reference(name), r.named(ctx, at))

	return err
}

// DeleteBranch removes a branch, as a person does after a merge.
func (r *Repo) DeleteBranch(ctx context.Context, name string) error {
	_, err := r.Git(ctx, "update-ref", "-d", reference(name))

	return err
}

// Check lets git verify every object and reference of the repository.
func (r *Repo) Check(ctx context.Context) error {
	_, err := r.Git(ctx, "fsck", "--strict", "--full", "--no-dangling")

	return err
}

// resolve is the hash of a branch or a hash; "" when there is none.
func (r *Repo) resolve(ctx context.Context, name string) string {
	if hash := r.loose(name); hash != "" {
		return hash
	}

	for _, candidate := range []string{reference(name), name} {
		if out, err := r.trimmed(ctx, "rev-parse", "--verify", "--quiet", candidate+"^{commit}"); err == nil {
			return out
		}
	}

	return ""
}

// named is what git is asked for: the hash, or the name where git is to
// complain that nothing is called so.
func (r *Repo) named(ctx context.Context, name string) string {
	return or(r.resolve(ctx, name), name)
}
