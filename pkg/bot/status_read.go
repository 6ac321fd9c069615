package bot

import (
	"context"
	"slices"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/status"
)

// Status tells how a repository on GitHub stands, and writes nothing: what a
// pass would show on the dashboard.
func (b *Bot) Status(ctx context.Context, r config.Repository) (status.Repository, error) {
	b = b.begin()

	s, err := b.visit(ctx, r)
	if err != nil {
		return status.Repository{}, err
	}

	found, err := b.judgeBase(ctx, s)
	if err != nil {
		return status.Repository{}, err
	}

	result := &Result{
		Repository: s.name, URL: s.info.HTMLURL, Branch: s.branch, Commit: s.base.Hash(),
		Problems: s.view.Tree.Problems, References: s.view.Tree.References,
	}

	for _, app := range s.view.Tree.Applications {
		one, err := b.stands(ctx, s, app)
		if err != nil {
			return status.Repository{}, err
		}

		one.Findings, one.Judged = found[app.Name], b.Now()
		result.Applications = append(result.Applications, one)
	}

	return Status(r, result, nil, b.Now()), nil
}

// stands is what a pass would find of an application, without its doings.
func (b *Bot) stands(ctx context.Context, s *site, app patch.Application) (ApplicationResult, error) {
	m, prs, err := b.remember(ctx, s, app)
	if err != nil {
		return ApplicationResult{}, err
	}

	o, err := b.outlook(ctx, s.view, app, m)

	return ApplicationResult{
		Name: app.Name, Outlook: o, Due: m.Due,
		Open: slices.DeleteFunc(slices.Clone(prs), func(pr gh.PullRequest) bool { return pr.State != "open" }),
	}, err
}
