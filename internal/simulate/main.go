package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	bot := flag.String("bot", "./bot", "the program to run")
	page := flag.String("page", "docs/scale.md", "the page whose table is written")
	sizes := flag.String("sizes", "10,100,1000", "numbers of repositories")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)

	err := simulate(ctx, *bot, *page, *sizes)

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

func simulate(ctx context.Context, bot, page, sizes string) error {
	var all []run

	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return fmt.Errorf("a number of repositories: %w", err)
		}

		one, err := measure(ctx, bot, n)
		if err != nil {
			return fmt.Errorf("%d repositories: %w", n, err)
		}

		all = append(all, one)
	}

	return report(page, all)
}
