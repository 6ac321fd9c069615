package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/internal/gittest"
)

// pushed holds the branch to be what it should be.
func (c *changeWorld) pushed(ctx context.Context, _ []byte) error {
	have, err := c.change(ctx, changeBranch)
	if err == nil && have != c.want {
		err = fmt.Errorf("it pushed the tree and parent %q, not %q", have, c.want)
	}

	return err
}

// change is the tree and the parent of a branch.
func (c *changeWorld) change(ctx context.Context, branch string) (string, error) {
	out, err := c.there.Git(ctx, "rev-parse", branch+"^{tree}", branch+"^")

	return strings.TrimSpace(out), err
}

// unpush leaves the server without the branch and its objects.
func (c *changeWorld) unpush(ctx context.Context) error {
	_, err := c.there.Git(ctx, "update-ref", "-d", "refs/heads/"+changeBranch)
	if err == nil {
		_, err = c.there.Git(ctx, "prune", "--expire=now")
	}

	return err
}

// populate makes the repository out of the monorepo's first teams, lets everybody
// fetch it, and then changes three files.
func (c *changeWorld) populate(ctx context.Context, mono string, commits int) (err error) {
	if c.there, err = c.server.CreateRepo(ctx, "example/gitops", nil); err != nil {
		return err
	}

	if err := c.first(ctx, mono); err != nil {
		return err
	}

	for i := range commits {
		if err := c.commit(ctx, i*37, 1, strconv.Itoa(i)); err != nil {
			return err
		}
	}

	for _, step := range []func(context.Context) error{c.there.Repack, c.keep, c.move, c.there.Repack} {
		if err := step(ctx); err != nil {
			return err
		}
	}

	files := map[string]string{}
	for i := range changeCount {
		files[fmt.Sprintf("%s/part-%02d.yaml", changeFolder, i)] = string(manifest(i, "ghcr.io/glitch-soc/mastodon:v4.4.4"))
	}

	if _, err := c.there.Commit(ctx, gittest.Commit{Branch: changeBranch, From: "main", Files: files}); err != nil {
		return err
	}

	if c.want, err = c.change(ctx, changeBranch); err != nil {
		return err
	}

	return c.measure(ctx)
}

// measure counts the repository.
func (c *changeWorld) measure(ctx context.Context) error {
	files, err1 := c.there.Git(ctx, "ls-tree", "-r", "--name-only", "main")
	commits, err2 := c.there.Git(ctx, "rev-list", "--count", "main")
	c.size = fmt.Sprintf("%d files and %s commits", strings.Count(files, "\n"), strings.TrimSpace(commits))

	return errors.Join(err1, err2)
}

// first commits the first ten teams.
func (c *changeWorld) first(ctx context.Context, mono string) error {
	if _, err := c.there.Git(ctx, "--git-dir=.", "--work-tree="+mono, "add", "--", "team-00*"); err != nil {
		return err
	}

	tree, err := c.there.Git(ctx, "write-tree")
	if err != nil {
		return err
	}

	commit, err := c.there.Git(ctx, "commit-tree", strings.TrimSpace(tree), "-m", "first")
	if err != nil {
		return err
	}

	_, err = c.there.Git(ctx, "update-ref", "refs/heads/main", strings.TrimSpace(commit))

	return errors.Join(err, os.Remove(filepath.Join(c.there.Dir, "index")))
}

// move is what happens between the earlier run and this one.
func (c *changeWorld) move(ctx context.Context) error { return c.commit(ctx, 4000, 3, "moved") }

// commit changes n files, from the given one on.
func (c *changeWorld) commit(ctx context.Context, from, n int, version string) error {
	files := map[string]string{}

	for i := from; i < from+n; i++ {
		name, text := monoFile(i)
		files[fmt.Sprintf("team-%03d/service-%02d/%s", i/500, i/50%10, name)] = string(text) + "# " + version + "\n"
	}

	_, err := c.there.Commit(ctx, gittest.Commit{Branch: "main", Files: files})

	return err
}

// live is what a lane of the warm race works in, and kept what it starts with.
func (c *changeWorld) live(name string) string { return filepath.Join(c.dir, "live", name) }
func (c *changeWorld) kept(name string) string { return filepath.Join(c.dir, "kept", name) }

// keep is the earlier run of everybody.
func (c *changeWorld) keep(ctx context.Context) error {
	lanes := []lane{
		{command: []string{c.ours, "-url", c.there.URL, "-mirror", c.live("mirror")}},
		c.script("", c.live("full"), gitClone),
		c.script("", c.live("sparse"), gitCloneOnly+gitSparse+"git checkout --quiet main\n"),
	}

	for _, l := range lanes {
		l.env = gittest.Environment()
		if _, err := l.run(ctx, nil); err != nil {
			return err
		}
	}

	for _, name := range []string{"mirror", "full/.git", "sparse/.git"} {
		if err := os.CopyFS(c.kept(name), os.DirFS(c.live(name))); err != nil {
			return err
		}
	}

	return nil
}

// rewind leaves everybody with what the earlier run kept. A work tree stays where
// it is, since git knows its files by their inodes.
func (c *changeWorld) rewind(ctx context.Context) error {
	for _, name := range []string{"mirror", "full/.git", "sparse/.git"} {
		if err := errors.Join(os.RemoveAll(c.live(name)), os.CopyFS(c.live(name), os.DirFS(c.kept(name)))); err != nil {
			return err
		}
	}

	for _, name := range []string{"full", "sparse"} {
		for _, args := range [][]string{{"reset", "--quiet", "--hard"}, {"clean", "--quiet", "--force", "-d"}} {
			if _, err := gittest.Git(ctx, c.live(name), nil, args...); err != nil {
				return err
			}
		}
	}

	return nil
}
