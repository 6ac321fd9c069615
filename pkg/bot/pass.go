package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/version"
)

// Result is what one pass over a repository came to.
type Result struct {
	Repository   string
	Applications []ApplicationResult
	// Notified lists the messages that were sent.
	Notified []string
	// Problems lists the references that could not be read; they fail only
	// the changes that depend on them.
	Problems []patch.Problem
}

// ApplicationResult is what one pass did for one application.
type ApplicationResult struct {
	Name     string
	Outlook  *Outlook
	Proposed []Proposed
	// Incomplete tells since when releases are known to lack something.
	Incomplete map[string]time.Time
	// Err is why this application could not be served; the others were.
	Err error
}

// Run is one pass over one repository: watch, plan, propose, tell.
func (b *Bot) Run(ctx context.Context, r config.Repository) (*Result, error) {
	s, err := b.visit(ctx, r)
	if err != nil {
		b.tellFailure(ctx, r.Name, err)

		return nil, err
	}

	result := &Result{Repository: r.Name, Problems: s.view.Tree.Problems}

	apps, err := s.view.Select("", true)
	if err != nil {
		return result, err
	}

	for _, app := range apps {
		result.Applications = append(result.Applications, b.serve(ctx, s, app, result))
	}

	return result, failures(result)
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

	info, err := b.GitHub.Repository(ctx, r.Name)
	if err != nil {
		return nil, err
	}

	if info.Archived {
		return nil, fmt.Errorf("%s is archived: nothing can be proposed there", r.Name)
	}

	// GitHub answers to a repository's former names too, but does not find its
	// pull requests by them.
	s := &site{name: info.FullName, info: info, branch: r.Branch}
	if s.branch == "" {
		s.branch = info.DefaultBranch
	}

	if s.git, err = b.Open(ctx, info); err != nil {
		return nil, fmt.Errorf("opening %s: %w", r.Name, err)
	}

	b.Progress("fetching %s of %s", s.branch, r.Name)

	if s.base, err = s.git.Fetch(ctx, s.branch); err != nil {
		return nil, fmt.Errorf("fetching %s of %s: %w", s.branch, r.Name, err)
	}

	if s.view, err = Look(ctx, s.base.FS()); err != nil {
		return nil, fmt.Errorf("%s at %s: %w", r.Name, short(s.base.Hash()), err)
	}

	return s, nil
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
	if err == nil {
		out.Proposed, err = b.proposeAll(ctx, s, app, out.Outlook, prs)
	}

	if err == nil {
		err = b.retire(ctx, s, app, out.Proposed, prs)
	}

	out.Err = err
	result.Notified = append(result.Notified, b.tell(ctx, s, m, &out, prs)...)

	if err := b.save(ctx, s, app.Name, m); err != nil {
		out.Err = errors.Join(out.Err, err)
	}

	return out
}

// remember gathers what earlier passes left behind, in state and on GitHub.
func (b *Bot) remember(ctx context.Context, s *site, app patch.Application) (*memory, []gh.PullRequest, error) {
	data, err := s.git.ReadState(ctx, statePath(app.Name))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the state of %s: %w", app.Name, err)
	}

	kept, err := parseState(app.Name, data)
	if err != nil {
		return nil, nil, err
	}

	m := &memory{state: kept}
	m.stands(app.On, b.Now())

	prs, err := b.pullRequests(ctx, s, app.Name)
	if err != nil {
		return nil, nil, err
	}

	m.declined = declined(prs)

	if after := s.view.PolicyOf(app).After; after != nil {
		m.before, err = b.standOf(ctx, s, after.Application)
	}

	return m, prs, err
}

// pullRequests are those of an application's tracks, open and closed.
func (b *Bot) pullRequests(ctx context.Context, s *site, application string) ([]gh.PullRequest, error) {
	var all []gh.PullRequest

	for _, track := range config.Tracks() {
		prs, err := b.GitHub.PullRequests(ctx, s.name, gh.Query{Application: application, Track: track})
		if err != nil {
			return nil, fmt.Errorf("reading the pull requests of %s: %w", s.name, err)
		}

		all = append(all, prs...)
	}

	return all, nil
}

// standOf is where another application of the repository stands.
func (b *Bot) standOf(ctx context.Context, s *site, application string) (*plan.Stand, error) {
	data, err := s.git.ReadState(ctx, statePath(application))
	if err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", application, err)
	}

	kept, err := parseState(application, data)
	if err != nil || kept.Since.IsZero() {
		return nil, err
	}

	return &plan.Stand{On: parseAll(kept.On), Since: kept.Since}, nil
}

// declined are the releases whose pull request was closed without a merge. A
// release that has another pull request open was asked for again.
func declined(prs []gh.PullRequest) []version.Version {
	var out []version.Version

	open := map[string]bool{}

	for _, pr := range prs {
		if pr.State == "open" {
			open[pr.Marker.To] = true
		}
	}

	for _, pr := range prs {
		if pr.State == "closed" && !pr.Merged && !open[pr.Marker.To] && pr.Marker.To != "" {
			out = append(out, version.Parse(pr.Marker.To))
		}
	}

	return out
}

func (b *Bot) proposeAll(ctx context.Context, s *site, app patch.Application, o *Outlook, prs []gh.PullRequest) ([]Proposed, error) {
	var out []Proposed

	for _, proposal := range o.Decision.Proposals {
		release := o.Releases[proposal.To.String()]

		c, err := s.view.change(app, target(o.Policy, proposal.To, release, nil))
		if err != nil {
			return out, err
		}

		if len(c.Files) == 0 {
			continue
		}

		c.Security = proposal.Security
		b.annotate(ctx, s.view, c, o)

		p, err := b.propose(ctx, s, proposal.Track, c, openOn(prs, proposal.Track))
		if err != nil {
			return out, err
		}

		out = append(out, p)
	}

	return out, nil
}

// openOn is the open pull request of a track, nil when there is none.
func openOn(prs []gh.PullRequest, track string) *gh.PullRequest {
	i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.State == "open" && pr.Marker.Track == track })
	if i < 0 {
		return nil
	}

	return &prs[i]
}

// retire closes the open pull requests whose release the base branch has
// reached or passed by another way.
func (b *Bot) retire(ctx context.Context, s *site, app patch.Application, proposed []Proposed, prs []gh.PullRequest) error {
	for _, pr := range prs {
		stays := slices.ContainsFunc(proposed, func(p Proposed) bool { return p.Track == pr.Marker.Track })
		if pr.State != "open" || stays || app.Mixed || newer(version.Parse(pr.Marker.To), app.On) {
			continue
		}

		text := fmt.Sprintf("Branch `%s` is on %s already, so there is nothing left to propose here.", s.branch, tags(app.On))
		if _, err := b.GitHub.Comment(ctx, s.name, pr.Number, text, "retired"); err != nil {
			return fmt.Errorf("commenting on pull request %d: %w", pr.Number, err)
		}

		if err := b.GitHub.Close(ctx, s.name, pr.Number); err != nil {
			return fmt.Errorf("closing pull request %d: %w", pr.Number, err)
		}

		if err := s.git.DeleteBranch(ctx, pr.Head.Ref, pr.Head.SHA); err != nil {
			return fmt.Errorf("deleting branch %s: %w", pr.Head.Ref, err)
		}
	}

	return nil
}

func tags(on []version.Version) string {
	var names []string
	for _, v := range on {
		names = append(names, v.Tag())
	}

	return strings.Join(names, ", ")
}
