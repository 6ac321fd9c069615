package repo

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"

	"github.com/goingdark-social/bot/internal/wait"
	"github.com/goingdark-social/bot/pkg/effect"
)

// StateRef holds the bot's memory: a tree of documents in a commit without
// parents. Each update replaces the commit, so that the repository does not
// collect a history of states; what is in a document must bear being lost.
const StateRef = "refs/bot/state"

const (
	// stateTries is how often an update is tried while others come first. Of n
	// writers at once one succeeds at each try, so this is enough for as many.
	stateTries = 30
	statePause = 20 * time.Millisecond
	stateMax   = time.Second
)

// ReadState is the document at path on StateRef; nil when there is none.
// Where nothing changed since the last time it costs one request.
func (r *Remote) ReadState(ctx context.Context, path string) ([]byte, error) {
	if reason := badPath(path); reason != "" {
		return nil, &ChangeError{path, reason}
	}

	c, err := r.readState(ctx)
	if err != nil {
		return nil, err
	}

	return document(c, path)
}

// UpdateState replaces the document at path by what f makes of it; nil stands
// for no document on both sides. Nothing is pushed when f changes nothing. When
// somebody else updates the reference at the same time, f is called again with
// what is there then: it must do nothing but compute. Other documents are kept.
func (r *Remote) UpdateState(ctx context.Context, path string, f func(old []byte) ([]byte, error)) error {
	if reason := badPath(path); reason != "" {
		return &ChangeError{path, reason}
	}

	pause := statePause

	for try := 1; ; try++ {
		err := r.updateState(ctx, path, f)
		if !is[*LeaseError](err) {
			return err
		}

		if try == stateTries {
			return fmt.Errorf("state %s: others were faster %d times: %w", path, try, err)
		}

		if wait.For(ctx, pause/2+rand.N(pause), "git") != nil { //nolint:gosec // only spreads the tries
			return fmt.Errorf("state %s: %w", path, ctx.Err())
		}

		pause = min(2*pause, stateMax)
	}
}

func (r *Remote) updateState(ctx context.Context, path string, f func([]byte) ([]byte, error)) error {
	base, err := r.readState(ctx)
	if err != nil {
		return err
	}

	old, err := document(base, path)
	if err != nil {
		return err
	}

	content, err := f(bytes.Clone(old))
	if err != nil {
		return err
	}

	if bytes.Equal(content, old) && (content == nil) == (old == nil) {
		return nil
	}

	return r.pushState(ctx, base, Change{Path: path, Content: content, Delete: content == nil})
}

func (r *Remote) pushState(ctx context.Context, base *Commit, change Change) error {
	u := update{ref: StateRef, from: base.hash}

	// Two writers who make the same of the same would make the same commit
	// within a second, and each would take the other's push for its own. A
	// word of its own makes every commit another one.
	text := fmt.Sprintf("state of %s\n\nWrite: %s", change.Path, crand.Text())

	c, err := r.commit(base, []Change{change}, Message{Text: text}, nil, nil)
	if err != nil {
		return err
	}

	u.commit, u.to = c, c.hash

	return r.options.Seam.Do(ctx, effect.Effect{Kind: "state.push", Target: change.Path}, func(ctx context.Context) error {
		return r.update(ctx, u)
	})
}

// readState is the commit on StateRef; an empty one when there is none.
func (r *Remote) readState(ctx context.Context) (*Commit, error) {
	r.fetching.Lock()
	defer r.fetching.Unlock()

	last, found := r.state, (*Commit)(nil)

	err := r.withUpload(ctx, "read the state of", func(ctx context.Context, u *upload) error {
		hash, ok := u.refs()[StateRef]

		var err error

		switch {
		case !ok:
			found, err = emptyCommit()
		case last != nil && last.hash == hash:
			found = last
		default:
			storage := memory.NewStorage()
			if err = u.fetch(ctx, wants{hash: hash, depth: 1}, storage); err == nil {
				found, err = (&objects{top: storage}).commit(hash)
			}
		}

		return err
	})
	if err != nil {
		return nil, err
	}

	r.state = found

	return found, nil
}

// emptyCommit is a commit that is nowhere: its hash is zero, which as a lease
// means that the reference must not exist.
func emptyCommit() (*Commit, error) {
	f := newFresh()
	tree, err := f.add(plumbing.TreeObject, nil)

	return &Commit{header: header{tree: tree}, objects: &objects{top: f.storage}, fresh: f.hashes}, err
}

func document(c *Commit, path string) ([]byte, error) {
	data, err := fs.ReadFile(c.FS(), path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}

	return data, err
}
