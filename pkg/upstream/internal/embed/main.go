package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// first is the oldest release that ships.
const first = "v4.3.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	spec := flag.String("upstream", "", "repository of the source, with its tags (required)")
	root := flag.String("root", ".", "folder of this project")
	flag.Parse()
	if err := run(ctx, *spec, *root); err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1) //nolint:gocritic // stop only unregisters a signal handler of a process that ends here
	}
}

func run(ctx context.Context, spec, root string) error {
	if spec == "" {
		return fmt.Errorf("-upstream is required: the path of a repository with upstream's tags")
	}
	src, err := upstream.Open(spec, upstream.Options{})
	if err != nil {
		return err
	}
	all, err := read(ctx, src)
	if err != nil {
		return err
	}
	packed := facts.Pack(all)
	var index bytes.Buffer
	for _, f := range all {
		fmt.Fprintln(&index, f.Version, f.Commit, f.Date.Format("2006-01-02T15:04:05Z"))
	}
	for name, data := range map[string][]byte{
		"pkg/upstream/facts/data/facts.bin":    packed,
		"pkg/upstream/facts/data/releases.txt": index.Bytes(),
		"docs/facts.md":                        []byte(table(all, len(packed))),
	} {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), data, 0o644); err != nil { //nolint:gosec // a file of the source tree
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "%d releases, %d bytes\n", len(all), len(packed))
	return nil
}

// read reads every release from the first on.
func read(ctx context.Context, src upstream.Source) ([]*facts.Facts, error) {
	versions, err := upstream.Versions(ctx, src)
	if err != nil {
		return nil, err
	}
	var all []*facts.Facts
	for _, v := range versions {
		if order, ok := version.Compare(v, version.Parse(first)); !ok || order < 0 {
			continue
		}
		f, err := upstream.Read(ctx, src, v.Tag())
		if err != nil {
			return nil, err
		}
		if len(f.Gaps) > 0 {
			return nil, fmt.Errorf("%s: %s:%d cannot be read: %s", v, f.Gaps[0].File, f.Gaps[0].Line, f.Gaps[0].What)
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has no release from %s on", src, first)
	}
	return all, nil
}

// table is docs/facts.md.
func table(all []*facts.Facts, size int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Facts of every release since %s

Written by %s; do not edit. "bot facts VERSION" prints everything behind a row. Variables are those
that Rails, Sidekiq or streaming read at run time. Floors are what the release asks for, where code refuses less in
bold. The facts of these %d releases take %d kB inside the program.

| release | date | migrations pre | post | tables | variables | PostgreSQL | Redis | Ruby | Node.js | Sidekiq | two phases from |
|-|-|-:|-:|-:|-:|-|-|-|-|-|-|
`, first, "`make facts UPSTREAM=path`", len(all), (size+500)/1000)
	for _, f := range all {
		fmt.Fprintln(&b, row(f))
	}
	return b.String()
}

func row(f *facts.Facts) string {
	pre, variables := 0, 0
	for _, m := range f.Migrations {
		if m.Phase == facts.Pre {
			pre++
		}
	}
	for i := range f.Environment {
		if f.Environment[i].Runtime() {
			variables++
		}
	}
	sidekiq := "–"
	if r := f.Runtime("sidekiq"); r != nil {
		sidekiq = r.Version
	}
	return fmt.Sprintf("| %s | %s | %d | %d | %d | %d | %s | %s | %s | %s | %s | %s |",
		f.Version, f.Date.Format("2006-01-02"), pre, len(f.Migrations)-pre, len(f.Schema.Tables), variables,
		floor(f, "postgresql"), floor(f, "redis"), floor(f, "ruby"), floor(f, "node"), sidekiq, floor(f, "zero-downtime"))
}

func floor(f *facts.Facts, name string) string {
	fl := f.Floor(name)
	switch {
	case fl == nil:
		return "–"
	case fl.Enforced:
		return "**" + fl.Version + "**"
	default:
		return fl.Version
	}
}
