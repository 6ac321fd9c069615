package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/layout"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
)

// starter is a policy to begin with that names as much as it can of what was
// found without changing it: applications with their roots, or their names
// alone, or nothing. Each is tried on the tree.
func starter(ctx context.Context, v *look.View) ([]byte, error) {
	var rooted, named []config.Identity

	for _, app := range v.Tree.Applications {
		rooted = append(rooted, config.Identity{Name: app.Name, Root: root(app)})
		named = append(named, config.Identity{Name: app.Name})
	}

	for _, identities := range [][]config.Identity{rooted, named} {
		data := config.Starter(identities...)

		same, err := changesNothing(ctx, v, data)
		if err != nil {
			return nil, err
		}

		if same {
			return data, nil
		}
	}

	return config.Starter(), nil
}

// root is the folder of an application's roots: of several, the one that holds
// them all.
func root(app patch.Application) string {
	if len(app.Roots) == 1 {
		return app.Roots[0]
	}

	inside := make([]string, 0, len(app.Roots))
	for _, dir := range app.Roots {
		inside = append(inside, dir+"/.")
	}

	return layout.Folder(inside...)
}

// changesNothing tells whether a tree means the same with a policy as without.
// A name that a policy cannot hold is no error but a no.
func changesNothing(ctx context.Context, v *look.View, data []byte) (bool, error) {
	policy, err := config.ParsePolicy(look.PolicyFile, data)
	if err != nil {
		return false, nil //nolint:nilerr // the next candidate is simpler
	}

	tree, err := patch.Scan(ctx, v.FS, look.ScanOptions(policy, nil))
	if err != nil {
		return false, fmt.Errorf("trying the policy on the tree: %w", err)
	}

	return slices.Equal(outline(tree), outline(v.Tree)), nil
}

// outline is what a person sees of a tree.
func outline(t *patch.Tree) []string {
	var lines []string

	for _, a := range t.Applications {
		lines = append(lines, fmt.Sprintf("%q %q %v %v %t %q", a.Name, a.Roots, a.Family, a.On, a.Mixed, a.Notes))
	}

	for _, r := range t.References {
		lines = append(lines, fmt.Sprintf("%q %d %d %s %s %s %s %v %q %t",
			r.File, r.Line, r.Column, r.Form, r.Image, r.Tag, r.Digest, r.Components, r.Application, r.Shared))
	}

	for _, p := range t.Problems {
		lines = append(lines, p.String())
	}

	return lines
}
