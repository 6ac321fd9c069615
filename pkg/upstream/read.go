package upstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/changelog"
	"github.com/goingdark-social/bot/pkg/upstream/internal/environment"
	"github.com/goingdark-social/bot/pkg/upstream/internal/migration"
	"github.com/goingdark-social/bot/pkg/upstream/internal/schemarb"
)

// Read reads the facts of one version: a release ("v4.5.0"), a full commit hash, or "" for what the source has checked
// out. A nightly has no tag in the source; its web image names the commit, and "nightly.2026-01-02@<commit>" reads that
// commit under the nightly's name.
func Read(ctx context.Context, src Source, version string) (*facts.Facts, error) {
	rev, err := resolve(ctx, src, version)
	if err != nil {
		return nil, err
	}
	return readRevision(ctx, src, rev)
}

// resolve splits name@commit and asks the source.
func resolve(ctx context.Context, src Source, version string) (Revision, error) {
	name, commit, named := strings.Cut(version, "@")
	if !named {
		return src.Resolve(ctx, version)
	}
	rev, err := src.Resolve(ctx, commit)
	rev.Version = name
	return rev, err
}

func readRevision(ctx context.Context, src Source, rev Revision) (*facts.Facts, error) {
	tree, err := src.Load(ctx, rev, ForFacts())
	if err != nil {
		return nil, err
	}
	f, err := tree.facts(rev.Version)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", src, err)
	}
	return f, nil
}

// facts runs every reader over the tree.
func (t *Tree) facts(version string) (*facts.Facts, error) {
	f := &facts.Facts{Version: version, Commit: t.Commit, Date: t.Date}
	if version == "" {
		own, err := t.version()
		if err != nil {
			return nil, err
		}
		f.Version = own
	}
	group := &beside{}
	group.Go(func() (err error) {
		f.Schema, err = t.schema()
		return err
	})
	group.Go(func() (err error) {
		f.Migrations, err = t.migrations()
		return err
	})
	group.Go(func() error {
		f.Environment, f.Gaps = environment.Read(t.sources())
		return nil
	})
	group.Go(func() (err error) {
		f.Changelog = changelog.Read(t.Files[changelog.Name].Text)
		slices.SortStableFunc(f.Changelog, facts.CompareReleases)
		f.Search = t.search()
		f.Runtimes = t.runtimes()
		f.Floors = t.floors()
		f.Processes = t.processes()
		f.Support = t.support()
		f.Queues, err = t.queues()
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return f.Normal(), nil
}

// schema reads db/schema.rb; without it, or with a statement in it that is not known, there are no facts.
func (t *Tree) schema() (facts.Schema, error) {
	const name = "db/schema.rb"
	file, ok := t.Files[name]
	if !ok {
		return facts.Schema{}, fmt.Errorf("no %s at %s: not the source of Mastodon", name, cmp.Or(t.Commit, "this version"))
	}
	s, err := schemarb.Parse(file.Text)
	if e, ok := errors.AsType[*schemarb.Error](err); ok {
		return s, fmt.Errorf("%s:%d: %s", name, e.Line, e.Message)
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func (t *Tree) migrations() ([]facts.Migration, error) {
	var out []facts.Migration
	for _, name := range slices.Sorted(maps.Keys(t.Files)) {
		phase, ok := phaseOf(name)
		if !ok || !migration.IsMigration(name) {
			continue
		}
		m, err := migration.Read(name, t.Files[name].Text)
		if err != nil {
			return nil, err
		}
		m.Phase, m.Blob = phase, t.Files[name].Blob[:12]
		out = append(out, m)
	}
	slices.SortFunc(out, facts.CompareMigrations)
	return out, nil
}

func phaseOf(name string) (facts.Phase, bool) {
	switch dir := path.Dir(name) + "/"; {
	case strings.HasPrefix(dir, "db/migrate/"):
		return facts.Pre, true
	case strings.HasPrefix(dir, "db/post_migrate/"):
		return facts.Post, true
	default:
		return "", false
	}
}

// sources are the files that may read the environment, in the order of their names.
func (t *Tree) sources() []environment.File {
	out := make([]environment.File, 0, len(t.Files))
	for _, name := range slices.Sorted(maps.Keys(t.Files)) {
		out = append(out, environment.File{Name: name, Text: t.Files[name].Text})
	}
	return out
}
