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
)

func main() {
	out := flag.String("out", "docs/benchmarks.md", "the file to write")
	bot := flag.String("bot", "./bot", "the program to measure")
	upstream := flag.String("upstream", "", "a bare repository of glitch-soc/mastodon, for the facts")
	runs := flag.Int("runs", 7, "how often each command runs; at least 5")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	if err := bench(ctx, *out, *bot, *upstream, max(*runs, 5)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

func bench(ctx context.Context, out, bot, upstream string, runs int) (err error) {
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

	network, closed, err := networkRaces(ctx, bot)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, closed()) }()

	races = append(races, network...)

	var results []result

	for _, r := range races {
		fmt.Fprintf(os.Stderr, "%s …\n", r.name)

		one, err := r.run(ctx, runs)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}

		results = append(results, one)
	}

	fmt.Fprintln(os.Stderr, "next commit …")

	next, err := nextCommit(ctx, runs)
	if err != nil {
		return fmt.Errorf("next commit: %w", err)
	}

	return report(ctx, out, bot, runs, slices.Insert(results, 2, next))
}
