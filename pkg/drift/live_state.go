package drift

import (
	"cmp"
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// Live is what runs, read with rights that cannot write.
type Live struct {
	// Objects as the API server gives them.
	Objects []map[string]any
	// Namespace is that of objects that name none.
	Namespace string
	// Unread are the kinds that could not be read.
	Unread []Unread
	// Engines are the objects of [Input.EngineKinds] that could be read.
	Engines []map[string]any
}

// Unread is one kind of object that could not be read.
type Unread struct{ Kind, Namespace, Reason string }

// LiveKind is one kind of object to read for an application in one namespace (empty: the one that the cluster's context says).
type LiveKind struct {
	APIVersion, Kind, Namespace string
	// Names of the objects, sorted: of a kind that is in no namespace others need not be read.
	Names []string
	// ByName: only the named objects are read, though the kind is in a namespace.
	ByName bool
}

// Kinds are what to read from the cluster: the kinds that the application renders, and in its namespaces pods and what scales. Secrets
// are none of them.
func (in *Input) Kinds() []LiveKind {
	var out []LiveKind

	add := func(k LiveKind, name string) {
		i := slices.IndexFunc(out, func(o LiveKind) bool {
			return o.APIVersion == k.APIVersion && o.Kind == k.Kind && o.Namespace == k.Namespace
		})
		if i < 0 {
			i, out = len(out), append(out, k)
		}

		if name != "" {
			out[i].Names = append(out[i].Names, name)
		}
	}

	for _, o := range in.objects {
		if o.is("", "Secret") || o.kind == "" || o.name == "" {
			continue
		}

		add(LiveKind{APIVersion: node.Text(node.Get(o.node, "apiVersion")), Kind: o.kind, Namespace: o.namespace}, o.name)

		if pod, _ := podOf(o.node); pod != nil {
			add(LiveKind{APIVersion: "v1", Kind: "Pod", Namespace: o.namespace}, "")
			add(LiveKind{APIVersion: "autoscaling/v2", Kind: "HorizontalPodAutoscaler", Namespace: o.namespace}, "")
		}
	}

	for i := range out {
		slices.Sort(out[i].Names)
		out[i].Names = slices.Compact(out[i].Names)
	}

	slices.SortFunc(out, func(a, b LiveKind) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.APIVersion, b.APIVersion))
	})

	return out
}

// counterpart is the live object of a rendered one; nil when there is none. Of several that the name of one begins, see [Input.offspring].
func (in *Input) counterpart(o *object) live {
	if o.begins {
		return in.offspring(o)
	}

	for _, l := range in.Outside.Cluster.Objects {
		l := live(l)
		if l.kind() == o.kind && l.group() == o.group && l.name() == o.name && (l.namespace() == "" || l.namespace() == in.liveNamespace(o)) {
			return l
		}
	}

	return nil
}

func (in *Input) liveNamespace(o *object) string {
	return cmp.Or(o.namespace, in.Outside.Cluster.Namespace)
}

// unread tells why the live objects of a kind are not known; empty when they are.
func (in *Input) unread(o *object) string {
	for _, u := range in.Outside.Cluster.Unread {
		if u.Kind == o.kind && (u.Namespace == o.namespace || u.Namespace == in.liveNamespace(o)) {
			return u.Reason
		}
	}

	return ""
}

// content is a rendered object as a live one is decoded.
func content(n *yaml.Node) (map[string]any, error) {
	var out map[string]any
	if err := n.Decode(&out); err != nil {
		return nil, fmt.Errorf("decoding what was rendered: %w", err)
	}

	return out, nil
}
