package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// large are the files of the release that a mirror without large files lacks.
// They are no part of what is measured.
var large = []string{"public/ocr/lang-data/eng.traineddata.gz", "spec/fixtures/files/boop.mp3"}

// whole makes a bare repository beside upstream whose tag has no large files,
// so that git archive can read all of it. Objects are shared, not copied.
func whole(ctx context.Context, dir, upstream, tag string) (string, error) {
	bare := filepath.Join(dir, "upstream.git")
	if _, err := git(ctx, "", "clone", "--quiet", "--bare", "--shared", upstream, bare); err != nil {
		return "", err
	}

	steps := [][]string{
		{"read-tree", tag},
		append([]string{"rm", "--quiet", "--cached", "--ignore-unmatch", "--"}, large...),
	}
	for _, step := range steps {
		if _, err := git(ctx, bare, step...); err != nil {
			return "", err
		}
	}

	tree, err := git(ctx, bare, "write-tree", "--missing-ok")
	if err != nil {
		return "", err
	}

	commit, err := git(ctx, bare, "commit-tree", tree, "-m", tag)
	if err != nil {
		return "", err
	}

	_, err = git(ctx, bare, "tag", "--force", tag, commit)

	return bare, err
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	if dir != "" {
		cmd.Args = append([]string{"git", "--git-dir", dir, "--work-tree", filepath.Dir(dir)}, args...)
	}

	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=bench", "GIT_AUTHOR_EMAIL=bench@localhost",
		"GIT_COMMITTER_NAME=bench", "GIT_COMMITTER_EMAIL=bench@localhost")

	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, out)
	}

	return strings.TrimSpace(string(out)), nil
}
