package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "planted:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, names []string, out io.Writer) error {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.AppendHeader(table.Row{"planted", "in", "searched by", "caught", "seconds"})

	var missed []error

	sound := map[string]error{} // what the searches say of the program as it is

	for _, b := range bugs() {
		if len(names) > 0 && !strings.Contains(b.name, names[0]) {
			continue
		}

		search := strings.TrimPrefix(b.search, "./internal/") + " " + b.run
		if _, known := sound[search]; !known {
			sound[search] = b.alone(ctx)
		}

		began := time.Now()

		err := errors.Join(sound[search], b.plant(ctx))
		if err != nil {
			missed = append(missed, fmt.Errorf("%s: %w", b.name, err))
		}

		row := table.Row{b.name, b.file, search, err == nil, fmt.Sprintf("%.0f", time.Since(began).Seconds())}
		t.AppendRow(row)
		fmt.Fprintln(os.Stderr, row...)
	}

	t.RenderMarkdown()

	return errors.Join(missed...)
}

// longest is what a search may take: one that hangs has noticed nothing.
const longest = 10 * time.Minute

var (
	errGone    = errors.New("the text that it changes is not there, or more than once")
	errMissed  = errors.New("nobody noticed")
	errNoBuild = errors.New("the program does not compile with it")
	errNoTest  = errors.New("no test ran")
	errUnsound = errors.New("the search fails without any bug planted")
)

// plant runs the search with the bug in the program. The error says why it was
// not caught.
func (b bug) plant(ctx context.Context) error {
	source, err := os.ReadFile(b.file)
	if err != nil {
		return err
	}

	if strings.Count(string(source), b.old) != 1 {
		return errGone
	}

	dir, err := os.MkdirTemp("", "planted-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	overlay, err := b.overlay(dir, strings.Replace(string(source), b.old, b.new, 1))
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()

	said, err := b.test(ctx, "-overlay", overlay)

	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(string(said), "[build failed]"), strings.Contains(string(said), "[setup failed]"):
		return fmt.Errorf("%w: %.600s", errNoBuild, said)
	case strings.Contains(string(said), "no tests to run"):
		return errNoTest
	case err == nil:
		return errMissed
	}

	return nil
}

// alone runs the search on the program as it is: it has to pass.
func (b bug) alone(ctx context.Context) error {
	if said, err := b.test(ctx); err != nil {
		return fmt.Errorf("%w: %.600s", errUnsound, said)
	}

	return nil
}

func (b bug) test(ctx context.Context, flags ...string) ([]byte, error) {
	args := append([]string{"test", "-count=1", "-tags", b.tags, "-run", b.run}, flags...)
	args = append(append(args, b.search), b.args...)

	return exec.CommandContext(ctx, "go", args...).CombinedOutput()
}

func (b bug) overlay(dir, changed string) (string, error) {
	whole, err := filepath.Abs(b.file)
	if err != nil {
		return "", err
	}

	file, list := filepath.Join(dir, filepath.Base(b.file)), filepath.Join(dir, "overlay.json")

	data, err := json.Marshal(map[string]map[string]string{"Replace": {whole: file}})
	if err != nil {
		return "", err
	}

	return list, errors.Join(os.WriteFile(file, []byte(changed), 0o600), os.WriteFile(list, data, 0o600)) //nolint:gosec // a folder of its own
}
