package upstream

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// tarball is an archive of one commit, as git archive and GitHub make them: a comment with the commit's hash in front,
// mostly one folder around everything. It is streamed; only wanted files are kept.
type tarball struct {
	name string
	open func(ctx context.Context) (io.ReadCloser, error)
}

// fileTarball is an archive on disk.
func fileTarball(name string) *tarball {
	return &tarball{name: name, open: func(context.Context) (io.ReadCloser, error) { return os.Open(name) }}
}

func (t *tarball) String() string { return t.name }

// Resolve takes any version: which one the archive holds shows when it is read.
func (t *tarball) Resolve(_ context.Context, v string) (Revision, error) {
	return singleRevision(v), nil
}

func (t *tarball) Load(ctx context.Context, rev Revision, w Wanted) (*Tree, error) {
	file, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	tree, err := readTar(ctx, file, w)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	return tree, tree.holds(t.name, rev)
}

func readTar(ctx context.Context, r io.Reader, w Wanted) (*Tree, error) {
	counted := &counter{r: r, ctx: ctx}
	buffered := bufio.NewReader(counted)
	plain := io.Reader(buffered)
	if magic, err := buffered.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		zipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		plain = zipped
	}
	out := &Tree{Files: map[string]File{}}
	if err := out.entries(tar.NewReader(io.LimitReader(plain, maxTarball)), w); err != nil {
		return nil, err
	}
	if len(out.Files) == 0 {
		return nil, errors.New("holds no source of Mastodon")
	}
	out.Transferred = counted.n
	return out, nil
}

func (t *Tree) entries(archive *tar.Reader, w Wanted) error {
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("tar: %w", err)
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			t.Commit = commitOf(h.PAXRecords["comment"])
			continue
		}
		name, ok := inside(h.Name, w)
		if h.Typeflag != tar.TypeReg || !ok {
			continue
		}
		text, err := readFile(archive, h.Size)
		if err != nil {
			return fmt.Errorf("tar: %s: %w", h.Name, err)
		}
		if err := t.add(name, text, h.ModTime); err != nil {
			return fmt.Errorf("tar: %w", err)
		}
	}
}

// inside is the path of a wanted file below the archive's folder; without a folder the path itself.
func inside(name string, w Wanted) (string, bool) {
	name = strings.TrimPrefix(name, "./")
	if _, below, ok := strings.Cut(name, "/"); ok && w.File(below) {
		return below, true
	}
	return name, w.File(name)
}

func (t *Tree) add(name, text string, at time.Time) error {
	if t.Commit != "" { // git archive dates every file with its commit
		t.Date = at.UTC()
	}
	return t.put(name, text, plumbing.ComputeHash(plumbing.BlobObject, []byte(text)).String())
}

func commitOf(comment string) string {
	if plumbing.IsHash(comment) {
		return comment
	}
	return ""
}

// counter counts what is read and stops when the context ends.
type counter struct {
	r   io.Reader
	n   int64
	ctx context.Context //nolint:containedctx // a reader has no other way to be stopped
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
