package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
)

func liveVersion() Check {
	return Check{
		ID: "live-version", Severity: severity.Error, Title: "another release in the cluster than the tree says",
		Doc: `Containers of Mastodon's images in the cluster, by workload: what its template says, and what its pods run, against what the
tree renders. Pods of two releases are a roll-out under way and a warning; one that lasts is ` + "`rollout-stuck`" + `'s. What a Job ran that is
gone is not known and no finding.`,
		Needs: Cluster,
		find:  findLiveVersion,
	}
}

func findLiveVersion(in *Input) []Finding {
	var out []Finding

	for _, c := range in.containers {
		l := in.counterpart(c.object)
		if l == nil || c.tag == "" {
			continue // what is not there is live-diff's
		}

		template := tagOf(l.image(c.name))
		running := in.running(c, l)
		others := slices.DeleteFunc(slices.Clone(running), func(tag string) bool { return tag == c.tag })

		if template == c.tag && len(others) == 0 || template == "" {
			continue
		}

		f := Finding{
			Place: in.imageAt(c), Components: []string{string(c.component)}, Name: c.object.base,
			Expected: c.tag, Actual: template,
			Fix: "Let the engine sync, or if the cluster is right write its release into the tree.",
		}

		switch {
		case template != c.tag:
			f.Message = fmt.Sprintf("%s is on %s in the cluster and on %s in the tree%s%s", c.object.title(), template, c.tag, setBy(l, c), in.evidence())
		default:
			f.Severity, f.Actual = severity.Warning, strings.Join(running, ", ")
			f.Message = fmt.Sprintf("pods of %s still run %s; a roll-out to %s is under way", c.object.title(), strings.Join(others, ", "), c.tag)
			f.Fix = "Wait for the roll-out."
		}

		out = append(out, f)
	}

	return out
}

// tagOf is what stands behind the name of an image: its tag, else its digest.
func tagOf(image string) string {
	_, tag := splitImage(image)
	if _, digest, ok := strings.Cut(image, "@"); ok && tag == "" {
		return digest
	}

	return tag
}

// running are the tags that the container has in the pods of its workload, sorted.
func (in *Input) running(c *container, of live) []string {
	var out []string

	for _, p := range in.pods(of) {
		if phase := p.text("status", "phase"); phase == "Succeeded" || phase == "Failed" {
			continue
		}

		if tag := tagOf(p.image(c.name)); tag != "" {
			out = append(out, tag)
		}
	}

	slices.Sort(out)

	return slices.Compact(out)
}
