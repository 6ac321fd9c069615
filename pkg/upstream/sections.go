package upstream

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/upstream/internal/changelog"
	"github.com/goingdark-social/bot/pkg/version"
)

// Sections returns what the changelog of one version says of several releases, by their canonical names; releases that
// it does not name are missing. It is upstream's own text, in Markdown: read when it is shown, never kept. A repository
// at hand or far away is asked for this one file.
func Sections(ctx context.Context, src Source, at string, of ...version.Version) (map[string]string, error) {
	rev, err := resolve(ctx, src, at)
	if err != nil {
		return nil, err
	}
	wanted := onlyFile(changelog.Name)
	if rev.Commit == "" { // the version's own file tells whether the source is the right one
		wanted = ForFacts()
	}
	tree, err := src.Load(ctx, rev, wanted)
	if err != nil {
		return nil, err
	}
	file, ok := tree.Files[changelog.Name]
	if !ok {
		return nil, fmt.Errorf("%s has no %s at %s", src, changelog.Name, at)
	}
	out := map[string]string{}
	for _, v := range of {
		if text, ok := changelog.Section(file.Text, v); ok {
			out[v.String()] = text
		}
	}
	return out, nil
}
