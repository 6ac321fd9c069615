package look

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/registry"
)

// PolicyFile is where a repository keeps its policy.
const PolicyFile = "bot.yaml"

// View is one tree as it was found: what it says about itself, and every
// reference in it.
type View struct {
	FS     fs.FS
	Policy *config.Policy
	// Settled tells that the tree has a policy of its own.
	Settled bool
	Tree    *patch.Tree
}

// At reads a tree. A policy that cannot be read fails; problems with single
// references are in the tree and fail only what depends on them.
func At(ctx context.Context, fsys fs.FS) (*View, error) { return Again(ctx, fsys, nil) }

// Again is At with the memory of earlier scans, by which files that hold
// nothing of interest are not read again.
func Again(ctx context.Context, fsys fs.FS, memory *patch.Memory) (*View, error) {
	policy, settled, err := ReadPolicy(fsys)
	if err != nil {
		return nil, err
	}

	tree, err := patch.Scan(ctx, fsys, ScanOptions(policy, memory))
	if err != nil {
		return nil, fmt.Errorf("scanning for image references: %w", err)
	}

	found := make([]string, 0, len(tree.Applications))
	for _, a := range tree.Applications {
		found = append(found, a.Name)
	}

	if err := policy.CheckFound(found); err != nil {
		return nil, err
	}

	return &View{FS: fsys, Policy: policy, Settled: settled, Tree: tree}, nil
}

// ReadPolicy is the tree's own policy, or the default and that there is none.
func ReadPolicy(fsys fs.FS) (policy *config.Policy, own bool, err error) {
	data, err := fs.ReadFile(fsys, PolicyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return config.DefaultPolicy(), false, nil
	}

	if err != nil {
		return nil, false, fmt.Errorf("reading %s: %w", PolicyFile, err)
	}

	policy, err = config.ParsePolicy(PolicyFile, data)

	return policy, true, err
}

// ScanOptions are a policy as the scan takes it.
func ScanOptions(policy *config.Policy, memory *patch.Memory) patch.Options {
	o := patch.Options{Memory: memory}

	for _, a := range policy.Applications {
		o.Applications = append(o.Applications, patch.ApplicationConfig{
			Name:    a.Name,
			Root:    a.Root,
			Images:  patch.Family{Web: a.Images.Web, Streaming: a.Images.Streaming, TagSuffix: a.Images.TagSuffix},
			Notes:   a.Notes,
			Exclude: a.Exclude,
		})
	}

	return o
}

// PolicyOf is the policy for one application: its own, that of the file's
// only unnamed one, or the defaults.
func (v *View) PolicyOf(app patch.Application) config.Application {
	for _, a := range v.Policy.Applications {
		if a.Name == app.Name || a.Name == "" {
			return a
		}
	}

	return config.DefaultApplication()
}

// NoApplicationError says that a tree holds nothing to look after.
type NoApplicationError struct{ Images []string }

func (e *NoApplicationError) Error() string {
	return "no image of Mastodon is named anywhere in this tree (looked for " + strings.Join(e.Images, ", ") +
		"); for a mirror or a fork name its images in " + PolicyFile
}

// ChoiceError says that a tree holds several applications, or none of the
// name asked for.
type ChoiceError struct {
	Asked string
	Names []string
}

func (e *ChoiceError) Error() string {
	names := strings.Join(e.Names, ", ")
	if e.Asked != "" {
		return fmt.Sprintf("there is no application %q here; there is %s", e.Asked, names)
	}

	return "several applications are here: " + names + "; choose one with --app NAME or all with --all"
}

// Select picks applications by name: the only one when name is empty, every
// one with all.
func (v *View) Select(name string, all bool) ([]patch.Application, error) {
	apps := v.Tree.Applications

	if len(apps) == 0 {
		return nil, &NoApplicationError{Images: v.lookedFor()}
	}

	if all || name == "" && len(apps) == 1 {
		return apps, nil
	}

	var names []string
	for _, a := range apps {
		names = append(names, a.Name)
	}

	if i := slices.Index(names, name); i >= 0 {
		return apps[i : i+1], nil
	}

	return nil, &ChoiceError{Asked: name, Names: names}
}

func (v *View) lookedFor() []string {
	var images []string

	for _, f := range patch.BuiltIn() {
		images = append(images, f.Web)
	}

	for _, a := range v.Policy.Applications {
		if a.Images.Web != "" {
			images = append(images, a.Images.Web)
		}
	}

	return images
}

// Family is the images that an application really uses, web first: a release
// must have these and no others.
func (v *View) Family(app patch.Application) registry.Family {
	used := map[string]bool{}

	for _, r := range v.Tree.References {
		if r.Application == app.Name {
			used[r.Image] = true
		}
	}

	f := registry.Family{TagSuffix: app.Family.TagSuffix}

	for _, image := range []string{app.Family.Web, app.Family.Streaming} {
		if used[image] {
			f.Images = append(f.Images, image)
		}
	}

	return f
}
