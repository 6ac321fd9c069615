package version_test

import (
	"testing"

	"github.com/goingdark-social/bot/pkg/version"
)

// FuzzParse holds whatever a registry or a person sends to what the rest of the program builds on.
func FuzzParse(f *testing.F) {
	for _, ascent := range ascents() {
		for _, spellings := range ascent {
			for _, tag := range spellings {
				f.Add(tag, "")
			}
		}
	}

	f.Add("v4.4.3-security", "-security")
	f.Add("pr-1-0a1b2c3", "")
	f.Add("v4", "4")
	f.Add("v9223372036854775807.0.0", "")
	f.Add("nightly.9999-12-31", "")

	f.Fuzz(func(t *testing.T, tag, suffix string) {
		for _, v := range []version.Version{version.Parse(tag), version.ParseSuffixed(tag, suffix)} {
			again := version.Parse(v.String())
			if v.Kind() != version.Unknown && (!again.Equal(v) || again.String() != v.String()) {
				t.Errorf("%q reads back as %q", v, again)
			}

			if !v.Equal(v) || version.CompareAny(v, v) != 0 {
				t.Errorf("%q is not itself", v)
			}

			if v.Kind() == version.Floating && v.Fixed() || v.Kind() == version.Release && !v.Fixed() {
				t.Errorf("%q of kind %v: fixed is %v", v, v.Kind(), v.Fixed())
			}

			for _, c := range version.Channels() {
				if c.Admits(v) && !v.Fixed() {
					t.Errorf("%s admits %q, which moves", c, v)
				}
			}
		}
	})
}

// FuzzParseRange looks for ranges that are accepted and contradict themselves.
func FuzzParseRange(f *testing.F) {
	for _, text := range []string{"", "<4.7.0", ">=4.4 <4.7", "4.4.x", "!=4.5.3", "4.x", ">=v4.5.0-rc.1", "< 4", "==4.4.3", ",,"} {
		f.Add(text, "v4.4.3")
	}

	f.Fuzz(func(t *testing.T, text, tag string) {
		r, err := version.ParseRange(text)
		if err != nil {
			return
		}

		again, err := version.ParseRange(r.String())
		if err != nil {
			t.Fatalf("%q does not read back: %v", r, err)
		}

		if v := version.Parse(tag); r.Contains(v) != again.Contains(v) {
			t.Errorf("%q and %q disagree about %q", text, r, tag)
		}
	})
}
