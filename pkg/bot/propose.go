package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
)

// What became of a change, beside what Ensure can have done.
const (
	// Left: a person committed to the branch, and the bot stops writing to it.
	Left gh.Action = "left"
	// Merged: the policy let the bot merge it.
	Merged gh.Action = "merged"
)

// Proposed is what became of one change.
type Proposed struct {
	Track  string
	Change *Change
	// PullRequest is zero on a dry run.
	PullRequest gh.PullRequest
	Action      gh.Action
	// Was is the release that the pull request proposed before, if another.
	Was string
	// Why is the reason where the action is Left.
	Why string
	// Waits is why the policy does not merge it yet; "" where the policy merges
	// nothing.
	Waits string
}

// site is one repository during one pass.
type site struct {
	name   string
	info   gh.Repository
	branch string
	git    Git
	base   *repo.Commit
	view   *look.View
	// takeOver writes branches anew that people committed to.
	takeOver bool

	branches map[string]string           // every head; nil: not read yet
	pulls    map[string][]gh.PullRequest // by application
	opened   map[string]bool             // branches that this pass opened a pull request from
	rebase   map[string]bool             // branches that a person wants on the present base

	recent  []gh.Issue // what changed last; nil: not looked at
	glimpse string     // of recent, the same while it is; "": not looked at
	talked  *talked    // nil: not read yet
	board   *gh.Issue  // the dashboard; nil: there is none, or it is not known yet
}

// lostRaces bounds how often a proposal starts over because somebody else
// pushed to its branch meanwhile.
const lostRaces = 3

// mostParts bounds the comments that hold what a description has no room for:
// what upstream writes is not to fill a pull request with.
const mostParts = 4

func (b *Bot) proposeAll(ctx context.Context, s *site, app patch.Application, o *Outlook, prs []gh.PullRequest) ([]Proposed, error) {
	var out []Proposed

	for _, proposal := range o.Decision.Proposals {
		before := openOn(prs, proposal.Track)
		if before != nil && isDowngrade(*before) {
			continue
		}

		c, err := planned(s.view, app, target(o.Policy, app.Family.TagSuffix, proposal.To, o.Releases[proposal.To.String()], nil))
		if err != nil {
			return out, err
		}

		if len(c.Files) == 0 {
			continue
		}

		c.Security = proposal.Security
		b.annotate(ctx, s.view, c, o)

		p, err := b.propose(ctx, s, proposal.Track, c, before)
		if err != nil {
			return out, err
		}

		out = append(out, p)
	}

	return out, nil
}

// propose brings the branch and the pull request of a track in line with a
// change. Each step is safe to repeat.
func (b *Bot) propose(ctx context.Context, s *site, track string, c *Change, before *gh.PullRequest) (Proposed, error) {
	p := Proposed{Track: track, Change: c}

	var lost *repo.LeaseError

	for range lostRaces {
		found, err := b.publish(ctx, s, track, c, before)
		if errors.As(err, &lost) {
			s.branches = nil

			continue
		}

		if err != nil {
			return p, err
		}

		if found.foreign != "" {
			return b.leave(ctx, s, p, before, found.foreign, found.right)
		}

		return b.open(ctx, s, p, before)
	}

	return p, fmt.Errorf("branch %s moved %d times while it was written: %w", gh.Branch(c.Application.Name, track), lostRaces, lost)
}

// open makes the pull request say what the branch does.
func (b *Bot) open(ctx context.Context, s *site, p Proposed, before *gh.PullRequest) (Proposed, error) {
	text, rest := gh.Fit(body(s, p), "The rest is in the first comment.", 0)

	want := b.want(s, p, text)
	s.opened[want.Head] = true

	if before != nil && b.settled(s, want, *before) {
		p.PullRequest, p.Action = *before, gh.Unchanged

		return p, nil
	}

	b.Progress("pull request for %s", p.Change.To)

	pr, action, err := b.GitHub.Ensure(ctx, s.name, want)
	if err != nil {
		return p, fmt.Errorf("opening the pull request for %s: %w", p.Change.To, err)
	}

	for part := 1; rest != "" && part <= mostParts; part++ {
		more := ""
		if part == mostParts {
			more = "The rest is left out: it is more than anybody reads."
		}

		text, rest = gh.Fit(rest, more, 0)

		key := fmt.Sprintf("notes/%s/%d", p.Change.To, part)
		if _, err := b.GitHub.Comment(ctx, s.name, pr.Number, text, key); err != nil {
			return p, fmt.Errorf("commenting on pull request %d: %w", pr.Number, err)
		}
	}

	p.PullRequest, p.Action = pr, action
	if before != nil && before.Marker.To != p.Change.To.String() {
		p.Was = before.Marker.To
	}

	if action == gh.Unchanged {
		put(b.kept, b.kept.asked, askedKey(s, want), pr.UpdatedAt)
	}

	return p, nil
}

// settled tells that a pull request needs no Ensure: it is as wanted, or lacks
// only what was asked for before and is as it was then.
func (b *Bot) settled(s *site, want gh.Want, pr gh.PullRequest) bool {
	if want.Met(pr) {
		return true
	}

	without := want
	without.Labels, without.Reviewers, without.Assignees = nil, nil, nil

	at, known := get(b.kept, b.kept.asked, askedKey(s, want))

	return known && at.Equal(pr.UpdatedAt) && without.Met(pr)
}

func askedKey(s *site, w gh.Want) string {
	return fmt.Sprint(s.name, " ", w.Head, " ", w.Labels, w.Reviewers, w.Assignees)
}

func (b *Bot) want(s *site, p Proposed, text string) gh.Want {
	policy := s.view.PolicyOf(p.Change.Application).PullRequest
	labels := policy.Labels

	if p.Change.Security {
		labels = append(slices.Clip(labels), "security")
	}

	return gh.Want{
		Head:      gh.Branch(p.Change.Application.Name, p.Track),
		Base:      s.branch,
		Title:     s.title(p.Change),
		Body:      text,
		Labels:    labels,
		Reviewers: policy.Reviewers,
		Assignees: policy.Assignees,
		Draft:     policy.Draft,
		Marker:    marker(p),
	}
}
