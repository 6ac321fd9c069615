package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/repo"
)

// gitHubItself is the committer of what GitHub's own buttons make.
const gitHubItself = "noreply@github.com"

// foreign names the first commit of a person on a branch. Merging the base in
// with GitHub's button is not one.
func (b *Bot) foreign(entries []repo.LogEntry) string {
	for _, e := range slices.Backward(entries) {
		if b.wrote(e) || len(e.Parents) > 1 && e.Committer.Email == gitHubItself {
			continue
		}

		if e.Author.Email == b.Author.Email {
			return fmt.Sprintf("%s amended by %s", short(e.Hash), e.Committer.Name)
		}

		return fmt.Sprintf("%s by %s", short(e.Hash), e.Author.Name)
	}

	return ""
}

// wrote tells whether a commit is the program's, and still as it made it: one
// that a person amended keeps its author and has another committer.
func (b *Bot) wrote(e repo.LogEntry) bool {
	return e.Author.Email == b.Author.Email && (e.Committer.Email == b.Author.Email || e.Committer.Email == gitHubItself)
}

// foreignOn is foreign for a branch by name; "" where there is no such branch.
func (b *Bot) foreignOn(ctx context.Context, s *site, branch string) (string, error) {
	heads, err := b.heads(ctx, s)
	if err != nil || heads[branch] == "" {
		return "", err
	}

	entries, err := s.git.Ahead(ctx, branch, s.base)
	if err != nil {
		return "", fmt.Errorf("reading the commits of %s: %w", branch, err)
	}

	return b.foreign(entries), nil
}

// leave keeps the hands off a branch that a person committed to. It says so
// once for each such commit, and the description shows what would have been.
func (b *Bot) leave(ctx context.Context, s *site, p Proposed, before *gh.PullRequest, why string, carries bool) (Proposed, error) {
	p.Action, p.Why = Left, why
	if before == nil {
		return p, nil
	}

	p.PullRequest = *before
	hash, _, _ := strings.Cut(why, " ")

	text := fmt.Sprintf("The branch has commit %s, so from now on it is left as it is: "+
		"the description shows what would be done to it. "+
		"`bot bump VERSION --take-over` writes the branch anew, without that commit.", gh.Inert(why))
	if _, err := b.GitHub.Comment(ctx, s.name, before.Number, text, "left/"+hash); err != nil {
		return p, fmt.Errorf("commenting on pull request %d: %w", before.Number, err)
	}

	marker := before.Marker
	if before.State == "open" {
		marker.Retired = "" // a person opened it again: closed from now on, it is closed by a person
	}

	want := gh.Want{
		Head: before.Head.Ref, Base: before.Base.Ref, Title: before.Title, Marker: marker,
		Body: withAside(before.Body, aside(p, carries)),
	}
	if want.Met(*before) {
		return p, nil
	}

	pr, _, err := b.GitHub.Ensure(ctx, s.name, want)
	if err != nil {
		return p, fmt.Errorf("updating pull request %d: %w", before.Number, err)
	}

	p.PullRequest = pr

	return p, nil
}

const asideHeading = "## What would have been done"

// aside is the part of a description that shows the change which a person's
// commit keeps from the branch; "" when the branch carries the change.
func aside(p Proposed, carries bool) string {
	if carries {
		return ""
	}

	var b strings.Builder

	fmt.Fprintf(&b, "%s\n\nThe branch has commit %s and is left as it is. Without it, the branch would go to %s on the present base:\n\n",
		asideHeading, gh.Inert(p.Why), p.Change.To)
	edits(&b, p.Change)

	return b.String()
}

// withAside is a description with its aside replaced and without its marker.
// Whatever else a person wrote into it stays.
func withAside(body, aside string) string {
	body = strings.ReplaceAll(body, "\r\n", "\n")

	if i := strings.LastIndex(body, "\n"+asideHeading); i >= 0 {
		body = body[:i]
	} else if marker, ok := gh.ParseMarker(body); ok {
		body = strings.Replace(body, marker.String(), "", 1)
	}

	text, _ := gh.Fit(strings.TrimRight(body, "\n")+"\n\n"+aside, "", 0)

	return strings.TrimRight(text, "\n")
}
