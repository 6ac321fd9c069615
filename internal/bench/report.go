package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report writes the results as a page.
func report(ctx context.Context, out string, runs int, results []result) error {
	var b strings.Builder

	b.WriteString("# Benchmarks\n\nMade by `make bench`; do not edit. ")
	fmt.Fprintf(&b, "Each command runs %d times, taking turns with what it is compared with, after one run that\n"+
		"fills the page cache; the numbers are medians. Read the ratios: they are of one run on one machine, and\n"+
		"below 1 means that we are faster.\n\n", runs)
	fmt.Fprintf(&b, "Machine: %s/%s, %d processors. %s.\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), strings.Join(versions(ctx), ", "))

	for _, r := range results {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| command | wall | CPU | peak memory | wall, ratio |\n|-|-|-|-|-|\n",
			strings.ToUpper(r.name[:1])+r.name[1:], strings.ToUpper(r.job[:1])+r.job[1:]+".")

		for i, l := range r.lanes {
			ratio := "1"
			if i > 0 {
				ratio = fmt.Sprintf("ours takes %.2f × this", float64(r.medians[0].wall)/float64(r.medians[i].wall))
			}

			m := r.medians[i]
			fmt.Fprintf(&b, "| `%s` | %s | %s | %d MB | %s |\n", l.name,
				m.wall.Round(100*time.Microsecond), m.cpu.Round(100*time.Microsecond), m.peak>>20, ratio)
		}
	}

	return os.WriteFile(out, []byte(b.String()), 0o644) //nolint:gosec // a page for everybody to read
}

// versions names the programs that were compared with.
func versions(ctx context.Context) []string {
	var out []string

	for _, command := range [][]string{{"go", "version"}, {"git", "version"}, {"rg", "--version"}, {"sed", "--version"}} {
		text, err := exec.CommandContext(ctx, command[0], command[1:]...).Output()
		if err != nil {
			continue // it is not among the lanes then
		}

		first, _, _ := strings.Cut(string(text), "\n")
		out = append(out, first)
	}

	return out
}
