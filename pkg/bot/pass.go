package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/rollout"
)

// Result is what one pass over a repository came to.
type Result struct {
	Repository string
	// URL is the repository's page; Commit is the head of Branch, its base.
	URL, Branch, Commit string
	Applications        []ApplicationResult
	// Notified lists the messages that were sent.
	Notified []string
	// Problems lists the references that could not be read; they fail only
	// the changes that depend on them.
	Problems []patch.Problem
	// References are all that the base branch says.
	References []patch.Reference
}

// ApplicationResult is what one pass did for one application.
type ApplicationResult struct {
	Name     string
	Outlook  *Outlook
	Proposed []Proposed
	// Open are the pull requests that are open after the pass, Closed those that
	// it closed, since they have nothing left to propose.
	Open, Closed []gh.PullRequest
	// Incomplete tells since when releases are known to lack something.
	Incomplete map[string]time.Time
	// Findings are what drift found in the base branch, and Judged when; zero: it
	// was not looked for.
	Findings []drift.Finding
	Judged   time.Time
	// Due is what an upgrade of this application still asks for; nil: nothing.
	Due *Due
	// Rollout is the one that is followed, or has ended in this pass; nil: none.
	Rollout *rollout.Rollout
	// Dark is why the cluster or the database could not be read; nil: they were,
	// or nobody asked.
	Dark error
	// Err is why this application could not be served; the others were.
	Err error

	news []notify.Event
}

// Run is one pass over one repository: watch, plan, propose, tell.
func (b *Bot) Run(ctx context.Context, r config.Repository) (*Result, error) {
	b = b.begin()

	s, err := b.visit(ctx, r)
	if err != nil {
		b.tellFailure(ctx, r.Name, err)

		return nil, err
	}
	defer s.rest()

	result := &Result{
		Repository: r.Name, URL: s.info.HTMLURL, Branch: s.branch, Commit: s.base.Hash(),
		Problems: s.view.Tree.Problems, References: s.view.Tree.References,
	}

	apps, err := s.view.Select("", true)
	if err != nil {
		return result, err
	}

	spoken := b.attend(ctx, s)

	for _, app := range apps {
		result.Applications = append(result.Applications, b.serve(ctx, s, app, result))
	}

	return result, errors.Join(failures(result), spoken, b.farewell(ctx, s), b.speak(ctx, s, result))
}

func failures(r *Result) error {
	var errs []error

	for _, a := range r.Applications {
		if a.Err != nil {
			errs = append(errs, fmt.Errorf("application %s of %s: %w", a.Name, r.Repository, a.Err))
		}
	}

	return errors.Join(errs...)
}

// visit reads a repository at the head of its base branch.
func (b *Bot) visit(ctx context.Context, r config.Repository) (*site, error) {
	b.Progress("reading %s", r.Name)

	if err := b.identify(ctx); err != nil {
		return nil, err
	}

	info, err := b.GitHub.Repository(ctx, r.Name)
	if err != nil {
		return nil, err
	}

	if info.Archived {
		return nil, fmt.Errorf("%s is archived: nothing can be proposed there", r.Name)
	}

	// GitHub answers to a repository's former names too, but does not find its
	// pull requests by them.
	s := &site{
		name: info.FullName, info: info, branch: r.Branch,
		pulls: map[string][]gh.PullRequest{}, opened: map[string]bool{}, rebase: map[string]bool{},
	}
	if s.branch == "" {
		s.branch = info.DefaultBranch
	}

	if s.git, err = b.git(ctx, info); err != nil {
		return nil, fmt.Errorf("opening %s: %w", r.Name, err)
	}

	return s, b.read(ctx, s)
}

// read fetches the base branch and looks at its tree, unless it is the one
// that was looked at last.
func (b *Bot) read(ctx context.Context, s *site) (err error) {
	b.Progress("fetching %s of %s", s.branch, s.name)

	if s.base, err = s.git.Fetch(ctx, s.branch); err != nil {
		if missing, ok := errors.AsType[*repo.BranchError](err); ok && s.branch != s.info.DefaultBranch {
			return fmt.Errorf("%w; the repository's default branch is %s: has %s been renamed?", missing, s.info.DefaultBranch, s.branch)
		}

		return fmt.Errorf("fetching %s of %s: %w", s.branch, s.name, err)
	}

	key := s.name + " " + s.branch
	if known, ok := b.kept.views.Get(key, s.base.Hash(), s.base.FS()); ok {
		s.view = known

		return nil
	}

	if s.view, err = look.Again(ctx, s.base.FS(), &b.kept.scans); err != nil {
		return fmt.Errorf("%s at %s: %w", s.name, short(s.base.Hash()), err)
	}

	b.kept.views.Put(key, s.base.Hash(), s.view)

	return nil
}

// serve does everything for one application. Its error stays its own.
func (b *Bot) serve(ctx context.Context, s *site, app patch.Application, result *Result) ApplicationResult {
	out := ApplicationResult{Name: app.Name}

	m, prs, err := b.remember(ctx, s, app)
	if err != nil {
		out.Err = err

		return out
	}

	out.Outlook, err = b.outlook(ctx, s.view, app, m)
	b.embark(ctx, s, app, m, &out, prs)
	in := b.examine(ctx, s, app, m, &out)

	if err == nil {
		out.Outlook.known = m.known
		out.Proposed, err = b.proposeAll(ctx, s, app, out.Outlook, prs)
	}

	if err == nil {
		err = b.mergeAll(ctx, s, m, &out, prs)
	}

	if err == nil {
		err = b.tidy(ctx, s, app, &out, prs)
	}

	out.Err = err
	out.Open = stillOpen(prs, out.Proposed)
	out.Due = b.due(ctx, s, app, m, in, prs)
	b.watch(ctx, s, app, m, &out, in, prs)
	b.turned(s.name, app.Name)

	result.Notified = append(result.Notified, b.tell(ctx, s, m, &out, prs)...)

	if err := b.save(ctx, s, app.Name, m); err != nil {
		out.Err = errors.Join(out.Err, err)
	}

	return out
}
