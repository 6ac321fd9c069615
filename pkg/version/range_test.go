package version_test

import (
	"testing"

	"github.com/goingdark-social/bot/pkg/version"
)

func mustRange(t *testing.T, s string) version.Range {
	t.Helper()

	r, err := version.ParseRange(s)
	if err != nil {
		t.Fatal(err)
	}

	return r
}

func TestRange(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		text    string
		in, out []string
	}{
		{"", []string{"v1.0.0", "v4.5.0-rc.1", "nightly.2026-01-02", "latest", "junk"}, nil},
		{"<4.7.0", []string{"v4.6.99", "v4.6.0-rc.1", "v3.0.0"}, []string{"v4.7.0", "v4.7.0-rc.1", "4.7.0b1", "v4.7.1", "nightly.2026-01-02", "latest", "v4.4"}},
		{"<4.7", []string{"v4.6.99"}, []string{"v4.7.0", "v4.7.0-beta.1", "v4.7.3"}},
		{"<5", []string{"v4.99.0"}, []string{"v5.0.0", "v5.0.0-beta.1", "v5.1.0-beta.1"}},
		{"<4.7.0-rc.2", []string{"v4.7.0-rc.1", "v4.7.0-beta.1"}, []string{"v4.7.0-rc.2", "v4.7.0"}},
		{"<=4.7.0", []string{"v4.7.0", "v4.7.0-rc.1"}, []string{"v4.7.1"}},
		{"<=4.7", []string{"v4.7.0", "v4.7.9"}, []string{"v4.8.0", "v4.8.0-beta.1"}},
		{">4.4", []string{"v4.5.0"}, []string{"v4.4.9", "v4.4.0"}},
		{">4.4.3", []string{"v4.4.4", "v4.5.0-rc.1"}, []string{"v4.4.3", "v4.4.3-rc.1"}},
		{">=4.4.0 <4.7.0", []string{"v4.4.0", "v4.6.1"}, []string{"v4.3.9", "v4.7.0", "v4.4.0-rc.1"}},
		{">=4.4, <4.7", []string{"v4.4.0", "v4.6.1", "v4.5.0-rc.1"}, []string{"v4.3.9", "v4.7.0", "v4.4.0-rc.1"}},
		{">= 4.4  < 4.7", []string{"v4.4.0", "v4.6.1"}, []string{"v4.7.0"}},
		{">=v4.5.0-rc.1", []string{"v4.5.0-rc.1", "4.5.0rc2", "v4.5.0"}, []string{"v4.5.0-beta.2"}},
		{"4.4.x", []string{"v4.4.0", "v4.4.99", "v4.4.0-rc.1"}, []string{"v4.5.0", "v4.3.9"}},
		{"4.4.*", []string{"v4.4.0"}, []string{"v4.5.0"}},
		{"4.x", []string{"v4.0.0", "v4.9.0"}, []string{"v5.0.0"}},
		{"4.x.x", []string{"v4.0.0", "v4.9.0"}, []string{"v5.0.0"}},
		{"4.4", []string{"v4.4.7"}, []string{"v4.5.0"}},
		{"=4.4.3", []string{"v4.4.3", "4.4.3"}, []string{"v4.4.4", "v4.4.3-rc.1"}},
		{"==4.4.3", []string{"v4.4.3"}, []string{"v4.4.4"}},
		{">=4.4 !=4.5.3", []string{"v4.5.2", "v4.5.4"}, []string{"v4.5.3"}},
		{"!=4.5.x", []string{"v4.4.2", "v4.6.0"}, []string{"v4.5.3", "v4.5.0-rc.1"}},
	} {
		r := mustRange(t, c.text)
		for _, tag := range c.in {
			if !r.Contains(version.Parse(tag)) {
				t.Errorf("%q leaves out %s", c.text, tag)
			}
		}

		for _, tag := range c.out {
			if r.Contains(version.Parse(tag)) {
				t.Errorf("%q holds %s", c.text, tag)
			}
		}
	}
}

func TestRangeRefuses(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"<", "4.4.3 <", "~4.4", "^4.4", "<4.7.0 || >5", "latest", "nightly.2026-01-02", "<latest", "4.x.3", "x", "*", "<<4.7", "=<4.7", "4.7.0.1", "<4.07", "<-4", "!4.4",
		"4.4.3+glitch ~", "v4.4.3-foo",
	} {
		if r, err := version.ParseRange(text); err == nil {
			t.Errorf("ParseRange(%q) = %q, want an error", text, r)
		}
	}
}

func TestRangeText(t *testing.T) {
	t.Parallel()

	if got := mustRange(t, "  >=4.4 ,  <4.7 ").String(); got != ">=4.4 <4.7" {
		t.Errorf("text %q", got)
	}
}
