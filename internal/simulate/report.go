package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// The page's own words stand around what is made.
const (
	begin = "<!-- made by make simulate: begin -->\n"
	end   = "<!-- made by make simulate: end -->\n"
)

// report puts the table between its marks on the page.
func report(page string, all []run) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return err
	}

	before, rest, ok1 := strings.Cut(string(data), begin)
	_, after, ok2 := strings.Cut(rest, end)

	if !ok1 || !ok2 {
		return errors.New(page + " has no place for the table")
	}

	return os.WriteFile(page, []byte(before+begin+"\n"+table(all)+"\n"+end+after), 0o644) //nolint:gosec // a page for everybody to read
}

func table(all []run) string {
	var b strings.Builder

	fmt.Fprintf(&b, "%s/%s, %d processors, load %s at the end, %s.\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), load(), version())
	b.WriteString("| repositories | pass | wall | pull requests opened | GitHub: requests, of them 304 | git: requests | registry: requests | bytes in all | peak memory |\n")
	b.WriteString("|-:|-|-:|-:|-:|-:|-:|-:|-:|\n")

	for _, r := range all {
		for _, p := range r.phases {
			github, git, registry := p.traffic["github"], p.traffic["git"], p.traffic["registry"]
			fmt.Fprintf(&b, "| %d | %s | %s | %d | %d, %d | %d | %d | %.1f MB | %d MB |\n", r.n, p.name, p.took.Round(10*time.Millisecond), p.opened,
				github.Requests, github.Confirmed, git.Requests, registry.Requests, float64(github.Bytes+git.Bytes+registry.Bytes)/1e6, p.peak>>20)
		}
	}

	if len(all) > 1 {
		b.WriteString("\nThe slope, from the second largest to the largest:\n\n| pass | wall a repository | memory a repository |\n|-|-:|-:|\n")

		small, large := all[len(all)-2], all[len(all)-1]
		for i, p := range large.phases {
			n := large.n - small.n
			fmt.Fprintf(&b, "| %s | %s | %d kB |\n", p.name, ((p.took - small.phases[i].took) / time.Duration(n)).Round(100*time.Microsecond),
				(p.peak-small.phases[i].peak)>>10/int64(n))
		}
	}

	return b.String()
}

// load is what else the machine was busy with.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}

	return strings.Join(strings.Fields(string(data))[:3], " ")
}

func version() string {
	out, err := exec.CommandContext(context.Background(), "go", "version").Output()
	if err != nil {
		return runtime.Version()
	}

	return strings.TrimSpace(string(out))
}
