package gittest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Epoch is the time of a commit that names none: fixed, so that the same
// commits have the same hashes in every run.
var Epoch = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

// Environment is what git needs to ignore the user's and the system's
// configuration and to name a fixed author and committer. It holds PATH and
// nothing else of the caller's environment.
func Environment() []string {
	stamp := fmt.Sprintf("%d +0000", Epoch.Unix())

	return []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + os.DevNull,
		"LC_ALL=C",
		"GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_AUTHOR_DATE=" + stamp,
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org", "GIT_COMMITTER_DATE=" + stamp,
	}
}

// Git runs git in dir, isolated by Environment, and returns what it wrote to
// stdout. The error holds what it wrote to stderr.
func Git(ctx context.Context, dir string, stdin io.Reader, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Stdin, cmd.Env = dir, stdin, Environment()

	var stdout, stderr bytes.Buffer

	cmd.Stdout, cmd.Stderr = &stdout, &stderr

	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}

	return stdout.String(), nil
}

// backend is the path of git's own server program.
var backend = sync.OnceValues(func() (string, error) {
	out, err := Git(context.Background(), "", nil, "--exec-path")
	if err != nil {
		return "", err
	}

	path := strings.TrimSpace(out) + "/git-http-backend"
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("git has no http-backend (Debian has it in the package git): %w", err)
	}

	return path, nil
})
