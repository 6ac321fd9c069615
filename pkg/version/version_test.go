package version_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

func TestParse(t *testing.T) {
	t.Parallel()

	const sha = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
	for _, c := range []struct {
		tag   string
		kind  version.Kind
		text  string
		fixed bool
		line  string
	}{
		{"v4.4.3", version.Release, "v4.4.3", true, "4.4"},
		{"4.4.3", version.Release, "v4.4.3", true, "4.4"},
		{"v10.20.30", version.Release, "v10.20.30", true, "10.20"},
		{"v4.4.3+glitch", version.Release, "v4.4.3", true, "4.4"},
		{"4.4.3+glitch.pr-12", version.Release, "v4.4.3", true, "4.4"},
		{"v4.5.0-beta.1+glitch", version.Prerelease, "v4.5.0-beta.1", true, "4.5"},
		{"v4.5.0-alpha.3", version.Prerelease, "v4.5.0-alpha.3", true, "4.5"},
		{"v4.5.0-rc.12", version.Prerelease, "v4.5.0-rc.12", true, "4.5"},
		{"4.3.0a1", version.Prerelease, "v4.3.0-alpha.1", true, "4.3"},
		{"4.3.0b1", version.Prerelease, "v4.3.0-beta.1", true, "4.3"},
		{"4.3.0rc1", version.Prerelease, "v4.3.0-rc.1", true, "4.3"},
		{"4.3.0c1", version.Prerelease, "v4.3.0-rc.1", true, "4.3"},
		{"v2.9.0rc2", version.Prerelease, "v2.9.0-rc.2", true, "2.9"},
		{"v4.3.0-beta1", version.Prerelease, "v4.3.0-beta.1", true, "4.3"},
		{"nightly.2026-01-02", version.Nightly, "nightly.2026-01-02", true, "0.0"},
		{"nightly.2026-01-03-security", version.Nightly, "nightly.2026-01-03-security", true, "0.0"},
		{"nightly.2024-02-29", version.Nightly, "nightly.2024-02-29", true, "0.0"},
		{"pr-31415", version.PullRequest, "pr-31415", false, "0.0"},
		{"pr-31415-0a1b2c3", version.PullRequest, "pr-31415-0a1b2c3", true, "0.0"},
		{"pr-1-" + sha, version.PullRequest, "pr-1-" + sha, true, "0.0"},
		{"latest", version.Floating, "latest", false, "0.0"},
		{"edge", version.Floating, "edge", false, "0.0"},
		{"nightly", version.Floating, "nightly", false, "0.0"},
		{"v4.4", version.Floating, "v4.4", false, "4.4"},
		{"4.4", version.Floating, "4.4", false, "4.4"},
		{"v4", version.Floating, "v4", false, "0.0"},
	} {
		v := version.Parse(c.tag)
		if v.Kind() != c.kind || v.String() != c.text || v.Fixed() != c.fixed || v.Line().String() != c.line {
			t.Errorf("Parse(%q) = %v %q fixed=%v line=%v, want %v %q fixed=%v line=%s",
				c.tag, v.Kind(), v, v.Fixed(), v.Line(), c.kind, c.text, c.fixed, c.line)
		}
	}
}

func TestParseJunk(t *testing.T) {
	t.Parallel()

	for _, tag := range []string{
		"", "v", "main", "stable-4.4", "v4.4.3-security", "v4.4.3-glitch", "v4.4.3-", "v4.4.3+", "v4.4.3+a b", "v4.4.3.1", "v4.4.3.post1",
		"v04.4.3", "v4.04.3", "v4.4.03", "v4.4.3-rc", "v4.4.3-rc.01", "v4.4.3-rc.1.2", "V4.4.3", "vv4.4.3", " v4.4.3", "v4.4.3\n", "v4.4.3 ",
		"v9999999999.0.0", "v99999999999999999999999.0.0", "v-1.0.0", "v4.4.x", "4.4.*", "v4.5.0-nightly.2026-01-02", "v4.5.0-dev.1",
		"nightly.2026-02-30", "nightly.2026-1-2", "nightly-2026-01-02", "nightly.2026-01-02-securities", "nightly.20260102", "nightly.2026-01-02+glitch",
		"pr-", "pr-0", "pr-01", "pr-x", "pr-1-", "pr-1-xyz", "pr-1-0A1B2C3", "pr-1-0a1", "latest-security", "Latest", "edge2",
		"sha256:0a1b2c3d", "<tag>", "${VERSION}", "v4.4.3<!-- bot -->", "v４.4.3", "ｖ4.4.3", "v4.4.3\u202e", "v4․4․3",
	} {
		v := version.Parse(tag)
		if v.Kind() != version.Unknown || v.Fixed() || v.Tag() != tag || v.String() != tag {
			t.Errorf("Parse(%q) = %v %q fixed=%v tag=%q, want an unknown tag left as it is", tag, v.Kind(), v, v.Fixed(), v.Tag())
		}

		for _, c := range version.Channels() {
			if c.Admits(v) {
				t.Errorf("%s admits %q", c, tag)
			}
		}
	}
}

func TestTagIsWhatARegistryCanHold(t *testing.T) {
	t.Parallel()

	if got := version.Parse("v4.4.3+glitch").Tag(); got != "v4.4.3" {
		t.Errorf("tag of a typed v4.4.3+glitch is %q, want v4.4.3", got)
	}

	if got := version.Parse("4.3.0b1").Tag(); got != "4.3.0b1" {
		t.Errorf("tag of 4.3.0b1 is %q, want it as it stood", got)
	}
}

func TestParseSuffixed(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		tag, suffix string
		kind        version.Kind
		text        string
	}{
		{"v4.4.3-example", "-example", version.Release, "v4.4.3"},
		{"4.3.0b1-example", "-example", version.Prerelease, "v4.3.0-beta.1"},
		{"v4.4.3-security", "-security", version.Release, "v4.4.3"},
		{"nightly.2026-01-03-security-example", "-example", version.Nightly, "nightly.2026-01-03-security"},
		{"latest-example", "-example", version.Floating, "latest"},
		{"v4.4.3", "", version.Release, "v4.4.3"},
		{"v4.4.3", "-example", version.Unknown, "v4.4.3"},
		{"v4.4.3-other", "-example", version.Unknown, "v4.4.3-other"},
		{"-example", "-example", version.Unknown, ""},
		{"v4.4.3+x-example", "-example", version.Unknown, "v4.4.3+x-example"},
	} {
		v := version.ParseSuffixed(c.tag, c.suffix)
		if v.Kind() != c.kind || v.String() != c.text || v.Tag() != c.tag {
			t.Errorf("ParseSuffixed(%q, %q) = %v %q tag %q, want %v %q", c.tag, c.suffix, v.Kind(), v, v.Tag(), c.kind, c.text)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		a, b version.Version
		want bool
	}{
		{version.Parse("4.3.0b1"), version.Parse("v4.3.0-beta.1"), true},
		{version.Parse("4.3.0rc1"), version.Parse("v4.3.0-rc.1"), true},
		{version.Parse("4.4.3"), version.Parse("v4.4.3"), true},
		{version.ParseSuffixed("v4.4.3-x", "-x"), version.Parse("v4.4.3"), true},
		{version.ParseSuffixed("latest-x", "-x"), version.Parse("latest"), true},
		{version.Parse("v4.3.0-beta.1"), version.Parse("v4.3.0-rc.1"), false},
		{version.Parse("v4.4"), version.Parse("v4.4.0"), false},
		{version.Parse("nightly"), version.Parse("nightly.2026-01-02"), false},
		{version.Parse("nightly.2026-01-02"), version.Parse("nightly.2026-01-02-security"), false},
		{version.Version{}, version.Parse(""), true},
		{version.Version{}, version.Parse("x"), false},
	} {
		if c.a.Equal(c.b) != c.want || c.b.Equal(c.a) != c.want {
			t.Errorf("%q equal to %q is not %v", c.a.Tag(), c.b.Tag(), c.want)
		}
	}
}

// ascents lists each ascent's versions from old to new; a line holds the spellings of one version.
func ascents() [][][]string {
	return [][][]string{
		{
			{"v3.5.19"},
			{"v4.2.30"},
			{"v4.3.0-alpha.1", "4.3.0a1"},
			{"v4.3.0-alpha.10"},
			{"v4.3.0-beta.1", "4.3.0b1"},
			{"v4.3.0-beta.2", "4.3.0b2"},
			{"v4.3.0-rc.1", "4.3.0rc1", "v4.3.0rc1"},
			{"v4.3.0-rc.2"},
			{"v4.3.0-rc.10"},
			{"v4.3.0", "4.3.0", "v4.3.0+glitch"},
			{"v4.3.1"},
			{"v4.3.9"},
			{"v4.3.10"},
			{"v4.10.0-beta.1"},
			{"v4.10.0"},
			{"v10.0.0"},
		},
		{
			{"nightly.2025-12-31"},
			{"nightly.2026-01-02"},
			{"nightly.2026-01-03"},
			{"nightly.2026-01-03-security"},
			{"nightly.2026-01-04"},
		},
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()

	for which, ascent := range ascents() {
		for i, as := range ascent {
			for j, bs := range ascent {
				for _, a := range as {
					for _, b := range bs {
						got, ok := version.Compare(version.Parse(a), version.Parse(b))
						if !ok || got != sign(i-j) {
							t.Errorf("Compare(%s, %s) = %d %v, want %d", a, b, got, ok, sign(i-j))
						}
					}
				}
			}
		}

		for _, other := range ascents()[1-which] {
			if _, ok := version.Compare(version.Parse(ascent[0][0]), version.Parse(other[0])); ok {
				t.Errorf("%s and %s compare", ascent[0][0], other[0])
			}
		}
	}

	for _, tag := range []string{"latest", "v4.4", "pr-1", "pr-1-0a1b2c3", "junk"} {
		if _, ok := version.Compare(version.Parse(tag), version.Parse(tag)); ok {
			t.Errorf("%s compares with itself", tag)
		}
	}
}

func sign(n int) int { return min(1, max(-1, n)) }

// TestOrderIsTotal draws tags of all shapes and checks the laws of an order, inside an ascent and over all tags.
func TestOrderIsTotal(t *testing.T) {
	t.Parallel()

	random := rand.New(rand.NewPCG(4, 4))
	for range 20_000 {
		a, b, c := draw(random), draw(random), draw(random)

		ab, okAB := version.Compare(a, b)
		ba, okBA := version.Compare(b, a)
		bc, okBC := version.Compare(b, c)
		ac, okAC := version.Compare(a, c)

		if ab != -ba || okAB != okBA {
			t.Fatalf("not antisymmetric: %q %q", a.Tag(), b.Tag())
		}

		if okAB && okBC && (!okAC || ab <= 0 && bc <= 0 && ac > 0) {
			t.Fatalf("not transitive: %q %q %q", a.Tag(), b.Tag(), c.Tag())
		}

		if okAB && (ab == 0) != a.Equal(b) || a.Equal(b) != b.Equal(a) {
			t.Fatalf("order and equality disagree: %q %q", a.Tag(), b.Tag())
		}

		if version.CompareAny(a, b) != -version.CompareAny(b, a) || (version.CompareAny(a, b) == 0) != (a == b) {
			t.Fatalf("the order for display is not antisymmetric: %q %q", a.Tag(), b.Tag())
		}

		if version.CompareAny(a, b) <= 0 && version.CompareAny(b, c) <= 0 && version.CompareAny(a, c) > 0 {
			t.Fatalf("the order for display is not transitive: %q %q %q", a.Tag(), b.Tag(), c.Tag())
		}
	}
}

// draw picks from few values, so that equal and neighbouring versions are frequent.
func draw(r *rand.Rand) version.Version {
	core := []string{"4.3.0", "4.3.1", "4.4.0", "4.10.0"}[r.IntN(4)]
	tags := []string{
		"v" + core, core, "v" + core + "-beta.1", core + "b1", "v" + core + "-rc.2", core + "rc10", "v" + core + "-alpha.1",
		"nightly.2026-01-02", "nightly.2026-01-02-security", "nightly.2026-01-03", "latest", "edge", "v4.3", "4.3", "pr-1", "pr-1-0a1b2c3", "junk", "",
	}

	return version.Parse(tags[r.IntN(len(tags))])
}

func TestCompareAnySortsForReading(t *testing.T) {
	t.Parallel()

	want := []string{"v4.3.0-rc.1", "4.3.0", "v4.3.0", "v4.10.0", "nightly.2026-01-02", "pr-1", "edge", "v4.4", "junk"}
	got := make([]version.Version, 0, len(want))
	for _, tag := range want {
		got = append(got, version.Parse(tag))
	}

	slices.Reverse(got)
	slices.SortFunc(got, version.CompareAny)

	for i, v := range got {
		if v.Tag() != want[i] {
			t.Errorf("at %d stands %s, want %s", i, v.Tag(), want[i])
		}
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()

	admitted := map[string][]version.Channel{
		"v4.4.3":                      {version.Stable, version.Prereleases},
		"v4.5.0-rc.1":                 {version.Prereleases},
		"4.5.0b1":                     {version.Prereleases},
		"nightly.2026-01-02":          {version.Nightlies},
		"nightly.2026-01-03-security": {version.Nightlies},
		"nightly":                     nil, "latest": nil, "edge": nil, "v4.4": nil, "pr-1": nil, "pr-1-0a1b2c3": nil, "junk": nil,
	}
	for tag, want := range admitted {
		for _, c := range append(version.Channels(), "made-up") {
			if got := c.Admits(version.Parse(tag)); got != slices.Contains(want, c) {
				t.Errorf("%s admits %s: %v", c, tag, got)
			}
		}
	}

	if c, err := version.ParseChannel("prerelease"); err != nil || c != version.Prereleases {
		t.Errorf("ParseChannel(prerelease) = %q, %v", c, err)
	}

	if _, err := version.ParseChannel("Stable"); err == nil {
		t.Error("ParseChannel(Stable) succeeds")
	}
}

func TestNightly(t *testing.T) {
	t.Parallel()

	v := version.Parse("nightly.2026-01-03-security")
	if at, ok := v.Date(); !ok || !at.Equal(time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)) || !v.Security() {
		t.Errorf("date %v %v security %v", at, ok, v.Security())
	}

	if _, ok := version.Parse("v4.4.3").Date(); ok {
		t.Error("a release has a date")
	}
}

func TestJSONShowsTheTag(t *testing.T) {
	t.Parallel()

	got, err := json.Marshal(map[string]any{"version": version.Parse("4.3.0b1"), "range": mustRange(t, "<4.7.0")})
	if err != nil || string(got) != `{"range":"\u003c4.7.0","version":"4.3.0b1"}` {
		t.Errorf("%s, %v", got, err)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()

	a, b := version.Line{Major: 4, Minor: 9}, version.Line{Major: 4, Minor: 10}
	if a.Compare(b) >= 0 || b.Compare(a) <= 0 || a.Compare(a) != 0 || (version.Line{Major: 5}).Compare(b) <= 0 {
		t.Error("lines are not ordered by number")
	}
}
