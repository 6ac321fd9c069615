package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/command"
	"github.com/goingdark-social/bot/pkg/gh"
)

// lookBack is how far back comments are read. The day is what GitHub is asked
// with, so that the answer of one that changed nothing is remembered.
const lookBack = 7 * 24 * time.Hour

// hear answers the commands in comments that were not answered yet, the oldest
// first.
func (b *Bot) hear(ctx context.Context, s *site) error {
	if !b.Talk.Comments || s.glimpse == "" {
		return nil
	}

	said, err := b.GitHub.Said(ctx, s.name, b.Now().UTC().Add(-lookBack).Truncate(24*time.Hour))
	if err != nil {
		return fmt.Errorf("reading the comments of %s: %w", s.name, err)
	}

	for _, c := range said {
		key := s.name + " " + strconv.FormatInt(c.ID, 10)
		if _, known := get(b.kept, b.kept.heard, key); known || c.Ours {
			continue
		}

		commands := command.Parse(c.Body)
		if len(commands) == 0 {
			continue // and may hold one after an edit
		}

		done, err := b.answer(ctx, s, c, commands)
		if err != nil {
			return fmt.Errorf("answering a command on #%d: %w", c.Number, err)
		}

		if done {
			put(b.kept, b.kept.heard, key, struct{}{})
		}
	}

	return nil
}

// answer does what a comment asks for, once. Done tells that it need not be
// looked at again.
func (b *Bot) answer(ctx context.Context, s *site, c gh.Said, commands []command.Command) (done bool, err error) {
	t, err := b.talked(ctx, s)
	if err != nil {
		return false, err
	}

	if _, heard := t.Heard[c.ID]; heard {
		return true, nil
	}

	at, err := b.spot(ctx, s, c.Number)
	if err != nil || at == nil {
		return err == nil, err // said elsewhere: it is none of ours
	}

	may, err := b.GitHub.MayWrite(ctx, s.name, c.Author)
	if err != nil {
		return false, err
	}

	if !may {
		_, err := b.GitHub.React(ctx, s.name, c.ID, gh.Declined)

		return true, errors.Join(withdrawn(err), b.heard(ctx, s, c))
	}

	key := "command/" + strconv.FormatInt(c.ID, 10)

	free, err := b.take(ctx, s, c, commands, key)
	if err != nil || !free {
		return err == nil, err
	}

	if err := b.obeyAll(ctx, s, c, at, commands, key); err != nil {
		return false, err
	}

	return true, b.heard(ctx, s, c)
}

// take reacts to a comment. One that has the reaction already was answered too,
// or the process that took it ended before: what commands do can be done twice.
func (b *Bot) take(ctx context.Context, s *site, c gh.Said, commands []command.Command, key string) (free bool, err error) {
	reaction := gh.Taken
	if slices.ContainsFunc(commands, func(c command.Command) bool { return c.Problem != "" }) {
		reaction = gh.Puzzled
	}

	first, err := b.GitHub.React(ctx, s.name, c.ID, reaction)
	if err != nil || first {
		return first, withdrawn(err)
	}

	answered, err := b.GitHub.Answered(ctx, s.name, c.Number, key)
	if err != nil || !answered {
		return err == nil, err
	}

	return false, b.heard(ctx, s, c)
}

// withdrawn overlooks that a comment was deleted meanwhile.
func withdrawn(err error) error {
	if refused, ok := errors.AsType[*gh.Error](err); ok && refused.Status == http.StatusNotFound {
		return nil
	}

	return err
}

func (b *Bot) heard(ctx context.Context, s *site, c gh.Said) error {
	return b.note(ctx, s, func(t *talked) { t.Heard[c.ID] = b.Now().UTC() })
}

func (b *Bot) obeyAll(ctx context.Context, s *site, c gh.Said, at *spot, commands []command.Command, key string) error {
	var answers []string

	for _, asked := range commands {
		b.Log.InfoContext(ctx, "a command", "repository", s.name, "number", c.Number, "by", c.Author, "command", asked.String())

		answer, err := b.obey(ctx, s, at, asked)
		if err != nil {
			return err
		}

		answers = append(answers, answer)
	}

	text, _ := gh.Fit(strings.Join(answers, "\n\n"), "The rest does not fit into a comment.", 0)

	if _, err := b.GitHub.Comment(ctx, s.name, c.Number, text, key); err != nil {
		return err
	}

	// Another process may have heard it at the same time.
	return b.GitHub.Once(ctx, s.name, c.Number, key)
}

// spot is where something was said: a pull request of ours, or the dashboard.
type spot struct {
	application, track, to string // of the pull request; empty on the dashboard
}

// spot is nil where it is neither.
func (b *Bot) spot(ctx context.Context, s *site, number int) (*spot, error) {
	if s.board != nil && s.board.Number == number {
		return &spot{}, nil
	}

	for _, app := range s.view.Tree.Applications {
		prs, err := b.pullRequests(ctx, s, app.Name)
		if err != nil {
			return nil, err
		}

		if i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Number == number }); i >= 0 {
			return &spot{app.Name, prs[i].Marker.Track, prs[i].Marker.To}, nil
		}
	}

	return nil, nil //nolint:nilnil // it is none of ours, which is no error
}
