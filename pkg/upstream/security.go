package upstream

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Advisory is one published security advisory of the repository.
type Advisory struct {
	ID        string // GHSA-…
	CVE       string // empty when none was assigned
	Severity  string // low, medium, high, critical; empty when unknown
	URL       string
	Published time.Time
	Ranges    []AffectedRange
}

// AffectedRange is one range of versions that an advisory speaks of.
type AffectedRange struct {
	// Vulnerable as published: ">= 4.4.0, < 4.4.8".
	Vulnerable string
	// Patched are the first releases, a line each, with the fix.
	Patched []version.Version
}

// Published lists the repository's advisories, newest first, without withdrawn ones.
func (a *Advisories) Published(ctx context.Context) ([]Advisory, error) {
	u, err := url.Parse(a.o.APIURL + "/repos/" + a.o.Repository + "/security-advisories?state=published&per_page=100")
	if err != nil {
		return nil, fmt.Errorf("address of the advisories: %w", err)
	}
	token := ""
	if a.o.Token != nil {
		if token, err = a.o.Token(ctx); err != nil {
			return nil, fmt.Errorf("token for the advisories: %w", err)
		}
	}
	out := []Advisory{}
	// The number of pages is bounded: a server that always has a next one would never let go.
	for range 50 {
		var page []published
		next, err := a.get(ctx, u, token, &page)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			if p.WithdrawnAt == "" {
				out = append(out, p.advisory())
			}
		}
		if u = next; u == nil {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Advisory) int { return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// published is the part of GitHub's answer that counts.
type published struct {
	GHSA            string `json:"ghsa_id"`
	CVE             string `json:"cve_id"`
	Severity        string `json:"severity"`
	HTMLURL         string `json:"html_url"`
	PublishedAt     string `json:"published_at"`
	WithdrawnAt     string `json:"withdrawn_at"`
	Vulnerabilities []struct {
		Vulnerable string `json:"vulnerable_version_range"`
		Patched    string `json:"patched_versions"`
	} `json:"vulnerabilities"`
}

func (p published) advisory() Advisory {
	out := Advisory{ID: p.GHSA, CVE: p.CVE, Severity: p.Severity, URL: p.HTMLURL, Published: moment(p.PublishedAt)}
	for _, v := range p.Vulnerabilities {
		r := AffectedRange{Vulnerable: v.Vulnerable}
		for patched := range strings.SplitSeq(v.Patched, ",") {
			if p := version.Parse(strings.TrimSpace(strings.Trim(patched, " >=^~"))); p.Fixed() {
				r.Patched = append(r.Patched, p)
			}
		}
		out.Ranges = append(out.Ranges, r)
	}
	return out
}

// Affects says that a release has the weakness: it is in a vulnerable range, and its own line has no earlier fix.
func (a Advisory) Affects(v version.Version) bool {
	return slices.ContainsFunc(a.Ranges, func(r AffectedRange) bool {
		return within(r.Vulnerable, v) && !slices.ContainsFunc(r.Patched, func(p version.Version) bool {
			order, ok := version.Compare(v, p)
			return ok && order >= 0 && p.Line() == v.Line()
		})
	})
}

// PatchedIn says that the release is the first of its line with the fix.
func (a Advisory) PatchedIn(v version.Version) bool {
	return slices.ContainsFunc(a.Ranges, func(r AffectedRange) bool { return slices.ContainsFunc(r.Patched, v.Equal) })
}

// within reads a range of GitHub: comparisons separated by commas, all of which have to hold. A range that cannot be
// read holds nobody.
func within(ranges string, v version.Version) bool {
	for part := range strings.SplitSeq(ranges, ",") {
		part = strings.TrimSpace(part)
		bound := strings.TrimLeft(part, "<>= ")
		order, ok := version.Compare(v, version.Parse(bound))
		if !ok || !holds(strings.TrimSpace(part[:len(part)-len(bound)]), order) {
			return false
		}
	}
	return true
}

func holds(operator string, order int) bool {
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "", "=":
		return order == 0
	default:
		return false
	}
}

// Fix is one security fix of a release, and who says so.
type Fix struct {
	ID       string
	Severity string // empty when only the changelog says so
	Source   FactSource
}

// Fixes lists what a release fixes, by id: what the advisories say, nil when they could not be asked, and what the
// changelog names beside these. Upstream writes a changelog before the advisory is public, so neither is complete alone.
func Fixes(v version.Version, advisories []Advisory, changelog []facts.Release) []Fix {
	out := []Fix{}
	known := map[string]bool{}
	for _, a := range advisories {
		if a.PatchedIn(v) {
			out = append(out, Fix{a.ID, a.Severity, FromAdvisories})
			known[a.ID], known[a.CVE] = true, true
		}
	}
	for _, r := range changelog {
		if !version.Parse(r.Version).Equal(v) {
			continue
		}
		for _, id := range r.Advisories {
			if !known[id] {
				out = append(out, Fix{ID: id, Source: FromChangelog})
			}
		}
	}
	slices.SortFunc(out, func(a, b Fix) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
