package history_test

import (
	"flag"
	"os"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/goingdark-social/bot/internal/faults"
)

func TestMain(m *testing.M) {
	flag.Parse()

	checks := "200"
	if faults.Full {
		checks = "10000"
	}

	given := false

	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })

	if !given {
		_ = flag.Set("rapid.checks", checks) // the flag is rapid's, and takes any number

		if !faults.Full {
			_ = flag.Set("rapid.seed", "1") // the same histories each time: make faults looks for new ones
		}
	}

	os.Exit(m.Run())
}

// TestHistories lives random histories. A failing one is shrunk and kept.
func TestHistories(t *testing.T) {
	t.Parallel()

	count := faults.Begin("random histories of releases, people, outages, races and deaths")

	var steps atomic.Int64

	rapid.Check(t, func(t *rapid.T) {
		count.Case(false)

		m := begin(t)
		actions := m.actions()

		holds := actions[""]
		actions[""] = func(t *rapid.T) {
			steps.Add(1)
			holds(t)
		}

		t.Repeat(actions)
		m.settled(t)
	})

	if t.Failed() {
		count.Cases(0, 1)
	}

	count.Measuredf("%d steps", steps.Load())

	if err := count.End(); err != nil {
		t.Error(err)
	}
}
