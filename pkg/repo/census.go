package repo

import (
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

const (
	// maxFiles is more than any repository of manifests has. A small pack can
	// hold a tree that names itself over and over and unfolds to billions.
	maxFiles = 1_000_000
	// maxDepth is more folders than a path of 4,096 characters has names for.
	maxDepth = 2048
)

// census counts the files of a commit without looking at any tree twice, and
// refuses a commit that no walk would come to the end of.
func (c *Commit) census() error {
	n, err := c.files(c.header.tree, map[plumbing.Hash]int{}, maxDepth)
	if err == nil && n > maxFiles {
		err = fmt.Errorf("it has more than %d files", maxFiles)
	}

	if err != nil {
		return &localError{fmt.Errorf("commit %s: %w", c.hash, err)}
	}

	return nil
}

func (c *Commit) files(hash plumbing.Hash, known map[plumbing.Hash]int, depth int) (int, error) {
	if n, ok := known[hash]; ok {
		return n, nil
	}

	if depth == 0 {
		return 0, fmt.Errorf("its folders are nested more than %d deep", maxDepth)
	}

	t, err := c.fileSystem().tree(hash)
	if err != nil {
		return 0, err
	}

	n := len(t.entries)

	for _, e := range t.entries {
		if !e.isDir() {
			continue
		}

		below, err := c.files(e.hash, known, depth-1)
		if err != nil {
			return 0, err
		}

		n = min(n+below, maxFiles+1)
	}

	known[hash] = n

	return n, nil
}
