package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/goingdark-social/bot/internal/gittest"
)

// What is changed: six manifests of one instance, as in a move to another release.
const (
	changeFolder = "team-000/mastodon"
	changeCount  = 6
	changeFiles  = changeFolder + "/part-0[0-5].yaml"
	changeBranch = "bot/mastodon"
)

// changeWorld is a git server with one repository, in which every run makes the
// same change, and a folder for what the lanes have of it.
type changeWorld struct {
	server *gittest.Server
	there  *gittest.Repo
	ours   string // internal/bench/change, built
	dir    string
	want   string // the tree and the parent of the change
	size   string // of the repository, for people
}

// changeRaces bring a branch, change six files of it and push that as a new
// branch: with nothing kept, and with what an earlier pass kept. The repository is
// the first teams of a monorepo with some commits on top. closed ends the server.
func changeRaces(ctx context.Context, dir, mono string, commits int) (all []race, closed func() error, err error) {
	c := &changeWorld{ours: filepath.Join(dir, "change", "ours"), dir: filepath.Join(dir, "change")}

	served := filepath.Join(c.dir, "served")
	if err := os.MkdirAll(served, 0o750); err != nil {
		return nil, nil, err
	}

	build := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", c.ours, "github.com/goingdark-social/bot/internal/bench/change")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")

	if out, err := build.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("building internal/bench/change: %w: %s", err, out)
	}

	if c.server, err = gittest.New(served); err != nil {
		return nil, nil, err
	}

	if err := c.populate(ctx, mono, commits); err != nil {
		return nil, nil, errors.Join(err, c.server.Close())
	}

	return []race{c.cold(), c.warm()}, c.server.Close, nil
}

// job tells what both races do.
func (c *changeWorld) job() string {
	return "bring the branch of a repository of " + c.size + ", without its history, change six manifests, commit and push that as a new branch " +
		"with a lease; git's own server serves it over smart HTTP on loopback. Everybody brings all files, since a pass reads them. Ours is pkg/repo " +
		"in a program of its own, which writes no work tree"
}

func (c *changeWorld) cold() race {
	fresh := filepath.Join(c.dir, "fresh")

	return c.race(race{
		name: "fetch, commit and push",
		job:  c.job() + "; it keeps everything in memory, as in a pass over a single repository. Nobody has kept anything of an earlier run",
		lanes: []lane{
			c.program("pkg/repo", ""),
			c.script("git clone --depth 1, checkout, commit, push", fresh, gitClone+gitBranch+gitChange),
			c.script("the same with a sparse checkout of the one folder", fresh, gitCloneOnly+gitSparse+gitBranch+gitChange),
		},
		prepare: func(context.Context) error { return os.RemoveAll(fresh) },
	})
}

func (c *changeWorld) warm() race {
	return c.race(race{
		name: "fetch, commit and push again",
		job: c.job() + "; it has a bare mirror on disk, as in a pass over many repositories. Everybody has kept what an earlier run brought, since when " +
			"three files changed",
		lanes: []lane{
			c.program("pkg/repo", c.live("mirror")),
			c.script("git fetch --depth 1, checkout, commit, push", c.live("full"), gitFetch+gitChange),
			c.script("the same in a sparse checkout of the one folder", c.live("sparse"), gitFetch+gitChange),
		},
		prepare: c.rewind,
	})
}

// race takes back what was pushed before each run, and holds each to have pushed
// the very tree that it should.
func (c *changeWorld) race(r race) race {
	prepare := r.prepare
	r.prepare = func(ctx context.Context) error { return errors.Join(prepare(ctx), c.unpush(ctx)) }

	for i := range r.lanes {
		r.lanes[i].proof, r.lanes[i].env = c.pushed, gittest.Environment()
	}

	r.taken = func() traffic {
		var t traffic
		for _, asked := range c.server.Requests() {
			t.requests, t.bytes = t.requests+1, t.bytes+asked.Sent+asked.Bytes
		}

		c.server.Forget()

		return t
	}

	return r
}

func (c *changeWorld) program(name, mirror string) lane {
	return lane{name: name, command: []string{
		c.ours, "-url", c.there.URL, "-mirror", mirror, "-branch", changeBranch, "-files", changeFiles, "-from", "v4.4.3", "-to", "v4.4.4",
	}}
}

// The scripts are what a person would type. They get the repository, a folder
// and the branch.
const (
	gitClone = `set -e
git clone --quiet --depth 1 "$0" "$1"
cd "$1"
`
	gitCloneOnly = `set -e
git clone --quiet --depth 1 --no-checkout "$0" "$1"
cd "$1"
`
	gitSparse = `git sparse-checkout set ` + changeFolder + `
`
	gitBranch = `git checkout --quiet -b "$2"
`
	gitFetch = `set -e
cd "$1"
git fetch --quiet --depth 1 origin main
git checkout --quiet -b "$2" FETCH_HEAD
`
	gitChange = `sed -i 's/v4\.4\.3/v4.4.4/' ` + changeFiles + `
git commit --quiet --all --message 'Move to v4.4.4'
git push --quiet --force-with-lease="$2": origin "$2"
`
)

func (c *changeWorld) script(name, folder, script string) lane {
	return lane{name: name, command: []string{"sh", "-c", script, c.there.URL, folder, changeBranch}}
}
