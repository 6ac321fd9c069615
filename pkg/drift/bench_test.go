package drift_test

import (
	"context"
	"os"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

const slowTree = "../../examples/as-noted"

// everything is what bot drift --offline does, nothing kept from another run.
func everything(tb testing.TB) {
	tb.Helper()

	ctx := context.Background()
	tree := os.DirFS(slowTree)

	scan, err := patch.Scan(ctx, tree, patch.Options{})
	if err != nil {
		tb.Fatal(err)
	}

	repository, err := drift.Read(ctx, tree, scan)
	if err != nil {
		tb.Fatal(err)
	}

	o := options()
	o.Facts = func(_ context.Context, v version.Version) (*facts.Facts, error) { return facts.Embedded(v) }

	for _, app := range scan.Applications {
		in, unknown, err := repository.Prepare(ctx, app, o)
		if err != nil || unknown != nil {
			tb.Fatal(err, unknown)
		}

		if found, _ := drift.Run(in, drift.Checks()); len(found) == 0 {
			tb.Fatal("nothing found")
		}
	}
}

// build is kustomize build.
func build(tb testing.TB) {
	tb.Helper()

	m, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), slowTree+"/k8s/applications/web/mastodon")
	if err != nil {
		tb.Fatal(err)
	}

	if _, err := m.AsYaml(); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkDrift(b *testing.B) {
	for b.Loop() {
		everything(b)
	}
}

func BenchmarkKustomizeBuild(b *testing.B) {
	for b.Loop() {
		build(b)
	}
}
