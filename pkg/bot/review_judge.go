package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// judgement is what drift found in a tree, by application.
type judgement map[string][]drift.Finding

// inner are the checks that need the tree and the facts of releases alone.
func inner() []drift.Check {
	return slices.DeleteFunc(drift.Checks(), func(c drift.Check) bool {
		return !slices.Contains([]drift.Needs{drift.Nothing, drift.ReleaseFacts, drift.PreviousFacts}, c.Needs)
	})
}

// judgeBase is what drift finds in the base branch; the same tree is judged
// once a day, since what a policy accepts has an end.
func (b *Bot) judgeBase(ctx context.Context, s *site) (judgement, error) {
	key := s.name + " " + s.base.Hash() + " " + b.Now().UTC().Format(time.DateOnly)
	if known, ok := get(b.kept, b.kept.judged, key); ok {
		return known, nil
	}

	found, err := b.judgeView(ctx, s.view)
	if err == nil {
		put(b.kept, b.kept.judged, key, found)
	}

	return found, err
}

// judgeHead is what drift finds in the head of a pull request, by the policy
// of the base.
func (b *Bot) judgeHead(ctx context.Context, s *site, head *repo.Commit) (judgement, error) {
	tree, err := patch.Scan(ctx, head.FS(), look.ScanOptions(s.view.Policy, nil))
	if err != nil {
		return nil, fmt.Errorf("scanning for image references: %w", err)
	}

	out, err := b.judgeView(ctx, &look.View{FS: head.FS(), Policy: s.view.Policy, Tree: tree})
	if err != nil {
		return nil, err
	}

	for _, app := range s.view.Tree.Applications {
		if !slices.ContainsFunc(tree.Applications, func(a patch.Application) bool { return a.Name == app.Name }) {
			out[app.Name] = append(out[app.Name], lost(s.view, app))
		}
	}

	return out, nil
}

// lost is the finding that an application of the base is not in a head.
func lost(base *look.View, app patch.Application) drift.Finding {
	f := drift.Finding{
		Check: "application-lost", Severity: severity.Warning, Application: app.Name, Name: app.Name,
		Message: "application " + app.Name + " is not found in this commit any more",
		Fix:     "Where it is meant to go, merge all the same; else see that its manifests can be read: bot scan --path . lists what cannot.",
	}

	for _, r := range base.Tree.References {
		if r.Application == app.Name {
			at := drift.Place{File: r.File, Line: r.Line}
			if f.File == "" {
				f.Place = at
			}

			f.Related = append(f.Related, at)
		}
	}

	return f
}

// unread are the places of a tree that name an image and cannot be read.
func unread(tree *patch.Tree) []drift.Finding {
	var out []drift.Finding

	for _, p := range tree.Problems {
		out = append(out, drift.Finding{
			Check: "unreadable", Severity: severity.Error, Place: drift.Place{File: p.File, Line: p.Line},
			Message: p.Message, Fix: "Until it can be read no change is made that would touch it.",
		})
	}

	return out
}

func (b *Bot) judgeView(ctx context.Context, v *look.View) (judgement, error) {
	repository, err := drift.Read(ctx, v.FS, v.Tree)
	if err != nil {
		return nil, fmt.Errorf("reading the tree for drift: %w", err)
	}

	out := judgement{"": unread(v.Tree)}

	for _, app := range v.Tree.Applications {
		if out[app.Name], err = b.judgeOne(ctx, v, repository, app); err != nil {
			return nil, fmt.Errorf("looking for drift in application %s: %w", app.Name, err)
		}
	}

	return out, nil
}

func (b *Bot) judgeOne(ctx context.Context, v *look.View, repository *drift.Repository, app patch.Application) ([]drift.Finding, error) {
	policy := v.PolicyOf(app)

	in, _, err := repository.Prepare(ctx, app, drift.Options{
		Policy: policy, Now: b.Now(), Newest: drift.NewestEmbedded,
		Facts: func(ctx context.Context, release version.Version) (*facts.Facts, error) {
			return b.facts(ctx, policy.Source, release), nil
		},
	})
	if err != nil {
		return nil, err
	}

	found, _ := drift.Run(in, inner())

	return found, nil
}
