package fleet

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// Fleet works through repositories, again and again. It is safe for concurrent
// use.
type Fleet struct {
	Options

	mu     sync.Mutex
	waited map[string]bool // the repositories that were not begun the last time
}

// New fills in the defaults.
func New(o Options) *Fleet {
	return &Fleet{Options: o.withDefaults(), waited: map[string]bool{}}
}

// Visit is the work on one repository.
type Visit func(ctx context.Context, m Member) error

// Pass visits every member once and tells ended of each as it ends, one at a
// time. What fails, panics or takes too long is that repository's own affair. An
// account whose rate limit runs low gets no further turn. The end of ctx ends the
// visits in hand; no other is begun. What was not begun comes first in the next
// pass. Pass returns when all have ended.
func (f *Fleet) Pass(ctx context.Context, members []Member, visit Visit, ended func(Outcome)) {
	p := &pass{Fleet: f, visit: visit, ended: ended, turns: newTurns(members, f.PerAccount, f.first()), done: make(chan finished)}
	p.run(ctx)
	f.remember(p.waited)
}

func (f *Fleet) first() map[string]bool {
	f.mu.Lock()
	defer f.mu.Unlock()

	return f.waited
}

func (f *Fleet) remember(waited map[string]bool) {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.waited = waited
}

// pass is one way through the fleet. Its own goroutine alone gives out turns
// and tells of ends.
type pass struct {
	*Fleet

	visit  Visit
	ended  func(Outcome)
	turns  *turns
	done   chan finished
	waited map[string]bool
}

type finished struct {
	account *account
	outcome Outcome
}

func (p *pass) run(ctx context.Context) {
	p.waited = map[string]bool{}

	for working := 0; ; {
		for working < p.Workers && ctx.Err() == nil && p.begin(ctx) {
			working++
		}

		if working == 0 {
			break
		}

		f := <-p.done
		f.account.working--
		working--

		p.ended(f.outcome)
	}

	for _, m := range p.turns.rest() {
		p.waited[m.Name] = true
		p.ended(Outcome{Member: m, Result: Stopped, Err: context.Cause(ctx)})
	}
}

// begin gives the next repository to a worker; false: nobody has a turn now.
func (p *pass) begin(ctx context.Context) bool {
	for {
		a, m, ok := p.turns.next()
		if !ok {
			return false
		}

		budget := p.Budget(a.name)
		if !budget.spent(p.Now()) {
			go func() { p.done <- finished{a, p.one(ctx, m)} }()

			return true
		}

		a.working--

		for _, m := range append([]Member{m}, p.turns.drop(a)...) {
			p.waited[m.Name] = true
			p.ended(Outcome{Member: m, Result: Deferred, Err: &BudgetError{m.Name, m.Account, budget}})
		}
	}
}

// one visits one repository in its time.
func (p *pass) one(ctx context.Context, m Member) Outcome {
	begin := time.Now()

	bounded, cancel := context.WithTimeoutCause(ctx, p.Timeout, ErrTooLong)
	defer cancel()

	err := p.guarded(bounded, m)
	o := Outcome{Member: m, Result: Done, Err: err, Took: time.Since(begin)}

	switch {
	case err == nil:
	case ctx.Err() != nil:
		o.Result = Stopped
	default:
		o.Result = Failed
	}

	return o
}

// guarded makes a panic an error.
func (p *pass) guarded(ctx context.Context, m Member) (err error) {
	defer func() {
		if v := recover(); v != nil {
			broken := &PanicError{Repository: m.Name, Value: v, Stack: debug.Stack()}
			p.Log.ErrorContext(ctx, "a repository's pass panicked", "repository", m.Name, "panic", broken.Error(), "stack", string(broken.Stack))

			err = broken
		}
	}()

	return p.visit(ctx, m)
}
