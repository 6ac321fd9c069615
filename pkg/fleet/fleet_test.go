package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/fleet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// members are n repositories of an account.
func members(account string, n int) []fleet.Member {
	var out []fleet.Member
	for i := range n {
		out = append(out, fleet.Member{Repository: config.Repository{Name: fmt.Sprintf("%s/r%d", account, i)}, Account: account})
	}

	return out
}

// pass makes one pass and gives how each repository ended, in the order of the ends.
func pass(ctx context.Context, f *fleet.Fleet, all []fleet.Member, visit fleet.Visit) (order []string, ends map[string]fleet.Outcome) {
	ends = map[string]fleet.Outcome{}

	f.Pass(ctx, all, visit, func(o fleet.Outcome) {
		order = append(order, o.Name)
		ends[o.Name] = o
	})

	return order, ends
}

func TestAccountsTakeTurns(t *testing.T) {
	t.Parallel()

	all := slices.Concat(members("big", 5), members("small", 2))
	order, _ := pass(t.Context(), fleet.New(fleet.Options{Workers: 1}), all, func(context.Context, fleet.Member) error { return nil })

	want := "big/r0 small/r0 big/r1 small/r1 big/r2 big/r3 big/r4"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("order = %s, want %s", got, want)
	}
}

func TestWorkersAreBoundedInAllAndByAccount(t *testing.T) {
	t.Parallel()

	var (
		mu   sync.Mutex
		now  = map[string]int{}
		most = map[string]int{}
	)

	full := make(chan struct{})
	count := func(key string, by int) {
		now[key] += by
		most[key] = max(most[key], now[key])
	}
	visit := func(_ context.Context, m fleet.Member) error {
		mu.Lock()
		count("", 1)
		count(m.Account, 1)

		if now[""] == 3 {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		mu.Unlock()

		<-full // nobody ends before all three workers work

		mu.Lock()
		count("", -1)
		count(m.Account, -1)
		mu.Unlock()

		return nil
	}

	all := slices.Concat(members("a", 9), members("b", 9))
	if _, ends := pass(t.Context(), fleet.New(fleet.Options{Workers: 3, PerAccount: 2}), all, visit); len(ends) != 18 {
		t.Errorf("%d ends, want 18", len(ends))
	}

	if most[""] != 3 || most["a"] > 2 || most["b"] > 2 {
		t.Errorf("at once: %v, want 3 in all and at most 2 an account", most)
	}
}

func TestABrokenRepositoryIsItsOwnAffair(t *testing.T) {
	t.Parallel()

	broken := errors.New("bot.yaml:3:1: a tab")
	visit := func(_ context.Context, m fleet.Member) error {
		switch m.Name {
		case "a/r3":
			return broken
		case "a/r5":
			panic("a defect")
		}

		return nil
	}

	_, ends := pass(t.Context(), fleet.New(fleet.Options{}), members("a", 1000), visit)

	counted := map[fleet.Result]int{}
	for _, o := range ends {
		counted[o.Result]++
	}

	if counted[fleet.Done] != 998 || counted[fleet.Failed] != 2 || !errors.Is(ends["a/r3"].Err, broken) {
		t.Errorf("ends = %v, a/r3: %v", counted, ends["a/r3"].Err)
	}

	if p, ok := errors.AsType[*fleet.PanicError](ends["a/r5"].Err); !ok || p.Value != "a defect" || !strings.Contains(p.Error(), "a/r5") {
		t.Errorf("the panic is %v", ends["a/r5"].Err)
	}
}

func TestASlowRepositoryHoldsNobodyBack(t *testing.T) {
	t.Parallel()

	others := make(chan struct{}, 99)
	visit := func(ctx context.Context, m fleet.Member) error {
		if m.Name != "a/r0" {
			others <- struct{}{}

			return nil
		}

		for range 5 { // all others are served while this one hangs
			<-others
		}

		<-ctx.Done()

		return context.Cause(ctx)
	}

	order, ends := pass(t.Context(), fleet.New(fleet.Options{Workers: 2, Timeout: time.Millisecond}), members("a", 6), visit)
	if order[5] != "a/r0" || !errors.Is(ends["a/r0"].Err, fleet.ErrTooLong) || ends["a/r0"].Result != fleet.Failed {
		t.Errorf("order %v, the slow one: %+v", order, ends["a/r0"])
	}
}

func TestAnAccountWhoseLimitRunsLowWaits(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	left := map[string]int{"poor": 253, "rich": 4000}
	f := fleet.New(fleet.Options{
		Workers: 1, Now: func() time.Time { return now },
		Budget: func(account string) fleet.Budget {
			return fleet.Budget{Limit: 5000, Remaining: left[account], Reset: time.Date(2026, 3, 2, 10, 30, 0, 0, time.UTC)}
		},
	})
	visit := func(_ context.Context, m fleet.Member) error {
		left[m.Account] -= 2

		return nil
	}
	all := slices.Concat(members("poor", 4), members("rich", 4))

	_, ends := pass(t.Context(), f, all, visit)
	for name, want := range map[string]fleet.Result{"poor/r0": fleet.Done, "poor/r1": fleet.Done, "poor/r2": fleet.Deferred, "poor/r3": fleet.Deferred, "rich/r3": fleet.Done} {
		if ends[name].Result != want {
			t.Errorf("%s: %s, want %s", name, ends[name].Result, want)
		}
	}

	if e, ok := errors.AsType[*fleet.BudgetError](ends["poor/r3"].Err); !ok || e.Error() != "poor/r3 waits: of the rate limit of poor 249 requests are left until 2026-03-02T10:30:00Z" {
		t.Errorf("why = %v", ends["poor/r3"].Err)
	}

	// After the reset those that waited come first.
	now = now.Add(time.Hour)

	order, _ := pass(t.Context(), f, all, visit)
	if got := strings.Join(order, " "); got != "poor/r2 rich/r0 poor/r3 rich/r1 poor/r0 rich/r2 poor/r1 rich/r3" {
		t.Errorf("order = %s", got)
	}
}

func TestAStopEndsTheVisitsInHandAndBeginsNoOther(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	visit := func(ctx context.Context, _ fleet.Member) error {
		stop()
		<-ctx.Done()

		return ctx.Err()
	}

	_, ends := pass(ctx, fleet.New(fleet.Options{Workers: 1}), members("a", 3), visit)
	for name, o := range ends {
		if o.Result != fleet.Stopped || !errors.Is(o.Err, context.Canceled) {
			t.Errorf("%s: %+v", name, o)
		}
	}

	if len(ends) != 3 || ends["a/r0"].Took == 0 || ends["a/r2"].Took != 0 {
		t.Errorf("ends = %+v", ends)
	}
}
