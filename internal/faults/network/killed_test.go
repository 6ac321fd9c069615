package network_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/faultproxy"
	"github.com/goingdark-social/bot/internal/faults"
)

var built atomic.Bool

// tunnelled is a question to the registry, which counts as a request too.
func (n *network) tunnelled(r *http.Request) {
	if n.asked != nil {
		n.asked(r)
	}
}

// at does something when the program makes its nth request of all. What a
// trouble is given then happens to that request.
func (n *network) at(number int64, then func(*http.Request) *faultproxy.Fault) {
	var seen atomic.Int64

	n.asked = func(r *http.Request) {
		if seen.Add(1) == number {
			then(r)
		}
	}

	for _, p := range n.proxies {
		p.Fail(func(_ int, r *http.Request) *faultproxy.Fault {
			if seen.Add(1) == number {
				return then(r)
			}

			return nil
		})
	}
}

func (n *network) heal() {
	n.asked = nil

	for _, p := range n.proxies {
		p.Fail(nil)
	}
}

// TestTheRealProgramKilled sends SIGKILL to the real program at each of its
// requests, before the server hears of it and after it has done its work.
func TestTheRealProgramKilled(t *testing.T) {
	t.Parallel()

	count := faults.Begin("the real program killed with SIGKILL at each of its requests")
	step := 1

	if !faults.Full {
		step = 50
	}

	requests := requestsOf(t)

	t.Run("at", func(t *testing.T) {
		slots := make(chan struct{}, 4)

		for number := 1; number <= requests; number += step {
			for _, trouble := range []faultproxy.Trouble{faultproxy.Reset, faultproxy.Lost} {
				t.Run(fmt.Sprint(number, " ", trouble == faultproxy.Lost), func(t *testing.T) {
					t.Parallel()

					slots <- struct{}{}
					defer func() { <-slots }()
					defer func() { count.Case(t.Failed()) }()

					killedAt(t, int64(number), trouble)
				})
			}
		}
	})

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// requestsOf counts the requests of an undisturbed pass of the real program.
func requestsOf(t *testing.T) int {
	t.Helper()

	var seen atomic.Int64

	n := start(t)
	n.asked = func(*http.Request) { seen.Add(1) }

	for _, p := range n.proxies {
		p.Fail(func(int, *http.Request) *faultproxy.Fault {
			seen.Add(1)

			return nil
		})
	}

	p := n.spawn(t, "run")
	if err := p.within(t, longest); err != nil {
		t.Fatalf("%v: %s", err, p.stderr)
	}

	return int(seen.Load())
}

func killedAt(t *testing.T, number int64, trouble faultproxy.Trouble) {
	t.Helper()

	n := start(t)
	started := make(chan *process, 1)

	n.at(number, func(*http.Request) *faultproxy.Fault {
		p := <-started
		_ = p.Process.Kill()

		return &faultproxy.Fault{Trouble: trouble}
	})

	p := n.spawn(t, "run")
	started <- p

	if err := p.within(t, longest); err != nil && !strings.Contains(err.Error(), "killed") {
		t.Errorf("%v: %s", err, p.stderr)
	}

	n.whole(t)
	n.heal()

	for range 2 {
		again := n.spawn(t, "run")
		if err := again.within(t, longest); err != nil {
			t.Fatalf("after the kill: %v: %s", err, again.stderr)
		}
	}

	n.arrived(t)
}

// TestAskedToStop sends SIGTERM to the real service at requests that then never
// end, and at rest: it is gone within 5 seconds, and what it left is taken up.
func TestAskedToStop(t *testing.T) {
	t.Parallel()

	count := faults.Begin("the real service ends within 5 s of SIGTERM, at any request")
	step := 3

	if !faults.Full {
		step = 40
	}

	numbers := []int{atRest}
	for number := 1; number <= requestsOf(t); number += step {
		numbers = append(numbers, number)
	}

	t.Run("at", func(t *testing.T) {
		slots := make(chan struct{}, 4)

		for _, number := range numbers {
			t.Run(fmt.Sprint(number), func(t *testing.T) {
				t.Parallel()

				slots <- struct{}{}
				defer func() { <-slots }()
				defer func() { count.Case(t.Failed()) }()

				stoppedAt(t, int64(number))
			})
		}
	})

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// atRest is no request: the pass is over, and the next one an hour away.
const atRest = 0

func stoppedAt(t *testing.T, number int64) {
	t.Helper()

	n := start(t)
	reached := make(chan struct{})

	n.at(number, func(*http.Request) *faultproxy.Fault {
		close(reached)

		return &faultproxy.Fault{Trouble: faultproxy.Stalled}
	})

	p := n.spawn(t, "serve", "--listen", "127.0.0.1:0", "--jitter", "0s")

	if number == atRest {
		reached = p.saying(t, " result=")
	}

	select {
	case <-reached:
	case err := <-p.ended:
		t.Fatalf("the service ended by itself: %v: %s", err, p.stderr)
	}

	must(t, p.Process.Signal(syscall.SIGTERM))

	if err := p.within(t, 5*time.Second); err != nil {
		t.Errorf("asked to stop: %v: %s", err, p.stderr)
	}

	n.heal()
	n.whole(t)

	for range 2 {
		again := n.spawn(t, "run")
		if err := again.within(t, longest); err != nil {
			t.Fatalf("after the stop: %v: %s", err, again.stderr)
		}
	}

	n.arrived(t)
}
