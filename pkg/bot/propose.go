package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/repo"
)

// Left is the action on a pull request whose branch a person committed to: the
// bot stops writing to it.
const Left gh.Action = "left"

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
}

// site is one repository during one pass.
type site struct {
	name   string
	info   gh.Repository
	branch string
	git    Git
	base   *repo.Commit
	view   *View
}

// lostRaces bounds how often a proposal starts over because somebody else
// pushed to its branch meanwhile.
const lostRaces = 3

// propose brings the branch and the pull request of a track in line with a
// change. Each step is safe to repeat.
func (b *Bot) propose(ctx context.Context, s *site, track string, c *Change, before *gh.PullRequest) (Proposed, error) {
	p := Proposed{Track: track, Change: c}

	var lost *repo.LeaseError

	for range lostRaces {
		foreign, err := b.publish(ctx, s, track, c)
		if errors.As(err, &lost) {
			continue
		}

		if err != nil {
			return p, err
		}

		if foreign != "" {
			return b.leave(p, before, foreign), nil
		}

		return b.open(ctx, s, p, before)
	}

	return p, fmt.Errorf("branch %s moved %d times while it was written: %w", gh.Branch(c.Application.Name, track), lostRaces, lost)
}

func (b *Bot) leave(p Proposed, before *gh.PullRequest, why string) Proposed {
	p.Action, p.Why = Left, why
	if before != nil {
		p.PullRequest = *before
	}

	return p
}

// publish makes the branch carry the change as one commit on the base. It
// leaves a branch alone that already does, and one that a person committed to:
// then foreign says whose commit it is.
func (b *Bot) publish(ctx context.Context, s *site, track string, c *Change) (foreign string, err error) {
	branch := gh.Branch(c.Application.Name, track)

	heads, err := s.git.Heads(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the branches of %s: %w", s.name, err)
	}

	head := heads[branch]
	if head != "" {
		entries, err := s.git.Ahead(ctx, branch, s.base)
		if err != nil {
			return "", fmt.Errorf("reading the commits of %s: %w", branch, err)
		}

		if foreign := b.foreign(entries); foreign != "" {
			return foreign, nil
		}

		if b.carries(entries, c) {
			return "", nil
		}
	}

	b.Progress("pushing %s", branch)

	commit, err := s.git.Commit(ctx, s.base, c.Edited(), message(s, c))
	if err != nil {
		return "", fmt.Errorf("committing to %s: %w", branch, err)
	}

	if commit.Hash() == head {
		return "", nil
	}

	if err := s.git.Push(ctx, commit, branch, head); err != nil {
		return "", fmt.Errorf("pushing %s: %w", branch, err)
	}

	return "", nil
}

// foreign names the first commit of a person on the branch. Merging the base
// in with GitHub's button is not one.
func (b *Bot) foreign(entries []repo.LogEntry) string {
	for _, e := range entries {
		if e.Author.Email == b.Author.Email || len(e.Parents) > 1 && e.Committer.Email == "noreply@github.com" {
			continue
		}

		return fmt.Sprintf("%s by %s", short(e.Hash), e.Author.Name)
	}

	return ""
}

func short(hash string) string { return hash[:min(len(hash), 10)] }

// carries tells whether the bot's own commit on the branch leaves every file of
// the change as the change wants it, and touches no other: then the branch is
// left in peace, even when the base has moved on elsewhere.
func (b *Bot) carries(entries []repo.LogEntry, c *Change) bool {
	for _, e := range entries {
		if e.Author.Email == b.Author.Email {
			return strings.Contains(e.Message, "\n"+contentTrailer+c.digest()+"\n")
		}
	}

	return false
}

// contentTrailer is the line of a commit message that says what the commit
// leaves in the files it touches.
const contentTrailer = "Content: "

// message is the commit's. Its time is the base's, so that the same change on
// the same base is the same commit.
func message(s *site, c *Change) repo.Message {
	var body strings.Builder

	fmt.Fprintf(&body, "%s\n\n", title(c))

	for _, f := range c.Files {
		fmt.Fprintf(&body, "%s: %d\n", f.Path, len(f.Edits))
	}

	fmt.Fprintf(&body, "\nRelease: %s\nApplication: %s\n%s%s\n", c.To, c.Application.Name, contentTrailer, c.digest())

	return repo.Message{Text: body.String(), Time: s.base.Entry().Committer.When}
}

// title names a change for the commit and the pull request.
func title(c *Change) string {
	text := fmt.Sprintf("%s: %s → %s", c.Application.Name, strings.Join(c.From(), ", "), c.To)
	if c.Security {
		return "[security] " + text
	}

	return text
}

// open makes the pull request say what the branch does.
func (b *Bot) open(ctx context.Context, s *site, p Proposed, before *gh.PullRequest) (Proposed, error) {
	b.Progress("pull request for %s", p.Change.To)

	text, rest := gh.Fit(body(s, p), "The rest is in the first comment.", 0)

	pr, action, err := b.GitHub.Ensure(ctx, s.name, b.want(s, p, text))
	if err != nil {
		return p, fmt.Errorf("opening the pull request for %s: %w", p.Change.To, err)
	}

	for part := 1; rest != ""; part++ {
		text, rest = gh.Fit(rest, "", 0)

		key := fmt.Sprintf("notes/%s/%d", p.Change.To, part)
		if _, err := b.GitHub.Comment(ctx, s.name, pr.Number, text, key); err != nil {
			return p, fmt.Errorf("commenting on pull request %d: %w", pr.Number, err)
		}
	}

	p.PullRequest, p.Action = pr, action
	if before != nil && before.Marker.To != p.Change.To.String() {
		p.Was = before.Marker.To
	}

	return p, nil
}

func (b *Bot) want(s *site, p Proposed, text string) gh.Want {
	policy := s.view.PolicyOf(p.Change.Application).PullRequest
	labels := policy.Labels

	if p.Change.Security {
		labels = append(labels[:len(labels):len(labels)], "security")
	}

	return gh.Want{
		Head:      gh.Branch(p.Change.Application.Name, p.Track),
		Base:      s.branch,
		Title:     title(p.Change),
		Body:      text,
		Labels:    labels,
		Reviewers: policy.Reviewers,
		Assignees: policy.Assignees,
		Draft:     policy.Draft,
		Marker: gh.Marker{
			Version:     1,
			Application: p.Change.Application.Name,
			Track:       p.Track,
			From:        strings.Join(p.Change.From(), ","),
			To:          p.Change.To.String(),
		},
	}
}
