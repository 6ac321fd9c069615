package trees_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"github.com/goingdark-social/bot/internal/cli"
)

// asProgram makes this binary the program: what cmd/bot does is one call. It
// names the file in which the program says at its end what memory it had.
const asProgram = "BOT_TREES_PROGRAM"

// ceiling is as much memory as the program gets at all, in bytes.
const ceiling = 6 << 30

func TestMain(m *testing.M) {
	grown := os.Getenv(asProgram)
	if grown == "" {
		os.Exit(m.Run())
	}

	// A program that a tree gets the better of is not to take the machine along.
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: ceiling, Max: ceiling})

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code := cli.Run(ctx, cli.FromOS())

	stop()

	if status, err := os.ReadFile("/proc/self/status"); err == nil { // there is none but on Linux
		_ = os.WriteFile(grown, status, 0o600)
	}

	os.Exit(code)
}

// longest is what a command may take on a machine that is busy with other things.
const longest = 3 * time.Minute

// canary stands in every file outside of the tree. It is in nothing that the
// program says.
const canary = "canary9f3e"

// run is what came of one command.
type run struct {
	status         int
	stdout, stderr string
	memory         int // MB, at its peak
	took           time.Duration
}

// home is where the program lives: beside the tree, with canaries.
type home struct{ dir string }

func newHome(t *testing.T) home {
	t.Helper()

	h := home{t.TempDir()}
	for _, dir := range []string{"tree", "outside/folder", "programs", "home", "tmp"} {
		must(t, os.MkdirAll(filepath.Join(h.dir, filepath.FromSlash(dir)), 0o755))
	}

	for _, name := range []string{"outside/pod.yaml", "outside/folder/pod.yaml", "outside/kustomization.yaml"} {
		h.write(t, name, pod("v4.3.0-"+canary))
	}

	h.write(t, "outside/token", canary)
	h.write(t, "outside/bot.yaml", "version: 1\n")

	for _, name := range []string{"git", "ssh", "helm", "kustomize", "docker", "sh", "kubectl", "gpg"} {
		h.write(t, "programs/"+name, "#!/bin/sh\necho "+name+" >>"+filepath.Join(h.dir, "started")+"\n")
		must(t, os.Chmod(filepath.Join(h.dir, "programs", name), 0o755))
	}

	return h
}

func (h home) write(t *testing.T, name, content string) {
	t.Helper()

	path := filepath.Join(h.dir, filepath.FromSlash(name))
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(content), 0o644))
}

// run runs the program in a process of its own.
func (h home) run(t *testing.T, env []string, args ...string) run {
	t.Helper()

	self, err := os.Executable()
	must(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()

	var stdout, stderr bytes.Buffer

	grown := filepath.Join(t.TempDir(), "status")
	c := exec.CommandContext(ctx, self, args...)
	c.Stdout, c.Stderr, c.Dir = &stdout, &stderr, filepath.Join(h.dir, "tree")
	c.Env = append([]string{
		asProgram + "=" + grown, "PATH=" + filepath.Join(h.dir, "programs"), "HOME=" + filepath.Join(h.dir, "home"), "TMPDIR=" + filepath.Join(h.dir, "tmp"),
	}, env...)

	began := time.Now()
	err = c.Run()
	r := run{stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began), memory: peak(c.ProcessState, grown)}

	if ended, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || ok && !ended.Exited() {
		t.Errorf("%s: %v after %s, %d MB: %.2000s", args[0], err, r.took, r.memory, r.stderr)
	}

	r.status = c.ProcessState.ExitCode()
	if r.status > 2 || strings.Contains(r.stderr, "goroutine ") {
		t.Errorf("%s: status %d: %.2000s", args[0], r.status, r.stderr)
	}

	return r
}

// highest is the line of Linux's status with the most memory that a process had,
// in kB.
var highest = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peak is the most memory that an ended process had, in MB: what it said itself,
// or else what is known of it, in which Linux counts what this process had when
// it started the other.
func peak(s *os.ProcessState, grown string) int {
	status, _ := os.ReadFile(grown)
	if m := highest.FindSubmatch(status); m != nil {
		kB, _ := strconv.Atoi(string(m[1]))

		return kB >> 10
	}

	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}

	if runtime.GOOS == "darwin" {
		return int(usage.Maxrss >> 20)
	}

	return int(usage.Maxrss >> 10)
}

// splitting is a name that would make two lines of one.
const splitting = "new\nline"

// harmless: nothing of what lies outside was said, and nothing that a terminal
// would obey.
func (h home) harmless(t *testing.T, r run, command string) {
	t.Helper()

	for name, text := range map[string]string{"stdout": r.stdout, "stderr": r.stderr} {
		if strings.Contains(text, canary) {
			t.Errorf("%s: the %s tells what is outside: %.2000s", command, name, text)
		}

		if strings.Contains(text, splitting) {
			t.Errorf("%s: a name breaks a line of %s: %.2000s", command, name, text)
		}

		for _, c := range text {
			if unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c) {
				t.Errorf("%s: %s has %q raw", command, name, c)

				break
			}
		}
	}

	if started, err := os.ReadFile(filepath.Join(h.dir, "started")); err == nil {
		t.Errorf("%s: other programs were started: %s", command, started)
	}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

func pod(tag string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: \"ghcr.io/glitch-soc/mastodon:" + tag + "\"}]}\n"
}
