package changelog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/changelog"
	"github.com/goingdark-social/bot/pkg/version"
)

const sample = "# Changelog\r\n" + `
## [Unreleased]

- Fix GHSA-2222-3333-4444

## [4.5.1] - 2025-11-13

### Fixed

- Nothing about GHSA or CVE

## [4.5.0] - 2025-11-06

### Security

- Update dependencies

## v4.4.8 - 2025-10-21
### Security
- In a link target only ([GHSA](https://github.com/x/y/security/advisories/ghsa-XFRJ-C749-JXXQ))
- A name of one and the target of another ([cve-2026-8461](https://github.com/advisories/GHSA-qff7-4q6c-m8h6)), twice GHSA-xfrj-c749-jxxq
` + "```\n## [9.9.9] - 2000-01-01\nGHSA-9999-9999-9999\n```\n" + `
## [4.4.0-beta.1] - 2025-06-05

## 4.3.0

- An id without a heading of its own: CVE-2024-12345
## Not a release 1
- CVE-2020-11111`

func TestRead(t *testing.T) {
	t.Parallel()
	at := func(line int) facts.Place { return facts.Place{File: "CHANGELOG.md", Line: line} }
	want := []facts.Release{
		{Version: "v4.5.1", Date: "2025-11-13", Advisories: []string{}, Place: at(7)},
		{Version: "v4.5.0", Date: "2025-11-06", Security: true, Advisories: []string{}, Place: at(13)},
		{
			Version: "v4.4.8", Date: "2025-10-21", Security: true, Place: at(19),
			Advisories: []string{"CVE-2026-8461", "GHSA-qff7-4q6c-m8h6", "GHSA-xfrj-c749-jxxq"},
		},
		{Version: "v4.4.0-beta.1", Date: "2025-06-05", Advisories: []string{}, Place: at(28)},
		{Version: "v4.3.0", Security: true, Advisories: []string{"CVE-2024-12345"}, Place: at(30)},
	}
	if diff := cmp.Diff(want, changelog.Read(sample)); diff != "" {
		t.Error(diff)
	}
}

func TestSection(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]string{
		"v4.5.0": "### Security\n\n- Update dependencies",
		"v4.3.0": "- An id without a heading of its own: CVE-2024-12345",
	} {
		got, ok := changelog.Section(sample, version.Parse(v))
		if !ok || got != want {
			t.Errorf("%s: %q, %v", v, got, ok)
		}
	}
	if _, ok := changelog.Section(sample, version.Parse("v4.2.0")); ok {
		t.Error("a section that is not there")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("## [4.5.0\n### security\n~~~")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range changelog.Read(text) {
			if r.Version == "" || r.Line < 1 {
				t.Errorf("%+v", r)
			}
			changelog.Section(text, version.Parse(r.Version))
		}
	})
}
