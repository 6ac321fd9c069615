package upstream

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// readers numbers what the readers understand and how it is packed. It goes up when they read more or otherwise than
// before, so that a cache written by an older program is not believed.
const readers = 2

// Cache keeps facts by commit in a folder, for ever: what a commit says does not change. Its files are small (some
// 20 kB) and may be deleted at any time.
type Cache struct {
	// Dir is the folder; it is made when it is missing. Empty keeps nothing.
	Dir string
}

// Read is Read with the cache in between. The source is always asked which commit a version is; a source that cannot
// tell is read anew.
func (c Cache) Read(ctx context.Context, src Source, version string) (*facts.Facts, error) {
	rev, err := resolve(ctx, src, version)
	if err != nil {
		return nil, err
	}
	if c.Dir == "" || rev.Commit == "" {
		return readRevision(ctx, src, rev)
	}
	if f, err := c.load(rev); err != nil || f != nil {
		return f, err
	}
	f, err := readRevision(ctx, src, rev)
	if err != nil {
		return nil, err
	}
	return f, c.store(f)
}

func (c Cache) file(commit string) string {
	return filepath.Join(c.Dir, fmt.Sprintf("facts-%d-%s.gz", readers, commit))
}

// load returns nil for what is not there, and for a file that a crash or a full disk left unreadable: it is read again
// and replaced.
func (c Cache) load(rev Revision) (*facts.Facts, error) {
	data, err := os.ReadFile(c.file(rev.Commit))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cached facts: %w", err)
	}
	f, err := inflated(data)
	if err != nil || f.Commit != rev.Commit {
		return nil, nil //nolint:nilerr // explained above
	}
	if rev.Version != "" {
		f.Version = rev.Version
	}
	return f, nil
}

// inflated reads a file of the cache. Its checksum is gzip's.
func inflated(data []byte) (*facts.Facts, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	packed, err := io.ReadAll(zipped)
	if err != nil {
		return nil, err
	}
	return facts.Unpack(string(packed), 0)
}

// store writes beside the file and renames, so that two at once and a crash leave whole files only.
func (c Cache) store(f *facts.Facts) error {
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return fmt.Errorf("caching facts: %w", err)
	}
	file, err := os.CreateTemp(c.Dir, "facts-*.tmp")
	if err != nil {
		return fmt.Errorf("caching facts: %w", err)
	}
	zipped := gzip.NewWriter(file)
	_, err = zipped.Write(facts.Pack([]*facts.Facts{f}))
	err = errors.Join(err, zipped.Close(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.file(f.Commit))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("caching facts: %w", err), os.Remove(file.Name()))
	}
	return nil
}
