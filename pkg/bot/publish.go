package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/repo"
)

// found is what was on the branch.
type found struct {
	// foreign names a person's commit; then nothing was written.
	foreign string
	// right tells that the branch carries the change.
	right bool
}

// publish makes the branch carry the change as one commit on the base. It
// leaves a branch in peace that already does, and one that a person committed to.
func (b *Bot) publish(ctx context.Context, s *site, track string, c *Change, before *gh.PullRequest) (found, error) {
	branch := gh.Branch(c.Application.Name, track)

	heads, err := b.heads(ctx, s)
	if err != nil {
		return found{}, err
	}

	head := heads[branch]
	if head != "" {
		if f, err := b.judge(ctx, s, branch, head, c, before); err != nil || f.right || f.foreign != "" {
			return f, err
		}
	}

	return found{}, b.push(ctx, s, branch, head, c)
}

// judge looks at what is on a branch.
func (b *Bot) judge(ctx context.Context, s *site, branch, head string, c *Change, before *gh.PullRequest) (found, error) {
	key, state := s.name+" "+branch, carried{head, s.base.Hash(), c.digest() + notesHash(c)}
	if known, ok := get(b.kept, b.kept.branches, key); ok && known == state && !s.rebase[branch] {
		return found{right: true}, nil
	}

	entries, err := s.git.Ahead(ctx, branch, s.base)
	if err != nil {
		return found{}, fmt.Errorf("reading the commits of %s: %w", branch, err)
	}

	f := found{right: b.carries(s, entries, c, before) && (!s.rebase[branch] || s.under(entries))}
	if !s.takeOver {
		f.foreign = b.foreign(entries)
	} else if b.foreign(entries) != "" {
		f.right = false
	}

	if f.right && f.foreign == "" {
		put(b.kept, b.kept.branches, key, state)
	}

	return f, nil
}

func (b *Bot) push(ctx context.Context, s *site, branch, head string, c *Change) error {
	return b.commit(ctx, s, branch, head, c.Edited(), b.message(s, c))
}

// carries tells whether the branch may stay as it is: the bot's own commit on
// it makes the same of the same content, so it still applies to the base. One
// on an older base is made anew all the same where the notes have changed, or
// where the policy asks for it.
func (b *Bot) carries(s *site, entries []repo.LogEntry, c *Change, before *gh.PullRequest) bool {
	for _, e := range entries {
		if !b.wrote(e) || len(e.Parents) != 1 {
			continue
		}

		if !strings.Contains(e.Message, "\n"+contentTrailer+c.digest()+"\n") {
			return false
		}

		always := s.view.PolicyOf(c.Application).PullRequest.Rebase == config.RebaseAlways
		news := before != nil && before.Marker.Hash != notesHash(c)

		return s.under(entries) || !always && !news
	}

	return false
}

// under tells whether the base is what the commits of a branch stand on.
func (s *site) under(entries []repo.LogEntry) bool {
	return slices.ContainsFunc(entries, func(e repo.LogEntry) bool { return slices.Contains(e.Parents, s.base.Hash()) })
}

// contentTrailer is the line of a commit message that says what the commit
// makes of the files it touches.
const contentTrailer = "Content: "

// message is the commit's. Its time is the base's, so that the same change on
// the same base is the same commit.
func (b *Bot) message(s *site, c *Change) repo.Message {
	var text strings.Builder

	fmt.Fprintf(&text, "%s\n\n", s.title(c))

	for _, f := range c.Files {
		fmt.Fprintf(&text, "%s: %d\n", f.Path, len(f.Edits))
	}

	fmt.Fprintf(&text, "\nRelease: %s\nApplication: %s\n%s%s\n", c.To, c.Application.Name, contentTrailer, c.digest())

	style := s.view.PolicyOf(c.Application).Commit
	for _, trailer := range style.Trailers {
		fmt.Fprintln(&text, trailer)
	}

	if style.SignOff {
		fmt.Fprintf(&text, "Signed-off-by: %s <%s>\n", b.Author.Name, b.Author.Email)
	}

	return repo.Message{Text: text.String(), Time: s.base.Entry().Committer.When}
}

// title names a change for the commit and the pull request, which a squash
// makes the commit's.
func (s *site) title(c *Change) string {
	text := fmt.Sprintf("%s: %s → %s", c.Application.Name, strings.Join(c.From(), ", "), c.To)
	if c.Security {
		text = "[security] " + text
	}

	if prefix := s.view.PolicyOf(c.Application).Commit.Prefix; prefix != "" {
		text = strings.TrimRight(prefix, " ") + " " + text
	}

	return text
}

// marker is what the pull request says to later passes.
func marker(p Proposed) gh.Marker {
	return gh.Marker{
		Version:     1,
		Application: p.Change.Application.Name,
		Track:       p.Track,
		From:        strings.Join(p.Change.From(), ","),
		To:          p.Change.To.String(),
		Hash:        notesHash(p.Change),
	}
}

// notesHash tells one state of the notes from another.
func notesHash(c *Change) string {
	sum := sha256.Sum256([]byte(c.Notes.Markdown(gh.Inert)))

	return hex.EncodeToString(sum[:8])
}

func short(hash string) string { return hash[:min(len(hash), 10)] }
