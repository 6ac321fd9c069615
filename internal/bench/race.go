package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// race is one job done by several commands, ours first.
type race struct {
	name, job string
	lanes     []lane
	// sums are lanes that are also shown added up.
	sums [][]int
	// missing are the programs that are not on this machine, so that nothing
	// was compared with them.
	missing []string
	// prepare runs before each run of each lane; nil for none.
	prepare func(ctx context.Context) error
}

// lane is one way to do the job.
type lane struct {
	name    string
	command []string
	more    []string // arguments that are too many to show
	dir     string
	env     []string // besides this process's
}

// sample is one run.
type sample struct {
	wall, cpu time.Duration
	peak      int64 // bytes of resident memory
}

// result is the medians of a race.
type result struct {
	race

	medians []sample
}

// run lets the lanes take turns, so that whatever else the machine does falls
// on all of them.
func (r race) run(ctx context.Context, runs int) (result, error) {
	samples := make([][]sample, len(r.lanes))

	for turn := range runs + 1 {
		for i, l := range r.lanes {
			if r.prepare != nil {
				if err := r.prepare(ctx); err != nil {
					return result{}, err
				}
			}

			s, err := l.run(ctx)
			if err != nil {
				return result{}, err
			}

			if turn > 0 { // the first turn fills the page cache
				samples[i] = append(samples[i], s)
			}
		}
	}

	out := result{race: r}
	for _, s := range samples {
		out.medians = append(out.medians, median(s))
	}

	return out, nil
}

func (l lane) run(ctx context.Context) (sample, error) {
	var stderr bytes.Buffer

	cmd := exec.CommandContext(ctx, l.command[0], append(slices.Clone(l.command[1:]), l.more...)...)
	cmd.Dir, cmd.Stderr, cmd.Env = l.dir, &stderr, append(os.Environ(), l.env...)
	start := time.Now()

	if err := cmd.Run(); err != nil {
		return sample{}, fmt.Errorf("%v: %w: %s", l.command, err, stderr.String())
	}

	s := sample{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peak = usage.Maxrss << 10
	}

	return s, nil
}

func median(samples []sample) sample {
	pick := func(of func(sample) int64) int64 {
		var values []int64
		for _, s := range samples {
			values = append(values, of(s))
		}

		slices.Sort(values)

		return values[len(values)/2]
	}

	return sample{
		wall: time.Duration(pick(func(s sample) int64 { return int64(s.wall) })),
		cpu:  time.Duration(pick(func(s sample) int64 { return int64(s.cpu) })),
		peak: pick(func(s sample) int64 { return s.peak }),
	}
}
