package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/board"
	"github.com/goingdark-social/bot/pkg/command"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
)

// boardLabel is on the dashboard, by which it is found again where all else
// was lost.
const boardLabel = "bot-dashboard"

// findBoard finds the dashboard: among what changed last, else by what this
// process saw, by its number in the state, by its label.
func (b *Bot) findBoard(ctx context.Context, s *site) error {
	if !b.Talk.Dashboard && !b.Talk.Comments || s.glimpse == "" {
		return nil
	}

	if known, ok := get(b.kept, b.kept.boards, s.name); ok {
		s.board = &known
	}

	for _, i := range s.recent {
		mine, err := b.isBoard(ctx, s, i)
		if err != nil {
			return err
		}

		if mine {
			s.board = &i
		}
	}

	if s.board != nil {
		put(b.kept, b.kept.boards, s.name, *s.board)

		return nil
	}

	return b.recallBoard(ctx, s)
}

// isBoard tells the dashboard by its number or its marker, if it is ours. Of
// two the older one is it; who made the younger closes it.
func (b *Bot) isBoard(ctx context.Context, s *site, i gh.Issue) (bool, error) {
	switch {
	case i.PullRequest:
		return false, nil
	case s.board != nil && s.board.Number != i.Number:
		if s.board.Number < i.Number || !board.Is(i.Body) {
			return false, nil
		}
	case s.board == nil && !board.Is(i.Body):
		return false, nil
	}

	return b.GitHub.Mine(ctx, i)
}

// recallBoard finds the dashboard of a process that begins. It asks once.
func (b *Bot) recallBoard(ctx context.Context, s *site) error {
	if _, none := get(b.kept, b.kept.boardless, s.name); none {
		return nil
	}

	t, err := b.talked(ctx, s)
	if err != nil {
		return err
	}

	if t.Dashboard != 0 {
		i, err := b.GitHub.Issue(ctx, s.name, t.Dashboard)
		if _, gone := errors.AsType[*gh.GoneError](err); err != nil && !gone {
			return err
		}

		if err == nil {
			s.board = &i
		}
	}

	if s.board == nil {
		if err := b.labelled(ctx, s); err != nil {
			return err
		}
	}

	if s.board != nil {
		put(b.kept, b.kept.boards, s.name, *s.board)
	} else {
		put(b.kept, b.kept.boardless, s.name, struct{}{})
	}

	return nil
}

func (b *Bot) labelled(ctx context.Context, s *site) error {
	all, err := b.GitHub.Labelled(ctx, s.name, boardLabel)
	if err != nil {
		return err
	}

	for _, i := range all {
		mine, err := b.isBoard(ctx, s, i)
		if err != nil {
			return err
		}

		if mine {
			s.board = &i
		}
	}

	return nil
}

// tick does what the ticked boxes of the dashboard ask for. Only people who may
// write to the repository can tick them: GitHub sees to that.
func (b *Bot) tick(ctx context.Context, s *site) error {
	if s.board == nil || s.board.State != "open" || !b.Talk.Dashboard {
		return nil
	}

	for _, c := range board.Ticked(s.board.Body) {
		b.Log.InfoContext(ctx, "a box was ticked", "repository", s.name, "number", s.board.Number, "command", c.String())

		if c.Verb == command.Check {
			continue // the pass itself is what it asks for
		}

		answer, err := b.obey(ctx, s, &spot{}, c)
		if err != nil {
			return err
		}

		key := fmt.Sprintf("box/%s/%d", c, s.board.UpdatedAt.Unix())
		if _, err := b.GitHub.Comment(ctx, s.name, s.board.Number, answer, key); err != nil {
			return fmt.Errorf("answering a ticked box: %w", err)
		}
	}

	return nil
}

// show brings the dashboard in line with the result of a pass. One that a
// person closed stays closed and as it is.
func (b *Bot) show(ctx context.Context, s *site, result *Result) error {
	if !b.Talk.Dashboard || s.glimpse == "" || s.board != nil && s.board.State != "open" {
		return nil
	}

	repository := Status(config.Repository{Name: s.name, Branch: s.branch}, result, nil, b.Now())
	text, _ := gh.Fit(board.Markdown(repository, b.Now(), gh.Inert), "The rest does not fit into an issue: `bot status` has all.", 0)

	if s.board == nil {
		return b.openBoard(ctx, s, text)
	}

	if err := b.numberBoard(ctx, s); err != nil {
		return err
	}

	if sameText(s.board.Body, text) {
		return nil
	}

	// What is not among the changes of late may have gone meanwhile.
	if !slices.ContainsFunc(s.recent, func(i gh.Issue) bool { return i.Number == s.board.Number }) {
		if gone, err := b.goneBoard(ctx, s); err != nil || gone {
			return errors.Join(err, b.openBoardIf(ctx, s, text, gone))
		}
	}

	b.Progress("updating the dashboard")

	written, err := b.GitHub.RewriteIssue(ctx, s.name, s.board.Number, text)
	if err != nil {
		return fmt.Errorf("updating the dashboard: %w", err)
	}

	b.keepBoard(s, written)

	return nil
}

// goneBoard tells that the dashboard was deleted or transferred.
func (b *Bot) goneBoard(ctx context.Context, s *site) (bool, error) {
	_, err := b.GitHub.Issue(ctx, s.name, s.board.Number)
	_, gone := errors.AsType[*gh.GoneError](err)

	if gone {
		return true, nil
	}

	return false, err
}

func (b *Bot) openBoardIf(ctx context.Context, s *site, text string, gone bool) error {
	if !gone {
		return nil
	}

	return b.openBoard(ctx, s, text)
}

func (b *Bot) openBoard(ctx context.Context, s *site, text string) error {
	b.Progress("opening the dashboard")

	opened, err := b.GitHub.OpenIssue(ctx, s.name, board.Title, text, boardLabel)
	if err != nil {
		return fmt.Errorf("opening the dashboard: %w", err)
	}

	// Of two processes at once the second finds the first one's number.
	number := opened.Number

	err = b.note(ctx, s, func(t *talked) {
		if t.Dashboard == 0 || s.board != nil && t.Dashboard == s.board.Number {
			t.Dashboard = opened.Number
		}

		number = t.Dashboard
	})
	if err != nil {
		return err
	}

	if number != opened.Number {
		if other, err := b.GitHub.Issue(ctx, s.name, number); err == nil && other.State == "open" {
			return b.GitHub.CloseIssue(ctx, s.name, opened.Number)
		}

		if err := b.note(ctx, s, func(t *talked) { t.Dashboard = opened.Number }); err != nil {
			return err
		}
	}

	b.keepBoard(s, opened)

	return nil
}

// numberBoard writes the number of a dashboard down that was found without it:
// the process that opened it ended before it did. It looks once.
func (b *Bot) numberBoard(ctx context.Context, s *site) error {
	if _, done := get(b.kept, b.kept.numbered, s.name); done {
		return nil
	}

	t, err := b.talked(ctx, s)
	if err != nil {
		return err
	}

	written := t.Dashboard
	if written != 0 && written != s.board.Number {
		_, err := b.GitHub.Issue(ctx, s.name, written)
		if _, gone := errors.AsType[*gh.GoneError](err); !gone {
			return err // another one is there: which of the two it is shows itself among what changes
		}
	}

	if written != s.board.Number {
		err := b.note(ctx, s, func(t *talked) {
			if t.Dashboard == written { // else another process knows better
				t.Dashboard = s.board.Number
			}
		})
		if err != nil {
			return err
		}
	}

	put(b.kept, b.kept.numbered, s.name, struct{}{})

	return nil
}

func (b *Bot) keepBoard(s *site, i gh.Issue) {
	s.board = &i
	put(b.kept, b.kept.boards, s.name, i)
}

// sameText compares bodies as GitHub keeps them: a browser sends other line
// ends.
func sameText(a, b string) bool {
	clean := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

	return clean(a) == clean(b)
}
