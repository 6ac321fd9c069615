package world

import (
	"context"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/internal/gittest"
)

// branches lets the GitHub stand-in see and merge what is in the git server.
type branches struct {
	ctx  context.Context //nolint:containedctx // the seam it implements has none; it is the world's own
	repo *gittest.Repo
}

// Branch is the head of a branch.
func (b branches) Branch(_, name string) (sha string, ok bool) {
	sha, err := b.repo.Head(b.ctx, name)

	return sha, err == nil && sha != ""
}

// Refer sets a reference.
func (b branches) Refer(_, ref, sha string) error {
	return b.repo.Refer(b.ctx, ref, sha)
}

// Changed are the files that head changes since it left base.
func (b branches) Changed(_, base, head string) ([]string, error) {
	out, err := b.repo.Git(b.ctx, "diff", "--name-only", base+"..."+head)

	return strings.Fields(out), err
}

// Merge does what GitHub's button does. A squash and a rebase of the single
// commit that the program makes come to the same.
func (b branches) Merge(_, base, head, method string) (string, error) {
	into, err := b.repo.Head(b.ctx, base)
	if err != nil {
		return "", err
	}

	tree, err := b.repo.Git(b.ctx, "merge-tree", "--write-tree", into, head)
	if err != nil {
		return "", fmt.Errorf("merging %s into %s: %w", head, base, err)
	}

	args := []string{"commit-tree", strings.TrimSpace(tree), "-p", into, "-m", "Merge " + head}
	if method == "merge" {
		args = append(args, "-p", head)
	}

	commit, err := b.repo.Git(b.ctx, args...)
	if err != nil {
		return "", err
	}

	commit = strings.TrimSpace(commit)

	return commit, b.repo.Branch(b.ctx, base, commit)
}
