package patch_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestATreeAtRestPlansTheSame(t *testing.T) {
	t.Parallel()

	awake, err := patch.Scan(t.Context(), os.DirFS("../../examples/goingdark"), patch.Options{})
	if err != nil {
		t.Fatal(err)
	}

	resting := *awake

	for range 2 {
		if err := resting.Rest(); err != nil {
			t.Fatal(err)
		}
	}

	if awake.Size() < 2*resting.Size() {
		t.Errorf("at rest it takes %d bytes of %d", resting.Size(), awake.Size())
	}

	target := patch.Target{Version: version.Parse("v4.4.4")}

	for range 2 {
		want, err := awake.Plan(awake.Applications[0].Name, target)
		if err != nil {
			t.Fatal(err)
		}

		got, err := resting.Plan(awake.Applications[0].Name, target)
		if err != nil {
			t.Fatal(err)
		}

		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Error(len(got), diff)
		}
	}
}
