package gittest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Commit is one commit that a person makes, straight in the repository.
type Commit struct {
	// Branch is moved to the commit, and is its parent where it exists.
	// A name that starts with refs/ is taken as it is.
	Branch string
	// From is the parent (a branch or a hash). Default: Branch.
	From string
	// Orphan makes a commit without a parent.
	Orphan bool
	// Merge is the second parent (a branch or a hash). The tree stays that of
	// the first; changed files are given in Files.
	Merge string
	// Message defaults to "change".
	Message string
	// Name and Email are the author's and committer's.
	// Default: Ada <ada@example.org>.
	Name, Email string
	// When defaults to Epoch.
	When time.Time
	// Files are written, the rest of the parent's tree stays.
	Files map[string]string
	// Tree is written too, with its modes: see Files.
	Tree fs.FS
	// Delete is removed, files and folders.
	Delete []string
}

// Commit makes the commit and returns its hash.
func (r *Repo) Commit(ctx context.Context, c Commit) (string, error) {
	stream, err := r.stream(ctx, c)
	if err != nil {
		return "", err
	}

	if err := r.fastImport(ctx, stream); err != nil {
		return "", fmt.Errorf("commit to %s of %s: %w", c.Branch, r.Name, err)
	}

	return r.Head(ctx, c.Branch)
}

func (r *Repo) stream(ctx context.Context, c Commit) (*bytes.Buffer, error) {
	name, email, message, when := or(c.Name, "Ada"), or(c.Email, "ada@example.org"), or(c.Message, "change"), c.When
	if when.IsZero() {
		when = Epoch
	}

	b := &bytes.Buffer{}
	fmt.Fprintf(b, "commit %s\n", reference(c.Branch))
	fmt.Fprintf(b, "committer %s <%s> %d +0000\n", name, email, when.Unix())
	data(b, []byte(message))

	if !c.Orphan && !r.empty() {
		if parent := r.resolve(ctx, or(c.From, c.Branch)); parent != "" {
			fmt.Fprintf(b, "from %s\n", parent)
		}
	}

	if c.Merge != "" {
		parent := r.resolve(ctx, c.Merge)
		if parent == "" {
			return nil, fmt.Errorf("commit to %s of %s: nothing called %s to merge", c.Branch, r.Name, c.Merge)
		}

		fmt.Fprintf(b, "merge %s\n", parent)
	}

	for _, path := range c.Delete {
		fmt.Fprintf(b, "D %s\n", quote(path))
	}

	if err := tree(b, Files(c.Files)); err != nil {
		return nil, err
	}

	if c.Tree == nil {
		return b, nil
	}

	return b, tree(b, c.Tree)
}

// tree writes every file of fsys as a change, in order.
func tree(b *bytes.Buffer, fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		info, err := d.Info()
		if err != nil {
			return err
		}

		return file(b, fsys, name, info.Mode())
	})
}

func file(b *bytes.Buffer, fsys fs.FS, name string, mode fs.FileMode) error {
	switch {
	case mode&fs.ModeSymlink != 0:
		target, err := fs.ReadLink(fsys, name)
		if err != nil {
			return err
		}

		fmt.Fprintf(b, "M 120000 inline %s\n", quote(name))
		data(b, []byte(target))

		return nil
	case mode&fs.ModeIrregular != 0:
		hash, err := fs.ReadFile(fsys, name)
		fmt.Fprintf(b, "M 160000 %s %s\n", hash, quote(name))

		return err
	}

	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}

	bits := "100644"
	if mode&0o111 != 0 {
		bits = "100755"
	}

	fmt.Fprintf(b, "M %s inline %s\n", bits, quote(name))
	data(b, content)

	return nil
}

func data(b *bytes.Buffer, content []byte) {
	fmt.Fprintf(b, "data %d\n%s\n", len(content), content)
}

// quote writes a path as fast-import reads it, whatever bytes it has.
func quote(path string) string {
	b := &strings.Builder{}
	b.WriteByte('"')

	for i := range len(path) {
		if c := path[i]; c == '"' || c == '\\' || c < ' ' || c > '~' {
			fmt.Fprintf(b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}

	b.WriteByte('"')

	return b.String()
}

func reference(branch string) string {
	if strings.HasPrefix(branch, "refs/") {
		return branch
	}

	return "refs/heads/" + branch
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}

	return s
}

// Many is a tree of n small YAML files in folders of fifty, for measuring.
func Many(n int) fs.FS {
	files := map[string]string{}

	for i := range n {
		name := "apps/" + strconv.Itoa(i/50) + "/" + strconv.Itoa(i) + ".yaml"
		files[name] = "kind: ConfigMap\nmetadata:\n  name: object-" + strconv.Itoa(i) + "\n"
	}

	return Files(files)
}
