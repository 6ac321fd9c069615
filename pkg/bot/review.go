package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/severity"
)

// checkName is what verdicts on pull requests are called.
const checkName = "bot drift"

// review judges people's open pull requests that touch an application: what
// drift finds in their head and not in the base. Each head is judged once on
// each base.
func (b *Bot) review(ctx context.Context, s *site) error {
	if !b.Talk.Review || s.glimpse == "" {
		return nil
	}

	now := s.glimpse + " " + s.base.Hash()
	if seen, ok := get(b.kept, b.kept.reviewed, s.name); ok && seen == now {
		return nil
	}

	open, err := b.GitHub.Proposals(ctx, s.name, s.branch)
	if err != nil {
		return err
	}

	t, err := b.talked(ctx, s)
	if err != nil {
		return err
	}

	judged := map[int]reviewed{}

	for _, p := range open {
		state := reviewed{p.Head.SHA, s.base.Hash()}
		if p.Ours {
			continue
		}

		if judged[p.Number] = state; t.Reviewed[p.Number] == state {
			continue
		}

		if err := b.reviewOne(ctx, s, p); err != nil {
			return fmt.Errorf("judging #%d: %w", p.Number, err)
		}
	}

	if !sameReviews(t.Reviewed, judged) {
		if err := b.note(ctx, s, func(t *talked) { t.Reviewed = judged }); err != nil {
			return err
		}
	}

	put(b.kept, b.kept.reviewed, s.name, now)

	return nil
}

func sameReviews(a, b map[int]reviewed) bool {
	if len(a) != len(b) {
		return false
	}

	for number, state := range a {
		if b[number] != state {
			return false
		}
	}

	return true
}

func (b *Bot) reviewOne(ctx context.Context, s *site, p gh.Proposal) error {
	files, err := b.GitHub.Changed(ctx, s.name, p.Number)
	if err != nil || !touches(s.view, files) {
		return err
	}

	b.Progress("judging #%d", p.Number)

	head, err := s.git.Fetch(ctx, fmt.Sprintf("refs/pull/%d/head", p.Number))
	if err != nil {
		return fmt.Errorf("fetching its head: %w", err)
	}

	if head.Hash() != p.Head.SHA {
		return fmt.Errorf("its head moved from %s to %s meanwhile", short(p.Head.SHA), short(head.Hash()))
	}

	v, err := b.verdict(ctx, s, head, files)
	if err != nil {
		return err
	}

	v.SHA, v.Name = p.Head.SHA, checkName

	if s.info.HTMLURL != "" {
		v.URL = fmt.Sprintf("%s/pull/%d", s.info.HTMLURL, p.Number)
	}

	_, err = b.GitHub.Report(ctx, s.name, v)

	return err
}

// touches tells whether any of the files belongs to an application: it reaches
// it, or lies in one of its roots.
func touches(v *look.View, files []string) bool {
	for _, app := range v.Tree.Applications {
		for _, file := range files {
			if slices.Contains(app.Files, file) || slices.Contains(app.Notes, file) || slices.ContainsFunc(app.Roots, func(root string) bool {
				return root != "." && strings.HasPrefix(file, root+"/")
			}) {
				return true
			}
		}
	}

	return false
}

// verdict judges a head against the base, by the base's policy: what a pull
// request says in bot.yaml counts once it is merged. A tree that cannot be read
// is no fault of the applications, and judged neither way.
func (b *Bot) verdict(ctx context.Context, s *site, head *repo.Commit, files []string) (gh.Verdict, error) {
	before, err := b.judgeBase(ctx, s)
	if err != nil {
		return gh.Verdict{}, err
	}

	after, err := b.judgeHead(ctx, s, head)
	if ctx.Err() != nil {
		return gh.Verdict{}, ctx.Err()
	}

	if err != nil {
		text := gh.Inert(err.Error())

		return gh.Verdict{Conclusion: gh.Neutral, Title: "It cannot be judged", Summary: text, ID: digestOf(text)}, nil
	}

	return verdictOf(fresh(before, after), files), nil
}

// fresh are the findings of the head that the base does not have, wherever
// they stand in it.
func fresh(before, after judgement) []drift.Finding {
	type kind struct {
		check, application, file, about string
		severity                        severity.Level
	}

	// The words of one that has a name may say which release it is about.
	of := func(f drift.Finding) kind {
		return kind{f.Check, f.Application, f.File, cmp.Or(f.Name, f.Message), f.Severity}
	}
	known := map[kind]int{}

	for _, list := range before {
		for _, f := range list {
			known[of(f)]++
		}
	}

	var out []drift.Finding

	for _, list := range after {
		for _, f := range list {
			if known[of(f)] > 0 {
				known[of(f)]--

				continue
			}

			out = append(out, f)
		}
	}

	drift.Sort(out)

	return out
}

func verdictOf(found []drift.Finding, files []string) gh.Verdict {
	v := gh.Verdict{Conclusion: gh.Success, Title: "Nothing new drifts", Summary: "`bot drift` finds nothing in this commit that the base does not have."}

	var text strings.Builder

	for _, f := range found {
		if f.Severity.AtLeast(severity.Warning) {
			v.Conclusion = gh.Failure
		}

		at := shownAt(f, files)
		v.Annotations = append(v.Annotations, gh.Annotation{
			Path: at.File, Line: max(at.Line, 1), Level: levels[f.Severity], Title: f.Check, Message: f.Message + ".\n" + f.Fix,
		})

		fmt.Fprintf(&text, "- **%s** `%s` %s:%d: %s. %s\n", f.Severity, f.Check, gh.Inert(f.File), f.Line, gh.Inert(f.Message), gh.Inert(f.Fix))
	}

	if len(found) > 0 {
		v.Title = fmt.Sprintf("%s:%d %s", found[0].File, found[0].Line, found[0].Message)
		if len(found) > 1 {
			v.Title = fmt.Sprintf("%d new findings: %s", len(found), v.Title)
		}

		v.Summary, _ = gh.Fit("What `bot drift` finds in this commit and not in the base:\n\n"+text.String(), "There is more: `bot drift --path .` lists all.", 0)
	}

	v.ID = digestOf(string(v.Conclusion) + v.Title + v.Summary)

	return v
}

var levels = map[severity.Level]gh.Level{severity.Error: gh.FailureLevel, severity.Warning: gh.WarningLevel, severity.Info: gh.NoticeLevel}

// shownAt is the place of a finding that the pull request changes, so that
// people see it beside the change; else its own.
func shownAt(f drift.Finding, files []string) drift.Place {
	for _, at := range append([]drift.Place{f.Place}, f.Related...) {
		if slices.Contains(files, at.File) {
			return at
		}
	}

	return f.Place
}

// digestOf tells one verdict from another.
func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))

	return "bot-drift:" + hex.EncodeToString(sum[:12])
}
