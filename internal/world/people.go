package world

import (
	"context"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/internal/gittest"
)

// UpdateBranch is GitHub's button of that name: it merges main into a branch,
// as its presser, by GitHub's own hand.
func (w *World) UpdateBranch(ctx context.Context, branch string) error {
	tree, err := w.Repo.Git(ctx, "merge-tree", "--write-tree", branch, "main")
	if err != nil {
		return fmt.Errorf("updating %s: %w", branch, err)
	}

	return w.rewrite(ctx, branch, strings.TrimSpace(tree), "GitHub <noreply@github.com>", true)
}

// Amend is what git commit --amend does: the author stays, the committer is the
// person.
func (w *World) Amend(ctx context.Context, branch string) error {
	tree, err := w.Repo.Git(ctx, "rev-parse", branch+"^{tree}")
	if err != nil {
		return err
	}

	return w.rewrite(ctx, branch, strings.TrimSpace(tree), "Ada <ada@example.org>", false)
}

// rewrite puts a commit at the tip of a branch: a merge of main on top of it,
// or one in the place of the last.
func (w *World) rewrite(ctx context.Context, branch, tree, committer string, merge bool) error {
	author, first, second := "Ada <ada@example.org>", branch, "main"

	if !merge {
		said, err := w.Repo.Git(ctx, "log", "-1", "--format=%an <%ae>", branch)
		if err != nil {
			return err
		}

		author, first = strings.TrimSpace(said), branch+"^"
	}

	var parents strings.Builder

	for _, ref := range []string{first, second}[:map[bool]int{true: 2, false: 1}[merge]] {
		hash, err := w.Repo.Git(ctx, "rev-parse", ref)
		if err != nil {
			return err
		}

		fmt.Fprintf(&parents, "parent %s\n", strings.TrimSpace(hash))
	}

	stamp := gittest.Epoch.Unix()
	text := fmt.Sprintf("tree %s\n%sauthor %s %d +0000\ncommitter %s %d +0000\n\nMerge branch 'main' into %s\n",
		tree, parents.String(), author, stamp, committer, stamp, branch)

	hash, err := gittest.Git(ctx, w.Repo.Dir, strings.NewReader(text), "hash-object", "-t", "commit", "-w", "--stdin")
	if err != nil {
		return err
	}

	return w.Repo.Branch(ctx, branch, strings.TrimSpace(hash))
}
