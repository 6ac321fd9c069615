package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"

	"github.com/goingdark-social/bot/pkg/repo"
)

func main() {
	var j job

	flag.StringVar(&j.url, "url", "", "the repository")
	flag.StringVar(&j.mirror, "mirror", "", "a folder that keeps what was fetched; default: memory does")
	flag.StringVar(&j.branch, "branch", "", "the branch to push; default: none, nothing is changed and pushed")
	flag.StringVar(&j.files, "files", "", "the files to change, as a pattern")
	flag.StringVar(&j.from, "from", "", "the text to replace")
	flag.StringVar(&j.to, "to", "", "what it becomes")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	if err := j.do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "change:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

type job struct{ url, mirror, branch, files, from, to string }

func (j job) do(ctx context.Context) error {
	r, err := repo.Open(repo.Options{URL: j.url, Mirror: j.mirror})
	if err != nil {
		return err
	}

	base, err := r.Fetch(ctx, "main")
	if err != nil {
		return err
	}

	if j.branch == "" {
		return nil
	}

	changes, err := j.changes(base.FS())
	if err != nil {
		return err
	}

	c, err := r.Commit(ctx, base, changes, repo.Message{Text: "Move to " + j.to})
	if err != nil {
		return err
	}

	return r.Push(ctx, c, j.branch, "")
}

// changes are the files with the text replaced.
func (j job) changes(tree fs.FS) ([]repo.Change, error) {
	names, err := fs.Glob(tree, j.files)
	if err != nil {
		return nil, err
	}

	var all []repo.Change

	for _, name := range names {
		before, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}

		after := bytes.ReplaceAll(before, []byte(j.from), []byte(j.to))
		all = append(all, repo.Change{Path: name, Before: before, Content: after})
	}

	return all, nil
}
