package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// historyFlags are what a person may say to history.
type historyFlags struct {
	path, repo, app string
}

func newHistory(p *Program, g *globals) *cobra.Command {
	f := &historyFlags{}
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Tell how an application was upgraded over time, from git alone",
		Long: `History walks the commits of a branch along first parents and tells, for each
application, when a release came out and when every component ran it, how long
components were on different releases, and how long security releases of the line
in use waited.

When a release came out is inside this program; what it does not know it calls
unknown. The newest commit's bot.yaml says which references belong together.`,
		Example: example(
			"bot history --path .",
			"bot history --repo example/gitops --app mastodon",
			"bot history --path . -o json | jq '.applications[].summary'",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := exclusive(cmd, "path", "repo"); err != nil {
				return err
			}

			branch, err := p.branch(cmd.Context(), g, f)
			p.settled()

			if err != nil {
				return err
			}

			return p.histories(g, f, branch)
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", "", "a clone, or a folder inside of one; what is committed there counts")
	flags.StringVar(&f.repo, "repo", "", "the base branch of this repository on GitHub (owner/name)")
	flags.StringVar(&f.app, "app", "", "one application; default: all")

	return cmd
}

// branch reads the history of a clone, or of a repository on GitHub.
func (p *Program) branch(ctx context.Context, g *globals, f *historyFlags) (*history.Branch, error) {
	if f.path != "" {
		log, err := repo.OpenHistory(f.path)
		if err != nil {
			return nil, err
		}

		p.progressf("reading the history of %s", f.path)

		return bot.HistoryOf(ctx, log)
	}

	c, err := p.once(g, "bot history", f.repo, true)
	if err != nil {
		return nil, err
	}

	b, repository, err := c.only("bot history")
	if err != nil {
		return nil, err
	}

	return b.History(ctx, repository)
}

// stories are the applications of a branch, or the one that was asked for.
func (p *Program) stories(branch *history.Branch, app string) ([]history.Application, error) {
	names := slices.Sorted(maps.Keys(branch.Points))

	if app != "" {
		if !slices.Contains(names, app) {
			return nil, &look.ChoiceError{Asked: app, Names: names}
		}

		names = []string{app}
	}

	changelog, err := facts.Changelog()
	if err != nil {
		return nil, err
	}

	known := history.Releases(facts.All(), changelog)
	stories := make([]history.Application, 0, len(names))

	for _, name := range names {
		stories = append(stories, history.Tell(name, branch, known, p.Now()))
	}

	return stories, nil
}

func (p *Program) histories(g *globals, f *historyFlags, branch *history.Branch) error {
	stories, err := p.stories(branch, f.app)
	if err != nil {
		return err
	}

	if g.json() {
		out := contract.NewHistory()
		for _, a := range stories {
			out.Applications = append(out.Applications, p.historyContract(a))
		}

		return p.json(out)
	}

	if len(stories) == 0 {
		fmt.Fprintln(p.Stdout, "No image of Mastodon is named at the newest commit.")
	}

	for i, a := range stories {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}

		p.history(a)
	}

	return nil
}
