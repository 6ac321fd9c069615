package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/goingdark-social/bot/internal/world"
)

// acted plays all acts.
func (p *play) acted(ctx context.Context) error {
	next, late := p.patch(1), p.patch(2)
	p.publish(next, late)

	what := fmt.Sprintf("%s is published, both images. Of %s web is there and streaming is not yet.", next, late)
	if p.family.Streaming == "" {
		what = fmt.Sprintf("%s is published.", next)
	}

	if err := p.run(ctx, what); err != nil {
		return err
	}

	if p.family.Streaming == "" {
		p.world.Release(p.family, late, p.now)

		return p.run(ctx, late+" is published: the same pull request moves to it.")
	}

	p.now = p.now.Add(2 * time.Hour)

	if err := p.run(ctx, fmt.Sprintf("Two hours later the streaming image of %s is still missing.", late)); err != nil {
		return err
	}

	p.now = p.now.Add(time.Hour)
	p.world.StreamingToo(p.family, late, p.now)

	if err := p.run(ctx, fmt.Sprintf("The streaming image of %s appears: the same pull request moves to it.", late)); err != nil {
		return err
	}

	p.now = p.now.Add(time.Hour)

	return p.run(ctx, "Nothing new: nothing is changed.")
}

// patch is the release n after the one in use.
func (p *play) patch(n int) string {
	major, minor, patch := p.Application.On.Core()

	return fmt.Sprintf("v%d.%d.%d", major, minor, patch+n)
}

// publish fills the registry as upstream does: releases, floating tags,
// nightlies, a candidate of the next line; and the late image.
func (p *play) publish(next, late string) {
	major, minor, _ := p.Application.On.Core()
	old := p.now.Add(-40 * 24 * time.Hour)

	p.world.Release(p.family, p.Application.On.String(), old)

	for day := 30; day > 0; day-- {
		at := p.now.Add(-time.Duration(day) * 24 * time.Hour)
		p.world.Release(p.family, "nightly."+at.Format(time.DateOnly), at)
	}

	for _, floating := range []string{"latest", "nightly", "edge", fmt.Sprintf("v%d.%d", major, minor)} {
		p.world.Release(p.family, floating, old)
	}

	p.world.Release(p.family, fmt.Sprintf("v%d.%d.0-rc.1", major, minor+1), p.now.Add(-5*24*time.Hour))
	p.world.Release(p.family, next, p.now.Add(-26*time.Hour))

	if p.family.Streaming != "" {
		p.world.WebOnly(p.family, late, p.now.Add(-30*time.Minute))
	}
}

// outcome reads from the stand-ins what came of it.
func (p *play) outcome(ctx context.Context) (*Outcome, error) {
	out := &Outcome{Unexpected: p.world.GitHub.Unexpected()}

	for _, r := range p.world.Registry.Unexpected() {
		out.Unexpected = append(out.Unexpected, r.Method+" "+r.Path)
	}

	for _, pr := range p.world.GitHub.In(world.Repository).Pulls() {
		diff, err := p.world.Repo.Git(ctx, "diff", "--no-color", "main", pr.Head.Ref)
		if err != nil {
			return nil, fmt.Errorf("the diff of pull request %d: %w", pr.Number, err)
		}

		out.PullRequests = append(out.PullRequests, PullRequest{
			Number: pr.Number, State: pr.State, Title: pr.Title, Body: pr.Body, Head: pr.Head.Ref, Diff: diff,
		})
	}

	for _, m := range p.world.Slack.Messages() {
		out.Messages = append(out.Messages, m.Plain())
	}

	var err error
	out.Check, err = p.call(ctx, "check")

	return out, err
}
