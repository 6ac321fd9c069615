package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// examine looks at an application from within and without, and holds the two
// together: its findings, and the input that they were judged by; nil when the
// tree can't be judged. It fails nothing.
func (b *Bot) examine(ctx context.Context, s *site, app patch.Application, m *memory, out *ApplicationResult) *drift.Input {
	b.learnUpdates(ctx, &m.known, app)

	if known, ok := b.unmoved(s, app, m, out.Outlook); ok {
		out.Findings, out.Judged = known.findings, known.at

		return nil
	}

	in, err := b.input(ctx, s, s.view, s.base.Hash(), app)
	if err != nil {
		b.Log.WarnContext(ctx, "what has drifted is not known", "repository", s.name, "application", app.Name, "error", err)

		return nil
	}

	o := Outside{Updates: m.known, Live: b.Live, Database: b.Database, Log: b.Log}
	checks := drift.Checks()

	if err := o.Fill(ctx, s.name, in, checks); err != nil {
		out.Dark = err
		b.Log.WarnContext(ctx, "the cluster or the database could not be read", "repository", s.name, "error", err)
	}

	b.published(ctx, s, in)
	m.firstSeen(in, out.Outlook, b.Now())

	if d := in.Outside.Database; d != nil && !d.Foreign(in.Facts) {
		m.learnRows(d)
	}

	var skipped []drift.Skipped

	out.Findings, skipped = drift.Run(in, checks)
	out.Judged = b.Now()
	m.found(out.Findings, skipped, out.Judged)
	b.settle(s, app, out)

	return in
}

// seenInput is an application's tree as it was judged last.
type seenInput struct {
	hash string
	in   *drift.Input
}

// input reads what the checks judge by, unless it is what was read last.
func (b *Bot) input(ctx context.Context, s *site, v *look.View, hash string, app patch.Application) (*drift.Input, error) {
	key := s.name + " " + s.branch + " " + app.Name

	last, ok := get(b.kept, b.kept.inputs, key)
	if !ok || last.hash != hash {
		in, err := b.prepareInput(ctx, v, app)
		if err != nil {
			return nil, err
		}

		if last = (seenInput{hash, in}); in.Facts != nil {
			b.keepInput(key, last)
		}
	}

	in := *last.in
	in.Now, in.Outside = b.Now(), drift.Outside{}

	return &in, nil
}

func (b *Bot) prepareInput(ctx context.Context, v *look.View, app patch.Application) (*drift.Input, error) {
	b.Progress("looking for drift in %s", app.Name)

	repository, err := drift.Read(ctx, v.FS, v.Tree)
	if err != nil {
		return nil, err
	}

	policy := v.PolicyOf(app)

	in, _, err := repository.Prepare(ctx, app, drift.Options{
		Policy: policy, Now: b.Now(), Newest: drift.NewestEmbedded,
		Facts: func(ctx context.Context, v version.Version) (*facts.Facts, error) {
			return b.facts(ctx, policy.Source, v), nil
		},
	})

	return in, err
}

// grace is how long what runs may differ before people are told: an engine
// takes a while to apply what was merged.
const grace = 15 * time.Minute

// seenFinding is a finding that is worth telling.
type seenFinding struct {
	Since time.Time `json:"since"`
	Told  bool      `json:"told,omitempty"`
}

// identity tells one finding from another, also when its words have changed.
func identity(f drift.Finding) string { return f.Check + " " + f.Name + " " + f.File }

// found notes the findings that are worth telling: errors of what is outside.
// One whose check was not made stays as it is.
func (m *memory) found(findings []drift.Finding, skipped []drift.Skipped, now time.Time) {
	current := map[string]seenFinding{}

	for key, f := range m.Findings {
		check, _, _ := strings.Cut(key, " ")
		if slices.ContainsFunc(skipped, func(s drift.Skipped) bool { return s.Check == check }) {
			current[key] = f
		}
	}

	for _, f := range findings {
		if !m.tells(f) {
			continue
		}

		seen, ok := m.Findings[identity(f)]
		if !ok {
			seen.Since = now
		}

		current[identity(f)] = seen
	}

	m.Findings = current
}

// tells tells whether a finding is one to send. A roll-out that is followed
// has its own words, and so has a security release that waits.
func (m *memory) tells(f drift.Finding) bool {
	needs := needsOf(f.Check)

	switch {
	case f.Severity != severity.Error || !outer(drift.Check{Needs: needs}):
		return false
	case m.Rollout.Following() && (needs == drift.Cluster || needs == drift.Rows):
		return false
	default:
		return needs != drift.Dates || !version.Parse(f.Name).Fixed()
	}
}

func needsOf(check string) drift.Needs {
	for _, c := range drift.Checks() {
		if c.ID == check {
			return c.Needs
		}
	}

	return drift.Nothing
}

// untold are the findings that are to be told now, in words; they count as
// told then. The key is the same for the same findings.
func (m *memory) untold(findings []drift.Finding, now time.Time) (lines []string, key string) {
	var keys []string

	for _, f := range findings {
		id := identity(f)

		seen, ok := m.Findings[id]
		if !ok || seen.Told || needsOf(f.Check) == drift.Cluster && now.Sub(seen.Since) < grace {
			continue
		}

		line := f.Check + ": " + f.Message
		if f.File != "" {
			line += fmt.Sprintf(" (%s:%d)", f.File, f.Line)
		}

		if lines = append(lines, line); !slices.Contains(keys, id) {
			keys = append(keys, id)
		}
	}

	stamps := make([]string, 0, len(keys))

	for _, id := range keys {
		seen := m.Findings[id]
		stamps = append(stamps, id+" "+seen.Since.UTC().Format(time.RFC3339))
		seen.Told = true
		m.Findings[id] = seen
	}

	return lines, sum(stamps)
}
