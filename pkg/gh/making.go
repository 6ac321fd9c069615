package gh

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/google/go-github/v62/github"
)

// Making is a commit that GitHub makes. It names no author: then GitHub
// enters the owner of the token, and signs what an App makes.
type Making struct {
	// Repository is the node id of the repository.
	Repository string
	// Base is the commit that it stands on, and BaseTree the content of that.
	Base, BaseTree string
	// Files are what changes, each whole.
	Files []MadeFile
	// Tree is what has to come out, computed here: another one is an error.
	Tree string
	// Message is the commit's.
	Message string
	// Branch is moved to it, if it is at Lease; "" for one that is not there.
	Branch, Lease string
}

// MadeFile is one file of a commit.
type MadeFile struct {
	Path       string
	Content    []byte
	Executable bool
}

// MovedError says that a branch is not where it was expected; nothing was
// moved.
type MovedError struct {
	Repo, Branch, Lease string
	// Message is GitHub's own.
	Message string
}

func (e *MovedError) Error() string {
	return fmt.Sprintf("github: branch %s of %s is not at %q any more: %s", e.Branch, e.Repo, e.Lease, e.Message)
}

const needsContents = "contents: write"

// Make makes a commit by the API and moves a branch to it. Blobs, tree and
// commit are no change that anybody sees, and are made again by whoever comes
// next; the move is one step, and only from where the branch is expected.
func (c *Client) Make(ctx context.Context, repo string, m Making) (sha string, err error) {
	unlock, err := c.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()

	entries := make([]*github.TreeEntry, 0, len(m.Files))

	for _, f := range m.Files {
		blob, err := c.makeBlob(ctx, repo, f)
		if err != nil {
			return "", err
		}

		mode := "100644"
		if f.Executable {
			mode = "100755"
		}

		entries = append(entries, &github.TreeEntry{Path: &f.Path, Mode: &mode, Type: new("blob"), SHA: &blob})
	}

	tree, err := c.makeTree(ctx, repo, m.BaseTree, entries)
	if err != nil {
		return "", err
	}

	if tree != m.Tree {
		return "", &Error{Op: "make a tree", Repo: repo, Message: fmt.Sprintf("it comes to %s, and %s was computed here", tree, m.Tree)}
	}

	if sha, err = c.makeCommit(ctx, repo, m, tree); err != nil {
		return "", err
	}

	return sha, c.move(ctx, repo, m, sha)
}

func (c *Client) makeBlob(ctx context.Context, repo string, f MadeFile) (sha string, err error) {
	content := base64.StdEncoding.EncodeToString(f.Content)

	err = making(ctx, c, repo, "blob", f.Path, func(ctx context.Context, owner, name string) (*github.Blob, *github.Response, error) {
		return c.api.Git.CreateBlob(ctx, owner, name, &github.Blob{Content: &content, Encoding: new("base64")})
	}, func(b *github.Blob) { sha = b.GetSHA() })

	return sha, err
}

func (c *Client) makeTree(ctx context.Context, repo, base string, entries []*github.TreeEntry) (sha string, err error) {
	err = making(ctx, c, repo, "tree", base, func(ctx context.Context, owner, name string) (*github.Tree, *github.Response, error) {
		return c.api.Git.CreateTree(ctx, owner, name, base, entries)
	}, func(t *github.Tree) { sha = t.GetSHA() })

	return sha, err
}

func (c *Client) makeCommit(ctx context.Context, repo string, m Making, tree string) (sha string, err error) {
	commit := &github.Commit{Message: &m.Message, Tree: &github.Tree{SHA: &tree}, Parents: []*github.Commit{{SHA: &m.Base}}}

	err = making(ctx, c, repo, "commit", m.Branch, func(ctx context.Context, owner, name string) (*github.Commit, *github.Response, error) {
		return c.api.Git.CreateCommit(ctx, owner, name, commit, nil)
	}, func(made *github.Commit) { sha = made.GetSHA() })

	return sha, err
}

// making makes one object of git, as one effect.
func making[T any](
	ctx context.Context, c *Client, repo, kind, target string,
	create func(ctx context.Context, owner, name string) (T, *github.Response, error), made func(T),
) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	o := operation{"make a " + kind, repo, needsContents}

	return c.change(ctx, "github.create-"+kind, repo+" "+target, func(ctx context.Context) error {
		v, _, err := call(ctx, c, o, func(ctx context.Context) (T, *github.Response, error) { return create(ctx, owner, name) })
		if err == nil {
			made(v)
		}

		return err
	})
}

// nowhere is the name of no object: the lease of a branch that must not exist.
const nowhere = "0000000000000000000000000000000000000000"

const moveMutation = `mutation($id: ID!, $name: GitRefname!, $before: GitObjectID!, $after: GitObjectID!) {
  updateRefs(input: {repositoryId: $id, refUpdates: [{name: $name, beforeOid: $before, afterOid: $after, force: true}]}) { clientMutationId }
}`

// move moves a branch, if it is where it is expected. REST has no such step.
func (c *Client) move(ctx context.Context, repo string, m Making, sha string) error {
	before := m.Lease
	if before == "" {
		before = nowhere
	}

	o := operation{"move branch " + m.Branch, repo, needsContents}

	return c.change(ctx, "github.update-ref", repo+" "+m.Branch, func(ctx context.Context) error {
		_, _, err := call(ctx, c, o, func(ctx context.Context) (struct{}, *github.Response, error) {
			resp, err := c.graphql(ctx, moveMutation, map[string]any{
				"id": m.Repository, "name": "refs/heads/" + m.Branch, "before": before, "after": sha,
			})

			return struct{}{}, resp, err
		})

		if answer, ok := errors.AsType[*Error](err); ok && answer.graphql {
			return &MovedError{Repo: repo, Branch: m.Branch, Lease: m.Lease, Message: answer.Message}
		}

		return err
	})
}
