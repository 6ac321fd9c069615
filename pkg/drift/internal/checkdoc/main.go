package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/drift/internal/example"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "checkdoc:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("say which file to write, got %d arguments", len(args))
	}

	text, err := page(context.Background(), os.DirFS("testdata/checks"))
	if err != nil {
		return err
	}

	return os.WriteFile(args[0], []byte(text), 0o644) //nolint:gosec // a page of the documentation
}

const introduction = `<!-- Written by go generate ./pkg/drift from the checks and their examples; change those. -->
# Checks

` + "`bot drift`" + ` holds a repository against itself, its notes, the source of the release that it is on and, unless ` + "`--offline`" + `, what is published;
with ` + "`--live`" + ` also against what runs in the cluster, with ` + "`--database`" + ` against the database. *Error* will break or has broken
something, *warning* is wrong but runs, *info* is worth knowing. The severity below is the worst that a check reports; one that cannot
be sure says info or nothing.

Findings that are meant are accepted in ` + "`bot.yaml`" + ` by the check and the name of what it found, with a reason and, if you like, an end:

` + "```yaml" + `
applications:
- drift: {accept: [{check: env-unread, name: DATABASE_TIMEOUT, reason: "read by a sidecar", until: 2027-01-31}]}
` + "```" + `

| check | severity | finds |
|-|-|-|
`

// page is the whole documentation.
func page(ctx context.Context, examples fs.FS) (string, error) {
	var b strings.Builder

	b.WriteString(introduction)

	for _, c := range drift.Checks() {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", c.ID, c.ID, c.Severity, c.Title)
	}

	for _, c := range drift.Checks() {
		if err := section(ctx, &b, c, examples); err != nil {
			return "", fmt.Errorf("%s: %w", c.ID, err)
		}
	}

	return b.String(), nil
}

func section(ctx context.Context, b *strings.Builder, c drift.Check, examples fs.FS) error {
	data, err := fs.ReadFile(examples, c.ID+".txtar")
	if err != nil {
		return err
	}

	a := txtar.Parse(data)
	story, _, _ := strings.Cut(string(a.Comment), "\nfinds:")

	fmt.Fprintf(b, "\n## %s\n\n%s\n", c.ID, strings.TrimSpace(c.Doc))

	if c.Needs != drift.Nothing {
		fmt.Fprintf(b, "\nNeeds %s.\n", c.Needs)
	}

	fmt.Fprintf(b, "\n**Bad.** %s\n\n", strings.TrimSpace(story))

	outside, err := example.Outside(a, "bad/")
	if err != nil {
		return err
	}

	found, err := judge(ctx, c, tree(a, "bad/"), outside)
	if err != nil {
		return err
	}

	for _, f := range found {
		fmt.Fprintf(b, "- %s, `%s:%d`: %s. %s\n", f.Severity, f.File, f.Line, inert(f.Message), inert(f.Fix))
	}

	show(b, a, "bad/")
	b.WriteString("\n**Good.**\n")
	show(b, a, "good/")

	return nil
}

// inert keeps what a finding quotes from being read as HTML.
func inert(s string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) }

// show prints the files of one side.
func show(b *strings.Builder, a *txtar.Archive, side string) {
	for _, f := range a.Files {
		name, ok := strings.CutPrefix(f.Name, side)
		if f.Name == strings.TrimSuffix(side, "/")+example.Suffix {
			name, ok = "outside, as it was read", true
		}

		if !ok {
			continue
		}

		fence := "```"
		if strings.Contains(string(f.Data), fence) {
			fence = "````"
		}

		comment := "# " + name + "\n"
		if path.Ext(name) == ".json" || path.Ext(name) == ".md" {
			comment = ""
		}

		fmt.Fprintf(b, "\n%s%s\n%s%s%s\n", fence, strings.TrimPrefix(path.Ext(f.Name), "."), comment, f.Data, fence)
	}
}

func tree(a *txtar.Archive, side string) fs.FS {
	out := fstest.MapFS{}

	for _, f := range a.Files {
		for _, prefix := range []string{side, "both/"} {
			if name, ok := strings.CutPrefix(f.Name, prefix); ok {
				out[name] = &fstest.MapFile{Data: f.Data}
			}
		}
	}

	return out
}

// judge makes one check of an example.
func judge(ctx context.Context, c drift.Check, tree fs.FS, outside drift.Outside) ([]drift.Finding, error) {
	scan, err := patch.Scan(ctx, tree, patch.Options{})
	if err != nil {
		return nil, err
	}

	repository, err := drift.Read(ctx, tree, scan)
	if err != nil {
		return nil, err
	}

	o := drift.Options{
		Policy: config.DefaultApplication(), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Facts:  func(_ context.Context, v version.Version) (*facts.Facts, error) { return facts.Embedded(v) },
		Newest: drift.NewestEmbedded,
	}

	var out []drift.Finding

	for _, app := range scan.Applications {
		in, unknown, err := repository.Prepare(ctx, app, o)
		if err != nil {
			return nil, err
		}

		if unknown != nil {
			return nil, unknown
		}

		in.Outside = outside

		found, _ := drift.Run(in, []drift.Check{c})
		out = append(out, found...)
	}

	return out, nil
}
