package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/version"
)

// tidy closes the pull requests that have nothing left to propose, and deletes
// the branches that nothing needs any more.
func (b *Bot) tidy(ctx context.Context, s *site, app patch.Application, out *ApplicationResult, prs []gh.PullRequest) error {
	for i := range prs {
		pr := &prs[i]

		covered := slices.ContainsFunc(out.Proposed, func(p Proposed) bool { return p.Track == pr.Marker.Track })
		if pr.State != "open" || covered {
			continue
		}

		why := obsolete(s, app, out.Outlook, *pr, prs)
		if why == "" {
			why = moved(*pr, out.Proposed)
		}

		if why != "" {
			if err := b.retire(ctx, s, pr, why); err != nil {
				return err
			}
		}

		if why != "" && pr.State == "closed" { // not where a person's commit keeps it open
			out.Closed = append(out.Closed, *pr)
		}
	}

	for _, track := range config.Tracks() {
		if err := b.sweep(ctx, s, app, track, prs); err != nil {
			return err
		}
	}

	return nil
}

// moved is why a pull request ends whose release is proposed on another track by
// now: somebody moved the branch to another line. "" where none proposes it.
func moved(pr gh.PullRequest, proposed []Proposed) string {
	i := slices.IndexFunc(proposed, func(p Proposed) bool { return p.Change.To.String() == pr.Marker.To })
	if i < 0 {
		return ""
	}

	switch now := proposed[i]; {
	case now.PullRequest.Number > 0 && now.PullRequest.State == "open":
		return fmt.Sprintf("#%d proposes %s too, which is a %s by now", now.PullRequest.Number, pr.Marker.To, now.Track)
	case now.Action == Left:
		return fmt.Sprintf("%s is a %s by now, and branch `%s` is left as it is: it has commit %s",
			pr.Marker.To, now.Track, gh.Branch(pr.Marker.Application, now.Track), gh.Inert(now.Why))
	}

	return "" // merged just now, which the next pass sees
}

// over are the rules after which an open pull request has no future. The
// others only hold back for a while: what is open stays.
var over = []plan.Rule{
	plan.Channel, plan.OneLine, plan.TrackOff, plan.NotAllowed, plan.Ignored, plan.Incomplete, plan.Contradiction,
}

// obsolete is why a pull request that no proposal stands behind is closed; ""
// when it stays.
func obsolete(s *site, app patch.Application, o *Outlook, pr gh.PullRequest, prs []gh.PullRequest) string {
	to := version.Parse(pr.Marker.To)

	switch {
	case app.Mixed || o.Decision.Blocked != "" || isDowngrade(pr):
		return ""
	case !newer(to, app.On):
		why := fmt.Sprintf("branch `%s` is on %s already, so there is nothing left to propose here", s.branch, tags(app.On))
		if by := bringer(prs, app.On); by != nil {
			why += fmt.Sprintf("; #%d brought it there", by.Number)
		}

		return why
	case !slices.ContainsFunc(o.Listed, to.Equal):
		return fmt.Sprintf("the registry has no image of %s any more", to)
	}

	for _, h := range o.Decision.Held {
		if h.Version.Equal(to) && slices.Contains(over, h.Rule) {
			return fmt.Sprintf("%s is no longer proposed: %s", to, gh.Inert(h.Reason))
		}
	}

	return ""
}

// isDowngrade tells that a person asked for an older release than was in use:
// no newer release takes its place while it is open.
func isDowngrade(pr gh.PullRequest) bool {
	for from := range strings.SplitSeq(pr.Marker.From, ",") {
		if order, ok := version.Compare(version.Parse(pr.Marker.To), version.Parse(from)); ok && order < 0 {
			return true
		}
	}

	return false
}

// retire says why, closes, and deletes the branch, in an order that the next
// pass can take up anywhere. A branch with a person's commits stays, and so
// does its pull request.
func (b *Bot) retire(ctx context.Context, s *site, pr *gh.PullRequest, why string) error {
	foreign, err := b.foreignOn(ctx, s, pr.Head.Ref)
	if err != nil {
		return err
	}

	text := "Closed: " + why + "."
	if foreign != "" {
		text = strings.ToUpper(why[:1]) + why[1:] + ". It stays open because of commit " + foreign + "."
	}

	if _, err := b.GitHub.Comment(ctx, s.name, pr.Number, text, "retired/"+pr.Marker.To+"/"+short(pr.Head.SHA)); err != nil {
		return fmt.Errorf("commenting on pull request %d: %w", pr.Number, err)
	}

	if foreign != "" {
		return nil
	}

	if err := b.GitHub.Retire(ctx, s.name, *pr, why); err != nil {
		return fmt.Errorf("closing pull request %d: %w", pr.Number, err)
	}

	pr.State, pr.Marker.Retired = "closed", why

	return b.drop(ctx, s, pr.Head.Ref, pr.Head.SHA)
}

// sweep deletes the branch of a track that was left behind: its pull request
// is merged or was closed by the program, or there never was one. The branch
// of one that a person closed stays, so that it can be opened again.
func (b *Bot) sweep(ctx context.Context, s *site, app patch.Application, track string, prs []gh.PullRequest) error {
	branch := gh.Branch(app.Name, track)

	heads, err := b.heads(ctx, s)
	if err != nil || heads[branch] == "" || openOn(prs, track) != nil || s.opened[branch] {
		return err
	}

	left := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Head.Ref == branch && pr.Head.SHA == heads[branch] })

	switch {
	case left >= 0 && prs[left].Merged:
	case left >= 0 && prs[left].Marker.Retired == "":
		return nil
	default: // killed between the push and the pull request, closed by the program, or somebody's own
		if foreign, err := b.foreignOn(ctx, s, branch); err != nil || foreign != "" {
			return err
		}
	}

	return b.drop(ctx, s, branch, heads[branch])
}

func (b *Bot) drop(ctx context.Context, s *site, branch, at string) error {
	if err := s.git.DeleteBranch(ctx, branch, at); err != nil {
		return fmt.Errorf("deleting branch %s: %w", branch, err)
	}

	delete(s.branches, branch)

	return nil
}

// heads are the branches of the repository, read once a pass and again after
// somebody else moved one.
func (b *Bot) heads(ctx context.Context, s *site) (map[string]string, error) {
	if s.branches != nil {
		return s.branches, nil
	}

	heads, err := s.git.Heads(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the branches of %s: %w", s.name, err)
	}

	s.branches = heads

	return heads, nil
}

func tags(on []version.Version) string { return strings.Join(tagsOf(on), ", ") }

func tagsOf(on []version.Version) []string {
	var names []string
	for _, v := range on {
		names = append(names, v.Tag())
	}

	return names
}
