package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
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
	// taken is what was asked of the job's server since it was asked last; nil
	// where there is none.
	taken func() traffic
	// own measures a race that is no programs side by side; nil for none.
	own func(ctx context.Context, runs int) (result, error)
}

// traffic is what one run asked of a server.
type traffic struct {
	requests int
	bytes    int64
}

// lane is one way to do the job.
type lane struct {
	name    string
	command []string
	more    []string // arguments that are too many to show
	dir     string
	env     []string // besides this process's
	// proof holds a run, and what it printed, to have done the job; nil for none.
	proof func(ctx context.Context, printed []byte) error
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
	asked   []traffic // by lane; nil where there is no server
}

// run lets the lanes take turns, so that whatever else the machine does falls
// on all of them. The first turn fills the page cache and is not measured; what
// it asked of a server is what every turn asks.
func (r race) run(ctx context.Context, runs int) (result, error) {
	if r.own != nil {
		return r.own(ctx, runs)
	}

	out, samples := result{race: r}, make([][]sample, len(r.lanes))

	for turn := range runs + 1 {
		for i, l := range r.lanes {
			s, asked, err := r.turn(ctx, l)
			if err != nil {
				return result{}, err
			}

			switch {
			case turn > 0:
				samples[i] = append(samples[i], s)
			case r.taken != nil:
				out.asked = append(out.asked, asked)
			}
		}
	}

	for _, s := range samples {
		out.medians = append(out.medians, median(s))
	}

	return out, nil
}

// turn is one run of a lane, with what comes before and after it.
func (r race) turn(ctx context.Context, l lane) (s sample, asked traffic, err error) {
	if r.prepare != nil {
		if err := r.prepare(ctx); err != nil {
			return s, asked, err
		}
	}

	if r.taken != nil {
		r.taken()
	}

	var printed bytes.Buffer

	if s, err = l.run(ctx, &printed); err != nil {
		return s, asked, err
	}

	if r.taken != nil {
		asked = r.taken()
	}

	if l.proof != nil {
		if err := l.proof(ctx, printed.Bytes()); err != nil {
			return s, asked, fmt.Errorf("%s: %w", l.name, err)
		}
	}

	return s, asked, nil
}

func (l lane) run(ctx context.Context, printed io.Writer) (sample, error) {
	var stderr bytes.Buffer

	cmd := exec.CommandContext(ctx, l.command[0], append(slices.Clone(l.command[1:]), l.more...)...)
	cmd.Dir, cmd.Stderr, cmd.Env = l.dir, &stderr, append(os.Environ(), l.env...)

	if l.proof != nil { // otherwise nobody reads it
		cmd.Stdout = printed
	}

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
