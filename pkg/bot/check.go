package bot

import (
	"context"

	"github.com/goingdark-social/bot/pkg/config"
)

// View reads the base branch of a repository on GitHub.
func (b *Bot) View(ctx context.Context, r config.Repository) (*View, error) {
	s, err := b.begin().visit(ctx, r)
	if err != nil {
		return nil, err
	}

	return s.view, nil
}

// Check tells what a pass would propose now for a repository on GitHub, and
// writes nothing.
func (b *Bot) Check(ctx context.Context, r config.Repository, application string) ([]*Outlook, error) {
	b = b.begin()

	s, err := b.visit(ctx, r)
	if err != nil {
		return nil, err
	}

	apps, err := s.view.Select(application, application == "")
	if err != nil {
		return nil, err
	}

	var out []*Outlook

	for _, app := range apps {
		m, _, err := b.remember(ctx, s, app)
		if err != nil {
			return nil, err
		}

		o, err := b.outlook(ctx, s.view, app, m)
		if err != nil {
			return nil, err
		}

		out = append(out, o)
	}

	return out, nil
}

// CheckView is Check for a tree that is not on GitHub: what earlier passes
// and people decided there is not known.
func (b *Bot) CheckView(ctx context.Context, v *View, application string) ([]*Outlook, error) {
	b = b.begin()

	apps, err := v.Select(application, application == "")
	if err != nil {
		return nil, err
	}

	var out []*Outlook

	for _, app := range apps {
		o, err := b.outlook(ctx, v, app, &memory{room: v.Policy.Limits.OpenPullRequests})
		if err != nil {
			return nil, err
		}

		out = append(out, o)
	}

	return out, nil
}
