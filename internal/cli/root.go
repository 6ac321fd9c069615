package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// globals are the flags that every command has.
type globals struct {
	output  string // text or json
	config  string // the operator's file
	verbose bool
	// handler receives the logs instead of stderr, for the service.
	handler slog.Handler
}

const rootLong = `bot keeps a Mastodon (glitch-soc) GitOps repository in step with its images.

It finds every place that names an image of Mastodon, knows which of them make
one release, and moves them together or not at all: web, sidekiq, streaming,
every migrate job, and the notes that mention the version.`

const rootExample = `  # See the whole loop on this machine: a registry, a git server and GitHub and Slack stand-ins.
  bot demo

  # Move the tree in this folder to a release and print the diff.
  bot bump v4.4.4 --path .

  # Open or update the pull requests of a repository, once.
  GITHUB_TOKEN=… bot run --repo example/gitops`

func newRoot(p *Program) *cobra.Command {
	g := &globals{}
	root := &cobra.Command{
		Use:               "bot",
		Short:             "Keep a Mastodon GitOps repository in step with its images",
		Long:              rootLong,
		Example:           rootExample,
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.ArbitraryArgs,
		RunE:              unknownCommand,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return g.check(cmd) },
	}

	flags := root.PersistentFlags()
	flags.StringVarP(&g.output, "output", "o", "text", "how results are printed: text or json")
	flags.StringVar(&g.config, "config", "", "the operator's file: repositories, credentials, notification targets")
	flags.BoolVarP(&g.verbose, "verbose", "v", false, "log every step to stderr")

	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return misused(cmd.CommandPath(), "%w", err) })
	root.CompletionOptions.HiddenDefaultCmd = false

	root.AddCommand(
		newBump(p, g), newRun(p, g), newServe(p, g), newCheck(p, g), newStatus(p, g), newScan(p, g), newReleases(p, g),
		newNotes(p, g), newFacts(p, g), newHistory(p, g), newDrift(p, g), newInit(p, g), newConfig(p, g), newDemo(p, g), newVersion(p, g),
	)

	return root
}

// unknownCommand is what a bare `bot` runs: help, or an error with the
// nearest command.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}

	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("; did you mean %q?", near[0])
	}

	return misused("bot", "there is no command %q%s", args[0], hint)
}

func (g *globals) check(cmd *cobra.Command) error {
	if !slices.Contains([]string{"text", "json"}, g.output) {
		return misused(cmd.CommandPath(), "--output is text or json, not %q", g.output)
	}

	return nil
}

func (g *globals) json() bool { return g.output == "json" }

// logger writes structured logs to stderr: warnings, or everything.
func (g *globals) logger(p *Program) *slog.Logger {
	if g.handler != nil {
		return slog.New(g.handler)
	}

	level := slog.LevelWarn
	if g.verbose {
		level = slog.LevelDebug
	}

	return slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: level}))
}

// exactly wants n arguments, named for the message.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}

		if len(names) == 0 {
			return misused(cmd.CommandPath(), "%s takes no arguments, got %q", cmd.CommandPath(), args)
		}

		return misused(cmd.CommandPath(), "%s takes %s, got %d arguments", cmd.CommandPath(), strings.Join(names, " and "), len(args))
	}
}

// exclusive fails when more than one of the flags was given.
func exclusive(cmd *cobra.Command, names ...string) error {
	var given []string

	for _, name := range names {
		if cmd.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}

	if len(given) > 1 {
		return misused(cmd.CommandPath(), "%s contradict each other: give one", strings.Join(given, " and "))
	}

	return nil
}

// example indents lines as cobra shows them.
func example(lines ...string) string { return "  " + strings.Join(lines, "\n  ") }

var errNoPlace = errors.New("say where: --path DIR for a folder, --repo owner/name for a repository on GitHub, or --config with one repository")
