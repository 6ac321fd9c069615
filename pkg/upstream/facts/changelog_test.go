package facts

import (
	"slices"
	"testing"

	"github.com/goingdark-social/bot/pkg/version"
)

// TestChangelogHasEveryRelease: what each release's own changelog says of itself is there, once.
func TestChangelogHasEveryRelease(t *testing.T) {
	t.Parallel()
	all, err := Changelog()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(all, CompareReleases) {
		t.Error("not in order")
	}
	by := map[string]Release{}
	for _, r := range all {
		if _, twice := by[r.Version]; twice {
			t.Errorf("%s stands twice", r.Version)
		}
		by[r.Version] = r
	}
	for _, v := range []string{"v4.3.8", "v4.4.4", "v4.5.0"} {
		f, err := Embedded(version.Parse(v))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range f.Changelog[:20] {
			got := by[want.Version]
			if want.Security && !got.Security || want.Date != "" && got.Date == "" {
				t.Errorf("%s: %+v, but %s says %+v", want.Version, got, v, want)
			}
			for _, id := range want.Advisories {
				if !slices.Contains(got.Advisories, id) {
					t.Errorf("%s: %s is missing", want.Version, id)
				}
			}
		}
	}
}
