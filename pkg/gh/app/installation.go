package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-github/v62/github"
)

// Installation is an App on an account.
type Installation struct {
	ID int64
	// Account is the login of the user or organisation.
	Account string
	// Settings is the page where a person changes it.
	Settings string
	// Suspended: it exists and may do nothing.
	Suspended bool
	// Permissions are what the account granted.
	Permissions Permissions
}

// Installation asks GitHub which installation serves a repository, and what
// it may do.
func (a *App) Installation(ctx context.Context, repository string) (Installation, error) {
	owner, name, ok := strings.Cut(repository, "/")
	if !ok || owner == "" || name == "" || strings.ContainsAny(name, "/?#%") || strings.ContainsAny(owner, "?#%") {
		return Installation{}, failure(`a repository is named "owner/name"`, repository, 0)
	}

	found, _, err := a.ask(ctx, owner, name)
	if err != nil {
		return Installation{}, lookupFailure(ctx, repository, err)
	}

	i, err := installation(found)
	if err != nil {
		return Installation{}, err
	}

	a.mu.Lock()
	a.on[repository] = i.ID
	a.mu.Unlock()

	return i, nil
}

// installation is what GitHub says of one.
func installation(found *github.Installation) (Installation, error) {
	permissions, err := granted(found.GetPermissions())

	return Installation{
		ID: found.GetID(), Account: found.GetAccount().GetLogin(), Settings: found.GetHTMLURL(),
		Suspended: found.SuspendedAt != nil, Permissions: permissions,
	}, err
}

func (a *App) ask(ctx context.Context, owner, name string) (*github.Installation, *github.Response, error) {
	if a.only != 0 {
		return a.api.Apps.GetInstallation(ctx, a.only)
	}

	return a.api.Apps.FindRepositoryInstallation(ctx, owner, name)
}

// installationOf is the number of the installation, from memory where it is known.
func (a *App) installationOf(ctx context.Context, repository string) (int64, error) {
	a.mu.Lock()
	known := cmp.Or(a.only, a.on[repository])
	a.mu.Unlock()

	if known != 0 {
		return known, nil
	}

	i, err := a.Installation(ctx, repository)

	return i.ID, err
}

// forget drops what is remembered of a repository and tells whether there was
// anything that could be looked up anew.
func (a *App) forget(repository string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()

	id, known := a.on[repository]
	delete(a.on, repository)
	delete(a.tokens, id)

	return known && a.only == 0
}

// granted are the permissions by the names that GitHub's API gives them.
func granted(p *github.InstallationPermissions) (Permissions, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("reading an installation's permissions: %w", err)
	}

	out := Permissions{}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("reading an installation's permissions: %w", err)
	}

	return out, nil
}

// Check tells what is amiss with the installation that serves a repository
// before any work is begun: that there is none, that it is suspended, or which
// permissions it lacks of those needed.
func (a *App) Check(ctx context.Context, repository string, needed Permissions) error {
	i, err := a.Installation(ctx, repository)
	if err != nil {
		return err
	}

	if i.Suspended {
		return failure("the App's installation on "+i.Account+" is suspended: unsuspend it at "+i.Settings, repository, http.StatusForbidden)
	}

	missing := i.Permissions.Missing(needed)
	if len(missing) == 0 {
		return nil
	}

	e := failure("the App's installation on "+i.Account+" lacks permissions; grant them to the App, and accept them at "+i.Settings, repository, http.StatusForbidden)
	e.Permission = strings.Join(missing, " and ")

	return e
}
