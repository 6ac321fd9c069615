package repo

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
)

// Remote is a repository on a server. It is safe for concurrent use.
type Remote struct {
	options   Options
	address   address
	transport http.RoundTripper

	// fetching makes one fetch at a time, so that two for the same commit
	// bring it once.
	fetching sync.Mutex
	branches map[string]*Commit // what was fetched last, by branch
	latest   *Commit            // what was fetched last of all
	state    *Commit            // what the state reference was last seen at

	// remembering makes one reading of a history at a time.
	remembering sync.Mutex
	histories   map[string]*History // by branch
}

// Open prepares to talk to a repository. It does not talk to it yet.
func Open(o Options) (*Remote, error) {
	a, err := parseAddress(o.URL)
	if err != nil {
		return nil, err
	}

	if err := o.check(a); err != nil {
		return nil, err
	}

	r := &Remote{options: o.withDefaults(), address: a, transport: o.Transport, branches: map[string]*Commit{}, histories: map[string]*History{}}
	r.options.URL = a.clean

	if r.transport == nil {
		r.transport = http.DefaultTransport
	}

	return r, nil
}

// URL is where the repository is, without credentials.
func (r *Remote) URL() string { return r.address.clean }

// Heads is every branch with the hash it points to; empty for a repository
// without a commit. It costs one request.
func (r *Remote) Heads(ctx context.Context) (map[string]string, error) {
	var refs map[plumbing.ReferenceName]plumbing.Hash

	err := r.withUpload(ctx, "list branches of", func(_ context.Context, u *upload) error {
		refs = u.refs()

		return nil
	})
	if err != nil {
		return nil, err
	}

	heads := map[string]string{}

	for name, hash := range refs {
		if name.IsBranch() {
			heads[name.Short()] = hash.String()
		}
	}

	return heads, nil
}

// Fetch brings the newest commit of a branch, without its history. A branch
// that did not move since the last time costs one request and no pack.
// A branch that does not exist is a *BranchError. A name that starts with refs/
// is taken as it is, and what it points to is not remembered.
func (r *Remote) Fetch(ctx context.Context, branch string) (*Commit, error) {
	r.fetching.Lock()
	defer r.fetching.Unlock()

	near := r.branches[branch]
	if near == nil {
		near = r.latest // another branch shares most files
	}

	if near.gone() {
		near = nil
	}

	commit, err := r.fetch(ctx, branch, near, false)
	if errors.Is(err, errIncomplete) {
		commit, err = r.fetch(ctx, branch, nil, true)
	}

	if err != nil {
		delete(r.branches, branch)

		return nil, err
	}

	if reference(branch).IsBranch() {
		r.branches[branch], r.latest = commit, commit
	}

	return commit, nil
}

// reference is a branch's, or the one that is named in full.
func reference(branch string) plumbing.ReferenceName {
	if strings.HasPrefix(branch, "refs/") {
		return plumbing.ReferenceName(branch)
	}

	return plumbing.NewBranchReferenceName(branch)
}

// fetch looks where the branch is, and gets that commit from memory, from the
// mirror, or from the server; a fresh one in whole, building on nothing.
func (r *Remote) fetch(ctx context.Context, branch string, near *Commit, fresh bool) (*Commit, error) {
	var commit *Commit

	err := r.withUpload(ctx, "fetch", func(ctx context.Context, u *upload) error {
		hash, ok := u.refs()[reference(branch)]
		if !ok {
			return &BranchError{Repository: r.address.clean, Branch: branch}
		}

		var err error

		switch {
		case near != nil && near.hash == hash:
			commit = near // which was counted when it came

			return nil
		case r.options.Mirror != "":
			commit, err = r.bringMirrored(ctx, u, branch, hash, fresh)
		default:
			commit, err = r.bringInMemory(ctx, u, near, hash)
		}

		if err == nil {
			err = commit.census()
		}

		return err
	})

	return commit, err
}

// blobFilter leaves out what is too large to be read.
func (r *Remote) blobFilter() packp.Filter {
	return packp.FilterBlobLimit(uint64(r.options.MaxBlob), packp.BlobLimitPrefixNone) //nolint:gosec // never negative: see withDefaults
}

// limit is what Options.MaxBlob comes to with this server.
func (r *Remote) limit(u *upload) int64 {
	if u.filters() {
		return r.options.MaxBlob
	}

	return 0
}
