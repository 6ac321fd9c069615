package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
)

// initFlags are what a person may say to init.
type initFlags struct {
	path, repo             string
	dryRun, offline, again bool
}

func newInit(p *Program, g *globals) *cobra.Command {
	f := &initFlags{}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Look at a repository and give it a configuration to begin with",
		Long: `Init looks at a repository and prints what it found: applications, references,
what an upgrade relies on, and other updaters that would get in the way, with what
to write so that they do not.

It then adds a commented bot.yaml, in a folder with --path, or on GitHub with
--repo as a pull request. The file means the defaults until somebody switches a
key on; one that is there already is left alone.`,
		Example: example(
			"bot init --path . --dry-run          # look, and change nothing",
			"bot init --path .                    # write bot.yaml",
			"bot init --repo example/gitops       # open the onboarding pull request",
			"bot init --repo example/gitops --again   # ... although one was closed",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := exclusive(cmd, "path", "repo"); err != nil {
				return err
			}

			if err := exclusive(cmd, "path", "again"); err != nil {
				return err
			}

			if f.path != "" {
				return p.initPath(cmd.Context(), g, f)
			}

			return p.initRepo(cmd.Context(), g, f)
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", "", "write the configuration into this folder")
	flags.StringVar(&f.repo, "repo", "", "open a pull request in this repository on GitHub (owner/name)")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print what was found and the diff, and change nothing")
	flags.BoolVar(&f.offline, "offline", false, "ask no registry what would be proposed")
	flags.BoolVar(&f.again, "again", false, "open the pull request although one was closed")

	return cmd
}

// initPath writes the configuration into a folder.
func (p *Program) initPath(ctx context.Context, g *globals, f *initFlags) error {
	dir, err := repo.OpenDir(f.path, effect.Direct{})
	if err != nil {
		return err
	}
	defer dir.Close()

	b, err := p.local(g, f.offline, nil)
	if err != nil {
		return err
	}

	view, err := look.At(ctx, dir.FS())
	if err != nil {
		return err
	}

	survey, err := b.Survey(ctx, view)
	p.settled()

	if err != nil {
		return err
	}

	done := initiated{survey: survey, action: actionNone, dryRun: f.dryRun}

	switch {
	case survey.Exists:
		done.action = string(bot.Exists)
	case !f.dryRun:
		if err := dir.Write(ctx, []repo.Change{{Path: look.PolicyFile, Content: survey.Policy}}); err != nil {
			return err
		}

		done.action = actionWritten
	}

	return p.initiated(g, done)
}

// initRepo opens the onboarding pull request.
func (p *Program) initRepo(ctx context.Context, g *globals, f *initFlags) error {
	c, err := p.once(g, "bot init", f.repo, f.offline)
	if err != nil {
		return err
	}

	b, repository, err := c.only("bot init")
	if err != nil {
		return err
	}

	out, err := b.Onboard(ctx, repository, bot.OnboardRequest{Again: f.again, DryRun: f.dryRun})
	p.settled()

	if err != nil {
		return err
	}

	done := initiated{survey: out.Survey, action: string(out.Action), pull: out.PullRequest, why: out.Why, dryRun: f.dryRun}
	if out.Action == "" {
		done.action = actionNone
	}

	return p.initiated(g, done)
}

// What else init can have done, beside what a pull request can have come to.
const (
	actionWritten = "written"
	actionNone    = "none"
)

// said is the last line: what became of the configuration.
func (d initiated) said() string {
	switch d.action {
	case actionWritten:
		return look.PolicyFile + " is written: every key is in it, and the defaults hold."
	case string(bot.Exists):
		return look.PolicyFile + " is there already and stays as it is: nothing to do."
	case string(bot.Declined):
		return fmt.Sprintf("A pull request for it was closed: %s. Nothing is done; --again opens it anew.", d.pull.URL)
	case string(bot.Left):
		return strings.TrimSpace(fmt.Sprintf("The branch has %s and is left alone. %s", printable(d.why), d.pull.URL))
	case actionNone:
		return "Dry run: nothing was changed."
	}

	return fmt.Sprintf("pull request %s: %s", d.action, d.pull.URL)
}
