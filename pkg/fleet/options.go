package fleet

import (
	"cmp"
	"log/slog"
	"time"
)

// Options say how a fleet is worked through.
type Options struct {
	// Workers is how many repositories are worked on at once. Default: 8.
	Workers int
	// PerAccount is how many of them may belong to one account, which has one
	// rate limit and, at GitHub, one change at a time. Default: 4.
	PerAccount int
	// Timeout is how long one repository may take. Default: 10 minutes.
	Timeout time.Duration
	// Budget is what is left of an account's rate limit. Default: nil, which
	// knows of none.
	Budget func(account string) Budget
	// Now is the clock that budgets are held against. Default: time.Now.
	Now func() time.Time
	// Log receives panics. Default: none.
	Log *slog.Logger
}

// The defaults. Most of a pass is waiting for answers, so that there are more
// workers than processors.
const (
	defaultWorkers    = 8
	defaultPerAccount = 4
	defaultTimeout    = 10 * time.Minute
)

func (o Options) withDefaults() Options {
	o.Workers = cmp.Or(max(o.Workers, 0), defaultWorkers)
	o.PerAccount = min(cmp.Or(max(o.PerAccount, 0), defaultPerAccount), o.Workers)
	o.Timeout = cmp.Or(max(o.Timeout, 0), defaultTimeout)

	if o.Budget == nil {
		o.Budget = func(string) Budget { return Budget{} }
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	return o
}
