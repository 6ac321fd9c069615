package bot

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/look"
)

// Recall adds to an input what passes remember of its application: the digests
// behind tags when they were first seen.
type Recall func(ctx context.Context, in *drift.Input) error

// View reads the base branch of a repository on GitHub, and what passes
// remember of it. Nothing is written.
func (b *Bot) View(ctx context.Context, r config.Repository) (*look.View, Recall, error) {
	s, err := b.begin().visit(ctx, r)
	if err != nil {
		return nil, nil, err
	}

	return s.view, func(ctx context.Context, in *drift.Input) error {
		name := in.Application.Name

		data, err := s.git.ReadState(ctx, statePath(name))
		if err != nil {
			return fmt.Errorf("reading the state of %s: %w", name, err)
		}

		kept, err := parseState(name, data)
		if err != nil {
			return err
		}

		m := &memory{state: kept}
		m.firstSeen(in, nil, b.Now())

		return nil
	}, nil
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
func (b *Bot) CheckView(ctx context.Context, v *look.View, application string) ([]*Outlook, error) {
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
