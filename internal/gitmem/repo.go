package gitmem

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage"
	"github.com/go-git/go-git/v5/storage/memory"
)

// Repo is one repository. It is safe for concurrent use.
type Repo struct {
	mu      sync.Mutex
	storage storage.Storer
	now     func() time.Time
	pushes  int
}

// New is a repository whose branch main has one commit with files. now dates
// commits.
func New(files map[string]string, now func() time.Time) (*Repo, error) {
	r := &Repo{storage: memory.NewStorage(), now: now}

	return r, r.Commit("main", "Ada", "ada@example.org", "first", files)
}

// Head is the commit that a branch is at; "" where there is no such branch.
func (r *Repo) Head(branch string) string {
	r.mu.Lock()
	defer r.mu.Unlock()

	hash, ok := r.head(branch)
	if !ok {
		return ""
	}

	return hash.String()
}

func (r *Repo) head(branch string) (plumbing.Hash, bool) {
	ref, err := r.storage.Reference(plumbing.NewBranchReferenceName(branch))
	if err != nil {
		return plumbing.ZeroHash, false
	}

	return ref.Hash(), true
}

// Refs is every reference with its commit.
func (r *Repo) Refs() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()

	refs := map[string]string{}
	for name, hash := range r.refs() {
		refs[name.String()] = hash.String()
	}

	return refs
}

func (r *Repo) refs() map[plumbing.ReferenceName]plumbing.Hash {
	refs := map[plumbing.ReferenceName]plumbing.Hash{}

	all, err := r.storage.IterReferences()
	if err != nil {
		return refs
	}

	_ = all.ForEach(func(ref *plumbing.Reference) error { // nothing below fails
		if ref.Type() == plumbing.HashReference {
			refs[ref.Name()] = ref.Hash()
		}

		return nil
	})

	return refs
}

// Pushes is how many updates of references clients made.
func (r *Repo) Pushes() int {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.pushes
}

// DeleteRef removes a reference by its full name, as refs/heads/main.
func (r *Repo) DeleteRef(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()

	_ = r.storage.RemoveReference(plumbing.ReferenceName(name)) // what is not there is gone
}

// Files is the content of every file at a reference's full name.
func (r *Repo) Files(ref string) (map[string]string, error) {
	at, ok := r.Refs()[ref]
	if !ok {
		return nil, fmt.Errorf("there is no %s", ref)
	}

	return r.FilesAt(at)
}

// Contains tells whether a commit is in the history of a branch.
func (r *Repo) Contains(branch, commit string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()

	at, ok := r.head(branch)
	if !ok {
		return false
	}

	h, err := r.reachable([]plumbing.Hash{at}, 0, nil)

	return err == nil && h.commits[plumbing.NewHash(commit)]
}

// FilesAt is the content of every file of a commit.
func (r *Repo) FilesAt(commit string) (map[string]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	blobs, err := r.flat(plumbing.NewHash(commit))
	if err != nil {
		return nil, err
	}

	files := map[string]string{}

	for name, hash := range blobs {
		blob, err := object.GetBlob(r.storage, hash)
		if err != nil {
			return nil, err
		}

		if files[name], err = contents(blob); err != nil {
			return nil, err
		}
	}

	return files, nil
}

// Ahead is the commits of a branch that main has not, newest first.
func (r *Repo) Ahead(branch string) ([]*object.Commit, error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	base, _ := r.head("main")

	at, ok := r.head(branch)
	if !ok {
		return nil, fmt.Errorf("there is no branch %s", branch)
	}

	had, err := r.reachable([]plumbing.Hash{base}, 0, nil)
	if err != nil {
		return nil, err
	}

	more, err := r.reachable([]plumbing.Hash{at}, 0, had.commits)
	if err != nil {
		return nil, err
	}

	var out []*object.Commit

	for _, hash := range more.order {
		c, err := object.GetCommit(r.storage, hash)
		if err != nil {
			return nil, err
		}

		out = append(out, c)
	}

	return out, nil
}

// history is a set of commits.
type history struct {
	commits map[plumbing.Hash]bool
	order   []plumbing.Hash
	// edge are those whose parents are not in the set although they have some.
	edge []plumbing.Hash
}

// reachable is the commits from tips on, at most depth generations of them (0:
// all), without those in not.
func (r *Repo) reachable(tips []plumbing.Hash, depth int, not map[plumbing.Hash]bool) (history, error) {
	h := history{commits: map[plumbing.Hash]bool{}}
	row := tips

	for generation := 1; len(row) > 0; generation++ {
		var next []plumbing.Hash

		for _, hash := range row {
			if h.commits[hash] || not[hash] {
				continue
			}

			c, err := object.GetCommit(r.storage, hash)
			if err != nil {
				return h, fmt.Errorf("commit %s: %w", hash, err)
			}

			h.commits[hash] = true
			h.order = append(h.order, hash)

			if generation == depth && len(c.ParentHashes) > 0 {
				h.edge = append(h.edge, hash)

				continue
			}

			next = append(next, c.ParentHashes...)
		}

		row = next
	}

	return h, nil
}

// flat is every file of a commit with its blob.
func (r *Repo) flat(commit plumbing.Hash) (map[string]plumbing.Hash, error) {
	files := map[string]plumbing.Hash{}

	c, err := object.GetCommit(r.storage, commit)
	if err != nil {
		return nil, err
	}

	tree, err := c.Tree()
	if err != nil {
		return nil, err
	}

	err = tree.Files().ForEach(func(f *object.File) error {
		files[f.Name] = f.Hash

		return nil
	})
	if errors.Is(err, storer.ErrStop) {
		err = nil
	}

	return files, err
}
