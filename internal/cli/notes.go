package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/version"
)

// notesFlags are what a person may say to notes.
type notesFlags struct {
	path, app, upstream string
	offline, markdown   bool
	database            bool
}

func newNotes(p *Program, g *globals) *cobra.Command {
	f := &notesFlags{}
	cmd := &cobra.Command{
		Use:   "notes FROM TO",
		Short: "Print the migration notes from one release to another",
		Long: `Notes says what going from one release to another does: to the database, to the
environment, to the runtimes underneath, and with --path to the objects of your own
repository, with the steps in order. What is not known is said to be unknown.`,
		Example: example(
			"bot notes v4.4.3 v4.5.0",
			"bot notes v4.4.3 v4.4.22 --path .",
			"bot notes v4.4.3 v4.5.0 --markdown   # as in the pull request",
			"bot notes v4.4.3 v4.5.0 --database   # with the sizes of your tables, by a read-only role",
		),
		Args: exactly("FROM", "TO"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var versions [2]version.Version

			for i, tag := range args {
				if versions[i] = version.Parse(tag); !versions[i].Fixed() {
					return misused(cmd.CommandPath(), "%q is not one release: write for example v4.4.3", tag)
				}
			}

			b, view, err := p.notesInput(cmd, g, f)
			if err != nil {
				return err
			}

			n, err := b.Notes(cmd.Context(), view, f.app, versions[0], versions[1])
			p.settled()

			if err != nil {
				return err
			}

			return p.noted(g, f, n)
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", "", "a tree whose own objects the notes are about")
	flags.StringVar(&f.app, "app", "", "the application in --path, where there are several")
	flags.StringVar(&f.upstream, "upstream", "", "read the source here instead: a URL, a repository or a tarball")
	flags.BoolVar(&f.offline, "offline", false, "ask nobody; only what this program knows of releases")
	flags.BoolVar(&f.database, "database", false, "ask the database how big the tables are, at database.dsnFrom of the operator's file or MASTODON_RO_DSN")
	flags.BoolVar(&f.markdown, "markdown", false, "print the Markdown of a pull request")

	return cmd
}

// notesInput makes the bot and, with --path, the view that the notes are about.
func (p *Program) notesInput(cmd *cobra.Command, g *globals, f *notesFlags) (*bot.Bot, *look.View, error) {
	upstream, err := p.upstreamAt(f.upstream, f.offline)
	if err != nil {
		return nil, nil, err
	}

	sizes, err := p.sizes(g, f.database)
	if err != nil {
		return nil, nil, err
	}

	b := bot.New(bot.Options{Upstream: upstream, Database: sizes, Now: p.Now, Log: g.logger(p), Progress: p.progressf})

	if f.path == "" {
		return b, nil, nil
	}

	dir, err := repo.OpenDir(f.path, effect.Direct{})
	if err != nil {
		return nil, nil, err
	}

	view, err := look.At(cmd.Context(), dir.FS())

	return b, view, err
}

func (p *Program) noted(g *globals, f *notesFlags, n notes.Notes) error {
	switch {
	case g.json():
		return p.json(notesContract(n))
	case f.markdown:
		fmt.Fprint(p.Stdout, n.Markdown(gh.Inert))
	default:
		fmt.Fprint(p.Stdout, printable(n.Text()))
	}

	return nil
}

// notesContract is the published part of the notes. Releases are oldest first
// there.
func notesContract(n notes.Notes) contract.Notes {
	out := contract.NewNotes(n.From, n.To)
	out.Verdict = string(n.Verdict)
	out.Advisories, out.AdvisoriesLost = n.Advisories, n.AdvisoriesLost
	out.Migrations = contract.Migrations{Pre: n.Migrations.Pre, Post: n.Migrations.Post, Undone: n.Migrations.Undone}
	out.Schema = contract.SchemaChanges{
		TablesAdded: n.Schema.TablesAdded, TablesRemoved: n.Schema.TablesRemoved,
		ColumnsAdded: n.Schema.ColumnsAdded, ColumnsRemoved: n.Schema.ColumnsRemoved,
		IndexesAdded: n.Schema.IndexesAdded, IndexesRemoved: n.Schema.IndexesRemoved,
	}
	out.Environment.Added, out.Environment.Removed = n.Environment.Added, n.Environment.Removed

	for _, r := range slices.Backward(n.Releases) {
		date := ""
		if !r.Date.IsZero() {
			date = r.Date.UTC().Format(time.DateOnly)
		}

		out.Releases = append(out.Releases, contract.CrossedRelease{Version: r.Version, Date: date, Security: r.Security})
	}

	for _, y := range n.Environment.Yours {
		out.Environment.Yours = append(out.Environment.Yours,
			contract.YourVariable{Name: y.Name, File: y.File, Line: y.Line, Problem: string(y.Problem)})
	}

	for _, r := range n.Runtimes {
		out.Runtimes = append(out.Runtimes, contract.Runtime{Name: r.Name, From: r.From, To: r.To, Floor: r.Floor, Yours: r.Yours})
	}

	for _, s := range n.Steps {
		out.Steps = append(out.Steps, contract.Step{Title: s.Title, Command: s.Command, Phase: string(s.Phase), Source: s.Source})
	}

	for _, h := range n.Hazards {
		out.Hazards = append(out.Hazards, contract.Hazard{ID: h.ID, Severity: string(h.Severity), Message: h.Message, Source: h.Source})
	}

	return out
}
