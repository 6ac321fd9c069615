package drift

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift/render"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/layout"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/rival"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Repository is a tree that was read, for the applications in it.
type Repository struct {
	tree     render.Tree
	scan     *patch.Tree
	files    []string // all, links too
	readable []string // those that are no links, and not too large

	inventory *inventory.Inventory // of all files, as they stand
}

// Read reads what the checks of every application of a tree need.
func Read(ctx context.Context, fsys fs.FS, scan *patch.Tree) (*Repository, error) {
	r := &Repository{scan: scan, tree: render.Tree{FS: fsys, Links: map[string]string{}}}

	if err := r.walk(ctx); err != nil {
		return nil, err
	}

	var err error
	if r.tree.Layout, err = layout.Find(ctx, fsys, r.readable); err != nil {
		return nil, err
	}

	r.inventory, err = inventory.Take(ctx, fsys, r.readable, r.images()...)

	return r, err
}

// walk lists the files of the tree. Links are noted and not followed; git's own folder is none of the tree.
func (r *Repository) walk(ctx context.Context) error {
	return fs.WalkDir(r.tree.FS, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("listing the tree: %w", err)
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules" || strings.Count(name, "/") >= maxDepth):
			return fs.SkipDir
		case d.Type()&fs.ModeSymlink != 0:
			r.link(name)
		case d.Type().IsRegular():
			r.files = append(r.files, name)

			if info, err := d.Info(); err == nil && info.Size() <= maxFile {
				r.readable = append(r.readable, name)
			}
		}

		return nil
	})
}

// maxFile is the largest file that is looked into, in bytes. The scan tells of those above it that name an image.
const maxFile = 8 << 20

// maxDepth is how deep folders are searched, as the scan does, which tells of those that are deeper.
const maxDepth = 200

func (r *Repository) link(name string) {
	fsys, ok := r.tree.FS.(fs.ReadLinkFS)
	if !ok {
		return
	}

	if target, err := fsys.ReadLink(name); err == nil && !path.IsAbs(target) {
		r.tree.Links[name] = path.Join(path.Dir(name), target)
		r.files = append(r.files, name)
	}
}

// images are those of the applications, for forks that are called otherwise.
func (r *Repository) images() []string {
	var out []string

	for _, app := range r.scan.Applications {
		for _, image := range []string{app.Family.Web, app.Family.Streaming} {
			if image != "" && !slices.Contains(out, image) {
				out = append(out, image)
			}
		}
	}

	return out
}

// Options are what an application is judged by besides its tree.
type Options struct {
	Policy config.Application
	Now    time.Time
	// Facts gives those of a release, nil when they are unknown; it may be called while the tree is read. Default: none are known.
	Facts func(context.Context, version.Version) (*facts.Facts, error)
	// Newest gives the newest release of a line that Facts knows. Default: none is known.
	Newest func(version.Line) version.Version
}

// Prepare makes the input for the checks of one application. What is unknown of the release is told by the error of Facts, which ends
// nothing: it comes back as the second value.
func (r *Repository) Prepare(ctx context.Context, app patch.Application, o Options) (in *Input, unknown, err error) {
	in = &Input{
		Application: app, Policy: o.Policy, Now: o.Now, tree: r.tree, files: r.files,
		Effective: &inventory.Inventory{}, sources: newSources(r.tree, app.Roots),
	}

	for _, ref := range r.scan.References {
		if ref.Application == app.Name || ref.Shared && slices.Contains(app.Files, ref.File) {
			in.References = append(in.References, ref)
		}
	}

	release := in.ask(ctx, o)

	for _, other := range r.scan.Applications {
		if other.Name != app.Name {
			in.foreign = append(in.foreign, other.Files...)
		}
	}

	for _, root := range app.Roots {
		if err := in.render(ctx, root, r.images()); err != nil {
			return nil, nil, err
		}
	}

	in.Elsewhere = r.inventory.Within(func(file string) bool { return !in.reaches(file) })
	in.outside()
	in.Engine = r.engine(app, in)
	in.takeContainers()

	if in.Rivals, err = rival.Find(ctx, r.tree.FS, r.readable, in.movable()); err != nil {
		return nil, nil, err
	}

	unknown, err = in.learn(ctx, o, release)

	return in, unknown, err
}

// render adds what one root gives.
func (in *Input) render(ctx context.Context, root string, images []string) error {
	result, err := in.tree.Root(ctx, root)
	if err != nil {
		return err
	}

	if result.Fallback != nil {
		in.Fallbacks = append(in.Fallbacks, *result.Fallback)
	}

	from := len(in.objects)

	for _, r := range result.Objects {
		o, err := newObject(r.Node)
		if err != nil {
			return fmt.Errorf("reading what %s renders: %w", root, err)
		}

		o.root, o.file, o.generated = root, r.File, r.Generated
		in.sources.locate(o)
		in.objects = append(in.objects, o)
	}

	return in.effective(ctx, in.objects[from:], images)
}

// outside takes the objects of files that the roots do not reach and something else applies.
func (in *Input) outside() {
	for _, file := range in.files {
		if in.reaches(file) || !layout.Speaks(file) || !in.applied(file) {
			continue
		}

		for _, n := range in.sources.read(file) {
			o := objectOf(n)
			if o.kind == "" {
				continue
			}

			o.file, o.line, o.own, o.sources = file, n.Line, n, in.sources
			in.elsewhere = append(in.elsewhere, o)
		}
	}
}

// applied tells that a root reaches a file, or that it lies in no kustomization's folder.
func (in *Input) applied(file string) bool {
	for _, root := range in.tree.Layout.Roots() {
		if root.Reaches(file) {
			return true
		}
	}

	return in.governor(file) == nil
}

// governor is the kustomization of the nearest folder around a file that has one.
func (in *Input) governor(file string) *layout.Kustomization {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if k, ok := in.tree.Layout.Kustomization(dir); ok {
			return k
		}

		if dir == "." || dir == "/" {
			return nil
		}
	}
}

// engine is what applies the application: what names one of its roots, else what the inventory finds.
func (r *Repository) engine(app patch.Application, in *Input) inventory.Engine {
	found := map[inventory.Engine]bool{}

	for _, dir := range app.Roots {
		for _, o := range r.tree.Layout.Root(dir).Objects {
			if strings.HasPrefix(o.Kind, "Application") {
				found[inventory.EngineArgoCD] = true
			} else {
				found[inventory.EngineFlux] = true
			}
		}
	}

	if len(found) == 1 {
		for e := range found {
			return e
		}
	}

	if a, ok := r.inventory.Within(in.reaches).Applies(); ok && len(found) == 0 {
		return a.Engine
	}

	return inventory.EngineUnknown
}
