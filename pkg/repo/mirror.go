package repo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/rogpeppe/go-internal/lockedfile"
)

const (
	// maxPacks is how many fetches one generation of a mirror takes; looking
	// through many packs is slow, and a new shallow clone is cheap.
	maxPacks = 50
	// oldGeneration is how long a generation outlives its successor, for
	// processes that still read from it.
	oldGeneration = time.Hour

	mirrorPrefix = "refs/mirror/"
	suffix       = ".git"
)

// A mirror is a folder of generations: 1.git, 2.git, … each a bare repository
// with shallow commits. The highest number is the current one. Nothing is
// ever changed in a generation but added, so whoever reads from it is never
// disturbed; a broken or overgrown one is followed by a new one and deleted
// later. One lock file keeps writers apart.
//
// refs/mirror/BRANCH is set only after the pack is complete: it says that the
// commit and its whole tree are here.

// bringMirrored gets a commit from the mirror, after fetching it where it is
// not there yet.
func (r *Remote) bringMirrored(ctx context.Context, u *upload, branch string, hash plumbing.Hash, fresh bool) (*Commit, error) {
	unlock, err := lock(ctx, r.options.Mirror)
	if err != nil {
		return nil, &localError{fmt.Errorf("mirror %s: %w", r.options.Mirror, err)}
	}
	defer unlock()

	g, err := currentGeneration(r.options.Mirror)
	if err != nil {
		level := slog.LevelWarn
		if errors.Is(err, errNoGeneration) {
			level = slog.LevelDebug
		}

		r.options.Log.Log(ctx, level, "the mirror is made anew", "mirror", r.options.Mirror, "reason", err)

		g, err = newGeneration(r.options.Mirror, r.options.Now())
	}

	if err != nil {
		return nil, &localError{fmt.Errorf("mirror %s: %w", r.options.Mirror, err)}
	}

	if !slices.Contains(g.heads, hash) {
		if err := r.fill(ctx, u, g, hash, fresh); err != nil {
			return nil, err
		}

		r.options.Log.DebugContext(ctx, "fetched into the mirror", "repository", r.address.clean, "commit", hash.String())
	}

	if err := g.record(branch, hash); err != nil {
		return nil, &localError{fmt.Errorf("mirror %s: %w", r.options.Mirror, err)}
	}

	return (&objects{top: &shelf{path: g.path, storage: g.storage}, limit: r.limit(u)}).commit(hash)
}

// lock keeps other processes, and other Remotes of this one, from writing to
// the mirror. It waits no longer than ctx.
func lock(ctx context.Context, dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}

	type result struct {
		unlock func()
		err    error
	}

	locked := make(chan result, 1)

	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(dir, "lock")).Lock()
		locked <- result{unlock, err}
	}()

	select {
	case l := <-locked:
		return l.unlock, l.err
	case <-ctx.Done():
		go func() {
			if l := <-locked; l.err == nil {
				l.unlock()
			}
		}()

		return nil, fmt.Errorf("waiting for another process: %w", ctx.Err())
	}
}

// fill fetches a commit into a generation: the first as one pack, later ones
// as what they add.
func (r *Remote) fill(ctx context.Context, u *upload, g *generation, hash plumbing.Hash, fresh bool) error {
	w := wants{hash: hash, depth: 1, filter: r.blobFilter()}
	if fresh || len(g.heads) == 0 {
		return u.fetch(ctx, w, g.storage)
	}

	w.have, w.shallow = g.heads, g.heads

	added, err := u.fetchOnto(ctx, w, &objects{top: g.storage})
	if err != nil {
		return err
	}

	// A pack of its own, with a checksum, and complete in itself.
	hashes := slices.SortedFunc(maps.Keys(added.Objects), func(a, b plumbing.Hash) int { return bytes.Compare(a[:], b[:]) })
	pack := &bytes.Buffer{}

	if _, err := packfile.NewEncoder(pack, added, false).Encode(hashes, 0); err != nil {
		return &localError{fmt.Errorf("mirror %s: %w", r.options.Mirror, err)}
	}

	if err := packfile.UpdateObjectStorage(g.storage, pack); err != nil {
		return &localError{fmt.Errorf("mirror %s: %w", r.options.Mirror, err)}
	}

	return nil
}

var errNoGeneration = errors.New("there is none yet")

type generation struct {
	path    string
	storage *filesystem.Storage
	heads   []plumbing.Hash // commits whose whole tree is here
}

// currentGeneration opens the newest generation; an error says why there has
// to be a new one.
func currentGeneration(dir string) (*generation, error) {
	numbers, err := generations(dir)
	if err != nil {
		return nil, err
	}

	if len(numbers) == 0 {
		return nil, errNoGeneration
	}

	path := generationPath(dir, numbers[len(numbers)-1])
	if err := sound(path); err != nil {
		return nil, err
	}

	return openGeneration(path)
}

func openGeneration(path string) (*generation, error) {
	g := &generation{path: path, storage: newStorage(path)}

	refs, err := g.storage.IterReferences()
	if err != nil {
		return nil, err
	}

	err = refs.ForEach(func(ref *plumbing.Reference) error {
		if strings.HasPrefix(ref.Name().String(), mirrorPrefix) {
			g.heads = append(g.heads, ref.Hash())
		}

		return nil
	})
	if err != nil {
		return nil, err
	}

	for _, hash := range g.heads {
		if err := g.storage.HasEncodedObject(hash); err != nil {
			return nil, fmt.Errorf("commit %s: %w", hash, err)
		}
	}

	return g, nil
}

// newGeneration makes the next generation and deletes those that nobody can
// be reading from any more.
func newGeneration(dir string, now time.Time) (*generation, error) {
	numbers, err := generations(dir)
	if err != nil {
		return nil, err
	}

	next := 1
	if len(numbers) > 0 {
		next = numbers[len(numbers)-1] + 1
	}

	for _, n := range numbers {
		path := generationPath(dir, n)
		if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) > oldGeneration {
			if err := os.RemoveAll(path); err != nil {
				return nil, err
			}
		}
	}

	path := generationPath(dir, next)
	if err := initBare(path); err != nil {
		return nil, err
	}

	return openGeneration(path)
}

func generations(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}

	var numbers []int

	for _, e := range entries {
		if n, err := strconv.Atoi(strings.TrimSuffix(e.Name(), suffix)); err == nil && strings.HasSuffix(e.Name(), suffix) {
			numbers = append(numbers, n)
		}
	}

	slices.Sort(numbers)

	return numbers, nil
}

func generationPath(dir string, number int) string {
	return filepath.Join(dir, strconv.Itoa(number)+suffix)
}

// initBare makes a bare repository that git itself can read too.
func initBare(path string) error {
	for _, dir := range []string{"objects/pack", "refs/heads"} {
		if err := os.MkdirAll(filepath.Join(path, dir), 0o750); err != nil {
			return err
		}
	}

	config := "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"

	return errors.Join(
		os.WriteFile(filepath.Join(path, "config"), []byte(config), 0o600),
		os.WriteFile(filepath.Join(path, "HEAD"), []byte("ref: refs/heads/main\n"), 0o600),
	)
}

// record notes that a branch's commit is here with its whole tree.
func (g *generation) record(branch string, hash plumbing.Hash) error {
	if !slices.Contains(g.heads, hash) {
		g.heads = append(g.heads, hash)
	}

	if err := g.storage.SetShallow(g.heads); err != nil {
		return err
	}

	// One flat name, so that the branches a and a/b get along over time.
	name := plumbing.ReferenceName(mirrorPrefix + url.PathEscape(branch))

	return g.storage.SetReference(plumbing.NewHashReference(name, hash))
}
