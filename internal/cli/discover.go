package cli

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/fleet"
	"github.com/goingdark-social/bot/pkg/gh/app"
	"github.com/goingdark-social/bot/pkg/look"
)

// discovery finds the repositories of an App's installations that carry a policy.
type discovery struct{ *crew }

// Accounts are those that the App is installed on.
func (d discovery) Accounts(ctx context.Context) ([]fleet.Account, error) {
	installed, err := d.who.app.Installations(ctx)
	if err != nil {
		return nil, err
	}

	accounts := make([]fleet.Account, 0, len(installed))

	for _, i := range installed {
		a := fleet.Account{Name: i.Account, ID: i.ID}
		if i.Suspended {
			a.Suspended = fmt.Errorf("the App's installation on %s is suspended: unsuspend it at %s", i.Account, i.Settings)
		}

		accounts = append(accounts, a)
	}

	return accounts, nil
}

// Repositories are those that an installation may see.
func (d discovery) Repositories(ctx context.Context, a fleet.Account) ([]config.Repository, error) {
	names, err := d.who.app.Repositories(ctx, app.Installation{ID: a.ID, Account: a.Name})
	if err != nil {
		return nil, err
	}

	found := make([]config.Repository, 0, len(names))
	for _, name := range names {
		found = append(found, config.Repository{Name: name})
	}

	d.who.knows(names...)

	return found, nil
}

// Takes tells whether a repository carries a policy.
func (d discovery) Takes(ctx context.Context, _ fleet.Account, r config.Repository) (bool, error) {
	if _, err := d.bot(r.Name); err != nil {
		return false, err
	}

	return d.hub(r.Name).Carries(ctx, r.Name, r.Branch, look.PolicyFile)
}
