package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"time"
)

var goBenchmark = regexp.MustCompile(`(?m)^BenchmarkNextCommit/(\w+)\S*\s+\d+\s+(\d+(?:\.\d+)?) ns/op`)

// nextRace is a race of two commits.
func nextRace() race {
	return race{name: "next commit", job: "scan a commit of 50,000 files after the one before it, one file changed", own: nextCommit}
}

// nextCommit runs the benchmark of two commits, which no command shows: it is
// what a service does with each push. The Go tool measures wall time alone.
func nextCommit(ctx context.Context, runs int) (result, error) {
	samples := map[string][]int64{}

	for range runs {
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkNextCommit$", "-benchtime", "1x", "./internal/bench")
		cmd.Stderr = os.Stderr

		out, err := cmd.Output()
		if err != nil {
			return result{}, fmt.Errorf("go test: %w", err)
		}

		for _, m := range goBenchmark.FindAllSubmatch(out, -1) {
			ns, err := strconv.ParseFloat(string(m[2]), 64)
			if err != nil {
				return result{}, err
			}

			samples[string(m[1])] = append(samples[string(m[1])], int64(ns))
		}
	}

	out := result{race: nextRace()}

	for _, l := range []struct{ of, name string }{{"next", "the second pass"}, {"first", "the first pass"}} {
		s := samples[l.of]
		if len(s) == 0 {
			return result{}, fmt.Errorf("the benchmark printed nothing of its %s pass", l.of)
		}

		slices.Sort(s)
		out.lanes = append(out.lanes, lane{name: l.name})
		out.medians = append(out.medians, sample{wall: time.Duration(s[len(s)/2])})
	}

	return out, nil
}
