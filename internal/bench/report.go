package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// report is the results as a page.
func report(ctx context.Context, bot string, runs int, results []result) (string, error) {
	var b strings.Builder

	b.WriteString("# Benchmarks\n\nMade by `make bench`; do not edit. ")
	fmt.Fprintf(&b, "Each command runs %d times, taking turns with what it is compared with, after one run that\n"+
		"fills the page cache; the numbers are medians. Read the ratios: they are of one run on one machine, and\n"+
		"below 1 means that we are faster.\n\n", runs)
	fmt.Fprintf(&b, "Machine: %s/%s, %d processors. %s.\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), strings.Join(versions(ctx), ", "))

	own, err := ownPeak()
	if err != nil {
		return "", err
	}

	fmt.Fprintf(&b, "\nA peak of memory below that of the program that measures, %d MB, cannot be seen. Requests are those that one run makes of\n"+
		"the server on loopback; bytes are what passed it in both directions.\n", own>>20)

	for _, r := range results {
		section(&b, r)
	}

	size, err := sizes(bot)

	return b.String() + size, err
}

var peakOfStatus = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// ownPeak is the most memory that this program had, in bytes. What it starts
// begins as a part of it, and Linux counts that: see proc_pid_status(5) and
// getrusage(2).
func ownPeak() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}

	m := peakOfStatus.FindSubmatch(status)
	if m == nil {
		return 0, errors.New("/proc/self/status names no VmHWM")
	}

	kb, err := strconv.ParseInt(string(m[1]), 10, 64)

	return kb << 10, err
}

// section is the table of one race.
func section(b *strings.Builder, r result) {
	asked, line := "", ""
	if r.asked != nil {
		asked, line = " requests | bytes |", "-|-|"
	}

	fmt.Fprintf(b, "\n## %s\n\n%s\n\n| command | wall | CPU | peak memory |%s wall, ratio |\n|-|-|-|-|%s-|\n",
		strings.ToUpper(r.name[:1])+r.name[1:], strings.ToUpper(r.job[:1])+r.job[1:]+".", asked, line)

	for i, l := range r.lanes {
		asked := ""
		if r.asked != nil {
			asked = fmt.Sprintf(" %d | %d kB |", r.asked[i].requests, r.asked[i].bytes>>10)
		}

		row(b, "`"+l.name+"`", r.medians[i], asked, r.medians[0], i == 0)
	}

	for _, parts := range r.sums {
		name, total := added(r, parts)
		row(b, name, total, "", r.medians[0], false)
	}

	if len(r.missing) > 0 {
		fmt.Fprintf(b, "\nNot on this machine, so not compared with: %s.\n", strings.Join(r.missing, ", "))
	}
}

// row is one line of a table.
func row(b *strings.Builder, name string, m sample, asked string, ours sample, first bool) {
	ratio := "1"
	if !first {
		ratio = fmt.Sprintf("ours takes %.2f × this", float64(ours.wall)/float64(m.wall))
	}

	cpu, peak := "", ""
	if m.peak > 0 {
		cpu, peak = m.cpu.Round(100*time.Microsecond).String(), fmt.Sprintf("%d MB", m.peak>>20)
	}

	fmt.Fprintf(b, "| %s | %s | %s | %s |%s %s |\n", name, m.wall.Round(100*time.Microsecond), cpu, peak, asked, ratio)
}

// added is several lanes, one after the other.
func added(r result, parts []int) (name string, total sample) {
	var names []string

	for _, i := range parts {
		names = append(names, "`"+r.lanes[i].name+"`")
		total.wall += r.medians[i].wall
		total.cpu += r.medians[i].cpu
		total.peak = max(total.peak, r.medians[i].peak)
	}

	return strings.Join(names, " and then "), total
}

// versions names the programs that were compared with.
func versions(ctx context.Context) []string {
	var out []string

	for _, command := range [][]string{{"go", "version"}, {"git", "version"}, {"rg", "--version"}, {"crane", "version"}, {"kustomize", "version"}, {"sed", "--version"}, {"yq", "--version"}, {"renovate", "--version"}} {
		text, err := exec.CommandContext(ctx, command[0], command[1:]...).Output()
		if err != nil {
			continue // it is not among the lanes then
		}

		first, _, _ := strings.Cut(string(text), "\n")
		if !strings.Contains(first, command[0]) {
			first = command[0] + " " + first
		}

		out = append(out, first)
	}

	return out
}

// sizes are the program's, as built and as it lies compressed in an image,
// beside which the image has nothing but certificates and time zones.
func sizes(bot string) (string, error) {
	data, err := os.ReadFile(bot)
	if err != nil {
		return "", err
	}

	var packed bytes.Buffer

	w := gzip.NewWriter(&packed)
	if _, err := w.Write(data); err != nil {
		return "", err
	}

	if err := w.Close(); err != nil {
		return "", err
	}

	return fmt.Sprintf("\n## Size\n\n| what | size |\n|-|-:|\n| the program | %.1f MB |\n| its layer of the image, gzip | %.1f MB |\n",
		float64(len(data))/1e6, float64(packed.Len())/1e6), nil
}
