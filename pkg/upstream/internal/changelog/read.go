package changelog

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Name is the file's name in the source.
const Name = "CHANGELOG.md"

var (
	heading  = lazyre.New(`^## +\[?v?([0-9][0-9A-Za-z.+-]*)\]?(?:\([^)]*\))?(?:\s+-\s+([0-9]{4}-[0-9]{2}-[0-9]{2}))?`)
	security = lazyre.New(`(?i)^#{3,} +security\b`)
	advisory = lazyre.New(`(?i)\b(?:GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|CVE-[0-9]{4}-[0-9]{4,})\b`)
	fence    = lazyre.New("^ {0,3}(```+|~~~+)")
)

// Read reads the sections of a changelog, in its own order. Headings that name no release (Unreleased) are none.
func Read(text string) []facts.Release {
	var out []facts.Release
	in := false // inside a release's section
	fenced := ""
	line := 0
	for l := range strings.Lines(text) {
		line++
		l = strings.TrimRight(l, "\r\n")
		if m := fence.FindStringSubmatch(l); m != nil {
			switch {
			case fenced == "":
				fenced = m[1]
			case strings.HasPrefix(m[1], fenced):
				fenced = ""
			}
			continue
		}
		if fenced != "" {
			continue
		}
		if strings.HasPrefix(l, "## ") {
			r, ok := release(l, line)
			if in = ok; ok {
				out = append(out, r)
			}
			continue
		}
		if in {
			note(&out[len(out)-1], l)
		}
	}
	for i := range out {
		slices.Sort(out[i].Advisories)
		out[i].Advisories = slices.Compact(out[i].Advisories)
	}
	return out
}

func release(l string, line int) (facts.Release, bool) {
	m := heading.FindStringSubmatch(l)
	if m == nil {
		return facts.Release{}, false
	}
	v := version.Parse(m[1])
	if v.Kind() != version.Release && v.Kind() != version.Prerelease {
		return facts.Release{}, false
	}
	return facts.Release{
		Version: v.String(), Date: m[2], Advisories: []string{}, Place: facts.Place{File: Name, Line: line},
	}, true
}

// note reads one line of a section.
func note(r *facts.Release, l string) {
	if security.MatchString(l) {
		r.Security = true
	}
	for _, id := range advisory.FindAllString(l, -1) {
		r.Advisories = append(r.Advisories, Canonical(id))
		r.Security = true
	}
}

// Canonical spells an id as its registry does: GHSA-xxxx-xxxx-xxxx, CVE-2025-12345.
func Canonical(id string) string {
	if len(id) > 4 && strings.EqualFold(id[:4], "ghsa") {
		return "GHSA" + strings.ToLower(id[4:])
	}
	return strings.ToUpper(id)
}

// Section returns the text of one release's section, without its heading; ok is false when there is none.
func Section(text string, v version.Version) (section string, ok bool) {
	start, offset := -1, 0
	for _, r := range Read(text) {
		if version.Parse(r.Version).Equal(v) {
			start = r.Line
		}
	}
	if start < 0 {
		return "", false
	}
	from, line := -1, 0
	for l := range strings.Lines(text) {
		line++
		switch {
		case line == start:
			from = offset + len(l)
		case from >= 0 && strings.HasPrefix(l, "## "):
			return strings.TrimSpace(text[from:offset]), true
		}
		offset += len(l)
	}
	return strings.TrimSpace(text[min(from, len(text)):]), true
}
