package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/go-github/v62/github"
)

const (
	listPage = 50 // a hundred repositories are close to what an answer may take
	// maxListPages bounds a listing, so that pages that loop end.
	maxListPages = 1000
)

// Installations are those of the App on all accounts, the suspended among them;
// where Options.Installation names one, that one alone.
func (a *App) Installations(ctx context.Context) ([]Installation, error) {
	if a.only != 0 {
		found, _, err := a.api.Apps.GetInstallation(ctx, a.only)
		if err != nil {
			return nil, lookupFailure(ctx, "", err)
		}

		i, err := installation(found)

		return []Installation{i}, err
	}

	found, err := listed(func(o *github.ListOptions) ([]*github.Installation, *github.Response, error) {
		return a.api.Apps.ListInstallations(ctx, o)
	})
	if err != nil {
		return nil, lookupFailure(ctx, "", err)
	}

	out := make([]Installation, 0, len(found))

	for _, one := range found {
		i, err := installation(one)
		if err != nil {
			return nil, err
		}

		out = append(out, i)
	}

	return out, nil
}

// Repositories are the names of those that an installation may see and that can
// be written to: archived and disabled ones are left out.
func (a *App) Repositories(ctx context.Context, i Installation) ([]string, error) {
	source, err := a.source(i.ID)
	if err != nil {
		return nil, err
	}

	if _, err := source.Token(ctx); err != nil {
		return nil, tokenFailure(ctx, i.Account, err)
	}

	api := github.NewClient(&http.Client{Transport: source})
	api.BaseURL = a.api.BaseURL

	found, err := listed(func(o *github.ListOptions) ([]*github.Repository, *github.Response, error) {
		page, resp, err := api.Apps.ListRepos(ctx, o)
		if err != nil {
			return nil, resp, err
		}

		return page.Repositories, resp, nil
	})
	if err != nil {
		return nil, lookupFailure(ctx, i.Account, err)
	}

	a.mu.Lock()
	defer a.mu.Unlock()

	names := make([]string, 0, len(found))

	for _, r := range found {
		if !r.GetArchived() && !r.GetDisabled() {
			names = append(names, r.GetFullName())
			a.on[r.GetFullName()] = i.ID
		}
	}

	return names, nil
}

// listed follows a listing to its end.
func listed[T any](page func(*github.ListOptions) ([]T, *github.Response, error)) ([]T, error) {
	var all []T

	o := &github.ListOptions{PerPage: listPage}

	for range maxListPages {
		items, resp, err := page(o)
		if err != nil {
			return nil, err
		}

		all = append(all, items...)

		if resp.NextPage <= o.Page {
			return all, nil
		}

		o.Page = resp.NextPage
	}

	return nil, fmt.Errorf("the listing does not end after %d pages", maxListPages)
}
