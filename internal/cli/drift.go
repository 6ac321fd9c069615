package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// driftFormats are the ways in which findings are printed.
var driftFormats = []string{"text", "json", "markdown", "sarif", "github"}

// driftFlags are what a person may say to drift.
type driftFlags struct {
	path, repo, app, upstream, severity string
	checks, skip                        []string
	offline, fix                        bool

	live, database      bool
	kubeconfig, context string
}

func newDrift(p *Program, g *globals) *cobra.Command {
	f := &driftFlags{}
	cmd := &cobra.Command{
		Use:   "drift",
		Short: "Find what is written, documented and assumed, and no longer agrees",
		Long: `Drift holds a tree against itself, its notes, the source of the release that it is on
and, unless --offline, what is published; with --live against the cluster, with
--database against the database, both read and never written. Every finding has its
evidence and a fix; docs/checks.md explains each check.

It exits 2 when something at or above --min-severity is found, and 1 when the cluster or
the database could not be read: what the other checks found is printed all the same, but in SARIF. Less is counted, and
listed in JSON and SARIF alone. With --fix the notes get the manifests' values and
paths, byte for byte nothing else; what can't be written there stays reported.`,
		Example: example(
			"bot drift --path .",
			"bot drift --repo example/gitops",
			"bot drift --path . --offline -o sarif > drift.sarif   # for GitHub code scanning",
			"bot drift --path . --checks docs-drift --fix          # make the notes true",
			"bot drift --path . --skip rival-bot --min-severity error",
			"bot drift --path . --live --context production        # what runs, read and not touched",
			"bot drift --path . --database                         # schema_migrations, by a read-only role",
		),
		Args: exactly(),
		// The other commands print text or JSON alone; this one checks its own.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(driftFormats, g.output) {
				return misused(cmd.CommandPath(), "--output of drift is one of %s, not %q", strings.Join(driftFormats, ", "), g.output)
			}

			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := exclusive(cmd, "path", "repo"); err != nil {
				return err
			}

			checks, err := f.selected(cmd)
			if err != nil {
				return err
			}

			if f.repo != "" {
				return p.driftRepo(cmd.Context(), g, f, checks)
			}

			return p.driftPath(cmd.Context(), g, f, checks)
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", ".", "the tree in this folder")
	flags.StringVar(&f.repo, "repo", "", "the base branch of this repository on GitHub (owner/name) instead")
	flags.StringVar(&f.app, "app", "", "one application; default: all")
	flags.BoolVar(&f.offline, "offline", false, "ask nobody; only what this program knows of releases")
	flags.StringVar(&f.upstream, "upstream", "", "read the source of the release here instead: a URL, a repository or a tarball")
	flags.StringSliceVar(&f.checks, "checks", nil, "make these checks alone")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave these checks out")
	flags.StringVar(&f.severity, "min-severity", string(severity.Warning), "what counts: error, warning or info")
	flags.BoolVar(&f.live, "live", false, "read the cluster too (get and list; never Secrets)")
	flags.StringVar(&f.kubeconfig, "kubeconfig", "", "with --live: this file; default: cluster of the operator's file, KUBECONFIG, ~/.kube/config, or from inside a pod")
	flags.StringVar(&f.context, "context", "", "with --live: this context of the kubeconfig; default: its current one")
	flags.BoolVar(&f.database, "database", false, "read the database too, at database.dsnFrom of the operator's file or MASTODON_RO_DSN")
	flags.BoolVar(&f.fix, "fix", false, "write the manifests' values and paths into the notes")

	return cmd
}

func (f *driftFlags) selected(cmd *cobra.Command) ([]drift.Check, error) {
	if !slices.Contains(severity.All(), severity.Level(f.severity)) {
		return nil, misused(cmd.CommandPath(), "--min-severity is error, warning or info, not %q", f.severity)
	}

	checks, err := drift.Select(f.checks, f.skip)
	if err != nil {
		return nil, misused(cmd.CommandPath(), "%w", err)
	}

	if why := f.contradicts(); why != "" {
		return nil, misused(cmd.CommandPath(), "%s", why)
	}

	for _, c := range checks {
		if why := f.missingFlag(c.Needs); why != "" && slices.Contains(f.checks, c.ID) {
			return nil, misused(cmd.CommandPath(), "%s can't be checked: %s", c.ID, why)
		}
	}

	checks = slices.DeleteFunc(checks, func(c drift.Check) bool { return !slices.Contains(f.checks, c.ID) && !f.byDefault(c.Needs) })

	if len(checks) == 0 {
		return nil, misused(cmd.CommandPath(), "--skip leaves no check to make")
	}

	return checks, nil
}

// driftPath judges a folder, and makes its notes true first when asked to.
func (p *Program) driftPath(ctx context.Context, g *globals, f *driftFlags, checks []drift.Check) error {
	dir, err := repo.OpenDir(f.path, effect.Direct{})
	if err != nil {
		return err
	}
	defer dir.Close()

	report, err := p.drifts(ctx, g, f, dir, checks)
	if err != nil || !f.fix {
		return p.drifted(g, f, report, err)
	}

	if err := p.fixNotes(ctx, g, dir, report); err != nil {
		return err
	}

	report, err = p.drifts(ctx, g, f, dir, checks)

	return p.drifted(g, f, report, err)
}

func (p *Program) drifts(ctx context.Context, g *globals, f *driftFlags, dir *repo.Dir, checks []drift.Check) (*driftReport, error) {
	view, err := look.At(ctx, dir.FS())
	if err != nil {
		return nil, err
	}

	return p.driftView(ctx, g, f, view, nil, checks)
}

// driftView judges a tree, wherever it comes from, with what passes remember of
// it (nil: nothing). What could not be judged goes to stderr.
func (p *Program) driftView(ctx context.Context, g *globals, f *driftFlags, view *look.View, recall bot.Recall, checks []drift.Check) (*driftReport, error) {
	apps, err := view.Select(f.app, f.app == "")
	if err != nil {
		return nil, err
	}

	upstream, err := p.upstreamAt(f.upstream, f.offline)
	if err != nil {
		return nil, err
	}

	repository, err := drift.Read(ctx, view.FS, view.Tree)
	if err != nil {
		return nil, err
	}

	outside, err := p.outside(g, f)
	if err != nil {
		return nil, err
	}

	report := &driftReport{checks: checks}
	log := g.logger(p)

	for _, app := range apps {
		policy := view.PolicyOf(app)

		in, unknown, err := repository.Prepare(ctx, app, drift.Options{
			Policy: policy, Now: p.Now(), Newest: drift.NewestEmbedded,
			Facts: func(ctx context.Context, v version.Version) (*facts.Facts, error) {
				return upstream.Facts(ctx, policy.Source, v)
			},
		})
		if err != nil {
			return nil, err
		}

		if unknown != nil {
			log.WarnContext(ctx, "the facts of a release are not known", "application", app.Name, "error", unknown)
		}

		if err := outside.Fill(ctx, f.repo, in, checks); err != nil {
			report.dark = errors.Join(report.dark, err)
		}

		if err := ctx.Err(); err != nil {
			return nil, errors.Join(report.dark, err)
		}

		if recall != nil {
			if err := recall(ctx, in); err != nil {
				return nil, err
			}
		}

		found, skipped := drift.Run(in, checks)
		for _, s := range skipped {
			log.WarnContext(ctx, s.Reason, "application", s.Application, "check", s.Check)
		}

		report.applications = append(report.applications, driftApplication{name: app.Name, on: tags(app.On), findings: found})
	}

	return report, nil
}

func tags(on []version.Version) string {
	words := make([]string, 0, len(on))
	for _, v := range on {
		words = append(words, v.Tag())
	}

	return strings.Join(words, ", ")
}

// drifted prints a report and tells how the program ends.
func (p *Program) drifted(g *globals, f *driftFlags, report *driftReport, err error) error {
	if err != nil {
		return err
	}

	// Code scanning closes what a file does not list: one that is short of
	// what the cluster or the database would have given is worse than none.
	if report.dark != nil && g.output == "sarif" {
		return report.dark
	}

	least := severity.Level(f.severity)

	switch g.output {
	case "json":
		err = p.json(driftContract(report))
	case "sarif":
		err = p.json(sarif(report))
	case "markdown":
		p.driftMarkdown(report, least)
	case "github":
		p.driftAnnotations(report, least)
	default:
		p.driftText(report, least)
	}

	if err != nil {
		return err
	}

	if report.dark != nil {
		return report.dark // what else was found is told, and is not all there is
	}

	if slices.ContainsFunc(report.findings(), func(d drift.Finding) bool { return d.Severity.AtLeast(least) }) {
		return statusError{exitFound}
	}

	return nil
}
