package world

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gittest"
)

// Blob keeps a content.
func (b branches) Blob(_ string, content []byte) (string, error) {
	sha, err := gittest.Git(b.ctx, b.repo.Dir, bytes.NewReader(content), "hash-object", "-w", "--stdin")

	return strings.TrimSpace(sha), err
}

// Tree puts files into a tree, a folder at a time, as GitHub does.
func (b branches) Tree(_, base string, files []githubtest.TreeFile) (string, error) {
	for _, f := range files {
		tree, err := b.put(base, strings.Split(f.Path, "/"), f)
		if err != nil {
			return "", err
		}

		base = tree
	}

	return base, nil
}

func (b branches) put(tree string, path []string, f githubtest.TreeFile) (string, error) {
	listing, err := b.repo.Git(b.ctx, "ls-tree", tree)
	if err != nil {
		return "", err
	}

	entry := fmt.Sprintf("%s blob %s\t%s", f.Mode, f.SHA, path[0])

	var lines []string

	for line := range strings.SplitSeq(strings.TrimSpace(listing), "\n") {
		head, name, _ := strings.Cut(line, "\t")
		if name != path[0] {
			lines = append(lines, line)

			continue
		}

		if len(path) > 1 {
			below, err := b.put(strings.Fields(head)[2], path[1:], f)
			if err != nil {
				return "", err
			}

			entry = fmt.Sprintf("040000 tree %s\t%s", below, name)
		}
	}

	made, err := gittest.Git(b.ctx, b.repo.Dir, strings.NewReader(strings.Join(append(lines, entry), "\n")+"\n"), "mktree")

	return strings.TrimSpace(made), err
}

// Commit makes one by GitHub's own hand.
func (b branches) Commit(_ string, c githubtest.NewCommit) (string, error) {
	var text strings.Builder

	fmt.Fprintf(&text, "tree %s\n", c.Tree)

	for _, p := range c.Parents {
		fmt.Fprintf(&text, "parent %s\n", p)
	}

	stamp := gittest.Epoch.Unix()
	fmt.Fprintf(&text, "author %s <%s> %d +0000\ncommitter GitHub <noreply@github.com> %d +0000\n", c.Name, c.Email, stamp, stamp)

	if c.Signed {
		text.WriteString("gpgsig -----BEGIN PGP SIGNATURE-----\n \n GitHub's\n -----END PGP SIGNATURE-----\n")
	}

	fmt.Fprintf(&text, "\n%s\n", strings.TrimRight(c.Message, "\n"))

	sha, err := gittest.Git(b.ctx, b.repo.Dir, strings.NewReader(text.String()), "hash-object", "-t", "commit", "-w", "--stdin")

	return strings.TrimSpace(sha), err
}

var errMoved = errors.New("the reference is not where it was expected")

// Move moves a reference.
func (b branches) Move(_, ref, before, after string) error {
	if now, err := b.repo.Git(b.ctx, "rev-parse", "--verify", "--quiet", ref); err == nil && strings.TrimSpace(now) != before || err != nil && before != "" {
		return fmt.Errorf("%s: %w", filepath.Base(ref), errMoved)
	}

	return b.repo.Refer(b.ctx, ref, after)
}
