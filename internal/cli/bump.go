package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/version"
)

// bumpFlags are what a person may say to bump.
type bumpFlags struct {
	path, repo, app                        string
	all, dryRun, offline, allowD, takeOver bool
	database                               bool
	digests                                []string
}

func newBump(p *Program, g *globals) *cobra.Command {
	f := &bumpFlags{}
	cmd := &cobra.Command{
		Use:   "bump VERSION",
		Short: "Move an application to a release",
		Long: `Bump moves every reference of an application to one release: in a folder with
--path, printing the unified diff, or on GitHub with --repo, opening or updating
the pull request with migration notes.

Only the bytes of versions change. A reference that cannot be read or moved
safely fails the whole change with its file and line, and nothing is written.`,
		Example: example(
			"bot bump v4.4.4 --path .                  # edit this folder, print the diff",
			"bot bump v4.4.4 --path . --dry-run        # print the diff, change nothing",
			"bot bump v4.4.4 --path . --offline        # ask no registry whether the release exists",
			"bot bump v4.4.4 --repo example/gitops     # open or update the pull request",
			"bot bump v4.4.4 --path . --app staging    # one of several applications",
			"bot bump v4.4.4 --path . --database       # say how big the tables are that wait",
		),
		Args: exactly("one VERSION such as v4.4.4"),
		RunE: func(cmd *cobra.Command, args []string) error {
			request, err := f.request(cmd, args[0])
			if err != nil {
				return err
			}

			if f.path != "" {
				return p.bumpPath(cmd.Context(), g, f, request)
			}

			return p.bumpRepo(cmd.Context(), g, f, request)
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", "", "edit the tree in this folder in place")
	flags.StringVar(&f.repo, "repo", "", "open a pull request in this repository on GitHub (owner/name)")
	flags.StringVar(&f.app, "app", "", "the application, where there are several")
	flags.BoolVar(&f.all, "all", false, "every application")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the diff and change nothing")
	flags.BoolVar(&f.offline, "offline", false, "ask no registry and no upstream; the version is taken on trust")
	flags.BoolVar(&f.allowD, "allow-downgrade", false, "permit a version older than the one in use")
	flags.BoolVar(&f.takeOver, "take-over", false, "write the pull request's branch anew although a person committed to it")
	flags.BoolVar(&f.database, "database", false, "with --path: ask the database how big the tables are, at database.dsnFrom of the operator's file or MASTODON_RO_DSN")
	flags.StringArrayVar(&f.digests, "digest", nil, "the digest of an image for pinned references, as image=sha256:… (repeatable)")

	return cmd
}

func (f *bumpFlags) request(cmd *cobra.Command, tag string) (bot.BumpRequest, error) {
	r := bot.BumpRequest{
		To: version.Parse(tag), Application: f.app, All: f.all,
		AllowDowngrade: f.allowD, DryRun: f.dryRun, TakeOver: f.takeOver, Digests: map[string]string{},
	}

	if err := exclusive(cmd, "path", "repo"); err != nil {
		return r, err
	}

	if err := exclusive(cmd, "app", "all"); err != nil {
		return r, err
	}

	if f.database && f.path == "" {
		return r, misused(cmd.CommandPath(), "--database goes with --path; elsewhere the operator's file says which database is asked")
	}

	if !r.To.Fixed() {
		return r, misused(cmd.CommandPath(), "%q is not one release: write for example v4.4.4, v4.5.0-beta.1 or nightly.2026-01-02", tag)
	}

	for _, d := range f.digests {
		image, digest, ok := strings.Cut(d, "=")
		if !ok || !strings.HasPrefix(digest, "sha256:") || len(digest) != len("sha256:")+64 {
			return r, misused(cmd.CommandPath(), "--digest is image=sha256:… with 64 hexadecimal digits, not %q", d)
		}

		r.Digests[image] = digest
	}

	return r, nil
}

// bumpPath edits a folder.
func (p *Program) bumpPath(ctx context.Context, g *globals, f *bumpFlags, r bot.BumpRequest) error {
	dir, err := repo.OpenDir(f.path, effect.Or(p.Seam))
	if err != nil {
		return err
	}
	defer dir.Close()

	sizes, err := p.sizes(g, f.database)
	if err != nil {
		return err
	}

	b, err := p.local(g, f.offline, sizes)
	if err != nil {
		return err
	}

	if l, ok := b.Upstream.(*library); ok {
		l.expect(ctx, r.To)
	}

	view, err := look.At(ctx, dir.FS())
	if err != nil {
		return err
	}

	changes, err := b.Prepare(ctx, view, r)
	p.settled()

	if err != nil {
		return err
	}

	if !r.DryRun {
		if err := dir.Write(ctx, allChanges(changes)); err != nil {
			return err
		}
	}

	return p.bumped(g, proposedFrom(changes), r)
}

func allChanges(changes []*bot.Change) []repo.Change {
	var out []repo.Change
	for _, c := range changes {
		out = append(out, c.Edited()...)
	}

	return out
}

// changed prints the diff of a change.
func (p *Program) changed(c *bot.Change) error {
	unified, err := repo.Unified(c.Edited())
	if err != nil {
		return err
	}

	p.diff(p.Stdout, unified)

	return nil
}

func proposedFrom(changes []*bot.Change) []bot.Proposed {
	out := make([]bot.Proposed, 0, len(changes))
	for _, c := range changes {
		out = append(out, bot.Proposed{Change: c})
	}

	return out
}

// bumpRepo opens or updates a pull request.
func (p *Program) bumpRepo(ctx context.Context, g *globals, f *bumpFlags, r bot.BumpRequest) error {
	c, err := p.once(g, "bot bump", f.repo, f.offline)
	if err != nil {
		return err
	}

	b, repository, err := c.only("bot bump")
	if err != nil {
		return err
	}

	proposed, err := b.Bump(ctx, repository, r)
	p.settled()

	if err != nil {
		return err
	}

	return p.bumped(g, proposed, r)
}

// bumped prints what became of a bump.
func (p *Program) bumped(g *globals, proposed []bot.Proposed, r bot.BumpRequest) error {
	for _, one := range proposed {
		c := one.Change

		if g.json() { // one document an application
			if err := p.json(bumpContract(one)); err != nil {
				return err
			}

			continue
		}

		if len(c.Files) == 0 {
			fmt.Fprintf(p.Stderr, "%s is on %s already: nothing to change.\n", c.Application.Name, c.To)

			continue
		}

		if err := p.changed(c); err != nil {
			return err
		}

		p.summary(one, r)
	}

	return nil
}

// summary tells on stderr what the diff on stdout amounts to.
func (p *Program) summary(one bot.Proposed, r bot.BumpRequest) {
	c := one.Change
	verb := "moved"

	if r.DryRun {
		verb = "would move"
	}

	fmt.Fprintf(p.Stderr, "%s: %s %d references in %d files from %s to %s.\n",
		c.Application.Name, verb, len(c.Edits()), len(c.Files), strings.Join(c.From(), ", "), c.To)

	for _, h := range c.Notes.Hazards {
		if h.Severity != severity.Info {
			fmt.Fprintf(p.Stderr, "%s %s (%s)\n", p.paint(yellow, string(h.Severity)+":"), printable(h.Message), printable(h.Source))
		}
	}

	if one.PullRequest.URL != "" {
		fmt.Fprintf(p.Stderr, "pull request %s: %s\n", one.Action, one.PullRequest.URL)
	}

	if one.Why != "" {
		fmt.Fprintf(p.Stderr, "the branch is left alone: %s\n", printable(one.Why))
	}
}

func bumpContract(one bot.Proposed) contract.Bump {
	c := one.Change
	out := contract.NewBump()
	out.Application, out.To = c.Application.Name, c.To.String()
	out.From = append(out.From, c.From()...)

	for _, e := range c.Edits() {
		out.Edits = append(out.Edits, contract.Edit{File: e.File, Line: e.Line, Old: e.Old, New: e.New})
	}

	if one.PullRequest.Number > 0 {
		out.PullRequest = &contract.PullRequest{Number: one.PullRequest.Number, URL: one.PullRequest.URL, Action: string(one.Action)}
	}

	return out
}
