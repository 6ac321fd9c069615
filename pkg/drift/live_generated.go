package drift

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/node"
)

// offspring is the live object made last of a rendered one whose name is generated, among those that carry the tree's release: the others
// are of an earlier one, and may stay for as long as they like. Nil: there is none, or it has ended and is gone.
func (in *Input) offspring(o *object) live {
	var last live

	for _, l := range in.Outside.Cluster.Objects {
		l := live(l)
		if in.stemsFrom(l, o) && in.carries(l, o) && (last == nil || later(l, last)) {
			last = l
		}
	}

	return last
}

// later tells the younger of two objects; of one second the later name, which ends with a time where Argo CD gave it.
func later(l, than live) bool {
	made, other := l.time("metadata", "creationTimestamp"), than.time("metadata", "creationTimestamp")

	return made.After(other) || made.Equal(other) && l.name() > than.name()
}

// stemsFrom tells that a live object was made of a rendered one whose name is generated: by the API server, which notes how the name
// begins, or by an engine, which may not.
func (in *Input) stemsFrom(l live, o *object) bool {
	if l.kind() != o.kind || l.group() != o.group || l.namespace() != "" && l.namespace() != in.liveNamespace(o) || !strings.HasPrefix(l.name(), o.name) {
		return false
	}

	if begins := l.text("metadata", "generateName"); begins != "" && begins != o.name {
		return false
	}

	for _, hook := range []string{"argocd.argoproj.io/hook", "helm.sh/hook"} { // two Jobs may begin alike
		if want := node.Text(node.Get(o.node, "metadata", "annotations", hook)); want != "" && l.text("metadata", "annotations", hook) != want {
			return false
		}
	}

	return !slices.ContainsFunc(in.objects, func(other *object) bool {
		nearer := other.begins && len(other.name) > len(o.name) && strings.HasPrefix(l.name(), other.name)

		return other.kind == o.kind && other.group == o.group && (nearer || !other.begins && other.name == l.name())
	})
}

// carries tells that a live object runs the release of each of Mastodon's containers in the rendered one.
func (in *Input) carries(l live, o *object) bool {
	return !slices.ContainsFunc(in.containers, func(c *container) bool {
		return c.object == o && tagOf(l.image(c.name)) != c.release()
	})
}
