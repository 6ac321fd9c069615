package bot

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
)

// History is what the base branch of a repository on GitHub ran over time. A
// bot that stays fetches what is new, and reads nothing where there is none.
func (b *Bot) History(ctx context.Context, r config.Repository) (*history.Branch, error) {
	s, err := b.begin().visit(ctx, r)
	if err != nil {
		return nil, err
	}

	b.Progress("reading the history of %s", s.name)

	log, err := s.git.History(ctx, s.branch)
	if err != nil {
		return nil, err
	}

	key := s.name + " " + s.branch
	if seen, ok := get(b.kept, b.kept.histories, key); ok && seen.log == log {
		return seen.branch, nil
	}

	branch, err := readHistory(ctx, log, s.view.Policy, &b.kept.scans)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}

	put(b.kept, b.kept.histories, key, seenHistory{log, branch})

	return branch, nil
}

// seenHistory is a history and what came out of it.
type seenHistory struct {
	log    *repo.History
	branch *history.Branch
}

// HistoryOf is what a branch that is at hand ran over time, looked at with
// the policy of its newest commit.
func HistoryOf(ctx context.Context, log *repo.History) (*history.Branch, error) {
	head, err := log.Head()
	if err != nil {
		return nil, err
	}

	policy, _, err := look.ReadPolicy(head.FS())
	if err != nil {
		return nil, err
	}

	return readHistory(ctx, log, policy, &patch.Memory{})
}

func readHistory(ctx context.Context, log *repo.History, policy *config.Policy, memory *patch.Memory) (*history.Branch, error) {
	o := look.ScanOptions(policy, memory)
	o.RunsOnly = true

	branch, err := history.Read(ctx, steps(ctx, log), o)
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}

	return branch, nil
}

// steps are the commits in the words of package history.
func steps(ctx context.Context, log *repo.History) iter.Seq2[history.Step, error] {
	return func(yield func(history.Step, error) bool) {
		for s, err := range log.Steps(ctx) {
			if err != nil {
				yield(history.Step{}, err)

				return
			}

			if !yield(step(s), nil) {
				return
			}
		}
	}
}

func step(s repo.Step) history.Step {
	entry := s.Entry()
	subject, _, _ := strings.Cut(entry.Message, "\n")

	out := history.Step{Hash: entry.Hash, Subject: subject, At: entry.Committer.When.UTC(), FS: s.FS(), Cut: s.Cut}
	for _, d := range s.Changed {
		out.Changed = append(out.Changed, history.Change(d))
	}

	return out
}
