package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("out", "docs/benchmarks.md", "the file to write")
	bot := flag.String("bot", "./bot", "the program to measure")
	upstream := flag.String("upstream", "", "a bare repository of glitch-soc/mastodon, for the facts")
	runs := flag.Int("runs", 7, "how often each command runs; at least 5")
	only := flag.String("only", "", "print the races whose name has this in it, and write no file")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	if err := bench(ctx, *out, *bot, *upstream, *only, max(*runs, 5)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

func bench(ctx context.Context, out, bot, upstream, only string, runs int) (err error) {
	dir, err := os.MkdirTemp("", "bot-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	if bot, err = filepath.Abs(bot); err != nil {
		return err
	}

	races, err := races(ctx, dir, bot, upstream)
	if err != nil {
		return err
	}

	network, closed, err := networkRaces(ctx, dir, bot)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, closed()) }()

	changes, ended, err := changeRaces(ctx, dir, filepath.Join(dir, "monorepo"), 100)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, ended()) }()

	results, err := runAll(ctx, slices.Concat(races, network, changes), only, runs)
	if err != nil {
		return err
	}

	page, err := report(ctx, bot, runs, results)
	if err != nil {
		return err
	}

	if only != "" {
		_, err := os.Stdout.WriteString(page)

		return err
	}

	return os.WriteFile(out, []byte(page), 0o644) //nolint:gosec // a page for everybody to read
}

// runAll runs the races whose name has only in it, one after the other.
func runAll(ctx context.Context, races []race, only string, runs int) ([]result, error) {
	var results []result

	for _, r := range races {
		if !strings.Contains(r.name, only) {
			continue
		}

		fmt.Fprintf(os.Stderr, "%s …\n", r.name)

		one, err := r.run(ctx, runs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}

		results = append(results, one)
	}

	if len(results) == 0 {
		return nil, fmt.Errorf("no race has %q in its name", only)
	}

	return results, nil
}
