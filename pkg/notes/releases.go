package notes

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// vanilla publishes the releases; the glitch-soc repository has tags alone.
const vanilla = "https://github.com/mastodon/mastodon"

// releases puts together what is crossed: the tags that are known and the target's own changelog. Lines run in parallel, so
// a later release of the old line is not crossed by going to a new one that is older.
func (w *writer) releases() {
	found := map[string]Release{}
	for _, r := range w.in.Crossed {
		if v := version.Parse(r.Version); w.crossed(v, r.Date) {
			r.Version = v.String()
			found[r.Version] = r
		}
	}
	if f := w.in.ToFacts; f != nil {
		for _, section := range f.Changelog {
			w.section(found, section)
		}
	}
	list := make([]Release, 0, len(found))
	for _, r := range found {
		r.URL = releasePage(version.Parse(r.Version))
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Release) int { return version.CompareAny(version.Parse(b.Version), version.Parse(a.Version)) })
	w.notes.Releases = fold(list)
}

// section adds one section of the changelog, which knows more than a tag does.
func (w *writer) section(found map[string]Release, section facts.Release) {
	v := version.Parse(section.Version)
	date, err := time.Parse(time.DateOnly, section.Date)
	if err != nil {
		date = time.Time{} // a heading without a date: the tag's own may be known
	}
	if order, ok := version.Compare(v, w.in.To); !ok || order > 0 {
		return
	}
	if order, ok := version.Compare(v, w.base); !ok || order <= 0 {
		return
	}
	r := found[v.String()]
	r.Version, r.Security, r.Advisories = v.String(), r.Security || section.Security, section.Advisories
	if r.Date.IsZero() {
		r.Date = date
	}
	r.Source = fmt.Sprintf("%s:%d", section.File, section.Line)
	r.Changelog = w.page(section.Place)
	found[r.Version] = r
}

// crossed tells whether a release lies on the way. One of another line than the target's does if the target's changelog has
// it, which is asked later; where the changelog does not reach, if the target is younger.
func (w *writer) crossed(v version.Version, date time.Time) bool {
	after, ok := version.Compare(v, w.base)
	upTo, same := version.Compare(v, w.in.To)
	if !ok || !same || after <= 0 || upTo > 0 {
		return false
	}
	if v.Line() == w.in.To.Line() {
		return true
	}
	if f := w.in.ToFacts; f != nil && !trimmed(v, f.Changelog) {
		return false
	}
	made := w.made()
	return date.IsZero() || made.IsZero() || !date.After(made)
}

// trimmed says that a changelog does not reach back to a version: later ones leave the oldest sections out.
func trimmed(v version.Version, changelog []facts.Release) bool {
	order, ok := version.Compare(v, oldest(changelog))
	return !ok || order < 0
}

// made is when the target was made, zero for unknown.
func (w *writer) made() time.Time {
	if f := w.in.ToFacts; f != nil && !f.Date.IsZero() {
		return f.Date
	}
	for _, r := range w.in.Crossed {
		if version.Parse(r.Version).Equal(w.in.To) {
			return r.Date
		}
	}
	return time.Time{}
}

// fold takes pre-releases of an included final out: what they changed is in the final's own section.
func fold(list []Release) []Release {
	finals := map[[3]int]bool{}
	for _, r := range list {
		if v := version.Parse(r.Version); v.Kind() == version.Release {
			finals[core(v)] = true
		}
	}
	return slices.DeleteFunc(list, func(r Release) bool {
		v := version.Parse(r.Version)
		return v.Kind() == version.Prerelease && finals[core(v)]
	})
}

func core(v version.Version) [3]int {
	major, minor, patch := v.Core()
	return [3]int{major, minor, patch}
}

func releasePage(v version.Version) string {
	if v.Kind() != version.Release && v.Kind() != version.Prerelease {
		return ""
	}
	return vanilla + "/releases/tag/" + url.PathEscape(v.String())
}

// page is a line of the target's source, as text; empty for a target that git has no tag of, or a source of another kind.
func (w *writer) page(p facts.Place) string {
	source := w.source()
	if source == nil {
		return ""
	}
	return source.JoinPath("blob", w.notes.To, p.File).String() + fmt.Sprintf("?plain=1#L%d", p.Line)
}

// source is the address of the upstream repository, nil when pages of it cannot be linked to.
func (w *writer) source() *url.URL {
	source, err := url.Parse(strings.TrimSuffix(strings.TrimSuffix(w.in.Source, "/"), ".git"))
	if err != nil || source.Scheme != "https" || source.User != nil || releasePage(w.in.To) == "" {
		return nil
	}
	return source
}

// links lead to pages that only versions with a tag in git have.
func (w *writer) links() {
	source := w.source()
	if source == nil {
		return
	}
	w.notes.Links.Release = releasePage(w.in.To)
	w.notes.Links.Changelog = source.JoinPath("blob", w.notes.To, "CHANGELOG.md").String()
	if releasePage(w.base) != "" && !w.same() {
		w.notes.Links.Compare = source.JoinPath("compare", w.base.String()+"..."+w.notes.To).String()
	}
}
