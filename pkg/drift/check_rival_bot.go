package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/rival"
	"github.com/goingdark-social/bot/pkg/severity"
)

func rivalBot() Check {
	return Check{
		ID: "rival-bot", Severity: severity.Warning, Title: "another updater for the same images",
		Doc: `Renovate, Dependabot, Flux image policies, Keel and Argo CD Image Updater move one image at a time, and know nothing of migrations:
where one of them is configured for Mastodon's images, a release falls apart. So does it when a rule that is meant to exclude them
matches nothing. The fix is the snippet that excludes them. What a preset or something else outside the tree decides is not known:
info then.`,
		find: findRivals,
	}
}

func findRivals(in *Input) []Finding {
	var out []Finding

	for _, r := range in.Rivals {
		if !r.Verdict.Rivals() {
			continue
		}

		f := Finding{
			Place: Place{r.File, r.Line}, Name: string(r.Updater),
			Message:  fmt.Sprintf("%s moves %s as well, one at a time: %s", r.Updater.Title(), list(r.Images), r.Why),
			Expected: "one updater for one release", Actual: r.Updater.Title(),
			Fix: sentence(r.Snippet),
		}

		switch r.Verdict {
		case rival.Misses:
			f.Message = fmt.Sprintf("a rule of %s means to exclude %s and does not: %s", r.Updater.Title(), list(r.Images), r.Why)
		case rival.Unknown:
			f.Severity = severity.Info
			f.Message = fmt.Sprintf("%s may move %s as well: %s", r.Updater.Title(), list(r.Images), r.Why)
		default:
		}

		for _, p := range r.Places {
			f.Related = append(f.Related, Place{p.File, p.Line})
			f.Components = append(f.Components, in.componentsAt(p.File, p.Line)...)
		}

		out = append(out, f)
	}

	return out
}

// sentence is what to write, on one line.
func sentence(s rival.Snippet) string {
	text := strings.Join(strings.Fields(s.Text), " ")
	if s.Where == "" || text == "" {
		return "Keep it off these images."
	}

	return strings.ToUpper(s.Where[:1]) + s.Where[1:] + ": " + text
}

// movable are the places that another updater could change.
func (in *Input) movable() []rival.Place {
	var out []rival.Place

	for _, r := range in.References {
		if r.Tag != "" && !slices.Contains([]patch.Form{patch.Markdown, patch.Name, patch.Label}, r.Form) {
			out = append(out, rival.Place{File: r.File, Line: r.Line, Image: r.Image})
		}
	}

	return out
}

// componentsAt are those of a reference.
func (in *Input) componentsAt(file string, line int) []string {
	var out []string

	for _, r := range in.References {
		if r.File != file || r.Line != line {
			continue
		}

		for _, c := range r.Components {
			out = append(out, string(c))
		}
	}

	return out
}
