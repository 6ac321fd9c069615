package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/goingdark-social/bot/pkg/config"
)

// Account is one that repositories may belong to.
type Account struct {
	Name string
	// ID is its installation's.
	ID int64
	// Suspended says why nothing can be done there; nil: something can.
	Suspended error
}

// Source finds repositories.
type Source interface {
	// Accounts are all that there are.
	Accounts(ctx context.Context) ([]Account, error)
	// Repositories are those that an account lets us see.
	Repositories(ctx context.Context, a Account) ([]config.Repository, error)
	// Takes tells whether a repository wants to be looked after.
	Takes(ctx context.Context, a Account, r config.Repository) (bool, error)
}

// Roster is the list of a fleet's members, looked up now and then. What cannot
// be looked up stays as it was known. It is safe for concurrent use.
type Roster struct {
	source Source
	now    func() time.Time

	mu    sync.Mutex
	at    time.Time
	known map[string][]Member // by account
	order []string
	wrong []error
}

// Often is how long a list holds.
const Often = time.Hour

// lookups is how many repositories are looked at at once.
const lookups = 8

// NewRoster has looked nothing up yet.
func NewRoster(source Source, now func() time.Time) *Roster {
	return &Roster{source: source, now: now, known: map[string][]Member{}}
}

// Members are those of the fleet, looked up anew where the list is older than
// Often. wrong is what could not be looked up, and the accounts where nothing
// can be done; the rest of the list is good all the same.
func (r *Roster) Members(ctx context.Context) (members []Member, wrong []error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.at.IsZero() || r.now().Sub(r.at) >= Often {
		r.look(ctx)
	}

	for _, account := range r.order {
		members = append(members, r.known[account]...)
	}

	return members, slices.Clone(r.wrong)
}

// Known are the members that were found last; nothing is looked up.
func (r *Roster) Known() []Member {
	r.mu.Lock()
	defer r.mu.Unlock()

	var members []Member
	for _, account := range r.order {
		members = append(members, r.known[account]...)
	}

	return members
}

// Forget makes the next Members look again: an installation has changed.
func (r *Roster) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.at = time.Time{}
}

func (r *Roster) look(ctx context.Context) {
	accounts, err := r.source.Accounts(ctx)
	if err != nil {
		r.wrong = []error{fmt.Errorf("looking up the installations: %w", err)}

		return
	}

	known, order := map[string][]Member{}, make([]string, 0, len(accounts))
	r.wrong = nil

	for _, a := range accounts {
		order = append(order, a.Name)

		members, err := r.of(ctx, a)
		if err != nil {
			r.wrong = append(r.wrong, err)
		}

		known[a.Name] = members
	}

	for _, name := range r.order {
		if !slices.Contains(order, name) && len(r.known[name]) > 0 {
			r.wrong = append(r.wrong, fmt.Errorf("%s is gone with its %d repositories: was the App uninstalled?", name, len(r.known[name])))
		}
	}

	if ctx.Err() != nil {
		return // half a look is none
	}

	r.known, r.order, r.at = known, order, r.now()
}

// of are the members of one account.
func (r *Roster) of(ctx context.Context, a Account) ([]Member, error) {
	if a.Suspended != nil {
		return nil, a.Suspended
	}

	found, err := r.source.Repositories(ctx, a)
	if err != nil {
		return r.known[a.Name], fmt.Errorf("looking up the repositories of %s: %w", a.Name, err)
	}

	takes, errs := make([]bool, len(found)), make([]error, len(found))

	var g errgroup.Group
	g.SetLimit(lookups)

	for i, one := range found {
		g.Go(func() error {
			takes[i], errs[i] = r.source.Takes(ctx, a, one)
			if errs[i] != nil {
				takes[i] = r.was(a.Name, one.Name)
			}

			return nil // each error stays its repository's
		})
	}

	_ = g.Wait() // it has none

	var members []Member

	for i, one := range found {
		if takes[i] {
			members = append(members, Member{Repository: one, Account: a.Name})
		}
	}

	return members, errors.Join(errs...)
}

func (r *Roster) was(account, name string) bool {
	return slices.ContainsFunc(r.known[account], func(m Member) bool { return m.Name == name })
}
