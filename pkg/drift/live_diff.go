package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/drift/internal/subset"
	"github.com/goingdark-social/bot/pkg/severity"
)

func liveDiff() Check {
	return Check{
		ID: "live-diff", Severity: severity.Warning, Title: "objects in the cluster that are not what the tree renders",
		Doc: `Every rendered object against the live one, field by field, as far as the tree says something: what a cluster adds is no
difference, nor are defaults, empty values or quantities written otherwise. Replicas are left alone where an autoscaler decides
them, the release of an image is ` + "`live-version`" + `'s, Secrets are never read, and a Job that is gone has ended. Of
objects with a generated name the one made last is taken that carries the tree's release. A namespace that has none of its
objects is one finding. Who the cluster says set the field is named. Nothing is written for this, not even as a dry run.`,
		Needs:   Cluster,
		Absence: true,
		find:    findLiveDiff,
	}
}

func findLiveDiff(in *Input) []Finding {
	nowhere, out := in.deserted()

	for _, o := range in.objects {
		if !in.comparable(o) {
			continue
		}

		l := in.counterpart(o)

		switch {
		case l == nil && nowhere[in.liveNamespace(o)]: // said once
		case l == nil && (o.kind == "Job" || o.begins):
		case l == nil:
			out = append(out, Finding{
				Place: o.first(), Name: o.base, Message: o.title() + " is not in the cluster" + in.evidence(),
				Expected: o.title(), Actual: "nothing", Fix: "Let the engine sync, or take it out of the tree.",
			})
		default:
			out = append(out, in.differences(o, l)...)
		}
	}

	return append(out, in.notRead()...)
}

// comparable tells that the live objects of its kind were read.
func (in *Input) comparable(o *object) bool {
	return o.kind != "" && o.name != "" && !o.is("", "Secret") && in.unread(o) == ""
}

// deserted finds the namespaces in which several objects should be and none is: the namespace is not there, or it is the wrong cluster. One
// finding says so instead of one for each object.
func (in *Input) deserted() (map[string]bool, []Finding) {
	missing, there := map[string][]*object{}, map[string]bool{}

	for _, o := range in.objects {
		namespace := in.liveNamespace(o)

		switch {
		case !in.comparable(o) || o.kind == "Job" || o.begins:
		case in.counterpart(o) != nil:
			there[namespace] = true
		default:
			missing[namespace] = append(missing[namespace], o)
		}
	}

	nowhere := map[string]bool{}

	var out []Finding

	for _, namespace := range slices.Sorted(maps.Keys(missing)) {
		list := missing[namespace]
		if there[namespace] || len(list) < 2 {
			continue
		}

		nowhere[namespace] = true
		out = append(out, Finding{
			Place: list[0].first(), Name: namespace,
			Message:  fmt.Sprintf("none of %d objects is in namespace %s of the cluster%s", len(list), namespace, in.evidence()),
			Expected: fmt.Sprintf("%d objects in %s", len(list), namespace), Actual: "nothing",
			Fix: "See that the namespace is there and that it is the right cluster (`--context`, `cluster.namespace` of the operator's file); else let the engine sync.",
		})
	}

	return nowhere, out
}

// notRead says which kinds could not be compared.
func (in *Input) notRead() []Finding {
	var out []Finding

	for _, u := range in.Outside.Cluster.Unread {
		for _, o := range in.objects {
			if u.Kind != o.kind || u.Namespace != o.namespace && u.Namespace != in.liveNamespace(o) {
				continue
			}

			out = append(out, Finding{
				Severity: severity.Info, Place: o.first(), Name: u.Kind, Message: fmt.Sprintf("%s could not be compared: %s", u.Kind, u.Reason),
				Expected: "may be read", Actual: u.Reason, Fix: "Give the account get and list on this kind; deploy/overlays/cluster shows how.",
			})

			break
		}
	}

	return out
}

func (in *Input) differences(o *object, l live) []Finding {
	want, err := content(o.node)
	if err != nil {
		return []Finding{{Severity: severity.Info, Place: o.first(), Name: o.base, Message: o.title() + " could not be compared: " + err.Error(), Fix: "Correct the manifest."}}
	}

	var out []Finding

	for _, d := range subset.Compare(decided(want), map[string]any(l)) {
		if in.scaled(o, l, d.Steps) || in.released(o, d) {
			continue
		}

		d = masked(d)
		out = append(out, Finding{
			Place: o.at(readable(d.Steps)...), Name: o.base + " " + d.Path(), Components: in.componentsOf(o),
			Message:  fmt.Sprintf("%s: %s is %s in the cluster and %s in the tree%s", o.titleOf(l), d.Path(), orNothing(d.Have), d.Want, owners(l, d.Steps)),
			Expected: d.Want, Actual: d.Have, Fix: "Let the engine sync, or write the cluster's value into the tree.",
		})
	}

	return out
}

// decided is the part of an object that a tree decides.
func decided(want map[string]any) map[string]any {
	out := map[string]any{}

	for key, value := range want {
		if !slices.Contains([]string{"apiVersion", "kind", "metadata", "status"}, key) {
			out[key] = value
		}
	}

	metadata, _ := want["metadata"].(map[string]any)
	out["metadata"] = map[string]any{"labels": metadata["labels"], "annotations": metadata["annotations"]}

	return out
}

// scaled tells a number of replicas that an autoscaler decides, one of the tree or of the cluster.
func (in *Input) scaled(o *object, l live, steps []string) bool {
	if !slices.Equal(steps, []string{"spec", "replicas"}) {
		return false
	}

	targets := func(target live) bool {
		return target.text("name") == o.name && (target.text("kind") == "" || target.text("kind") == o.kind)
	}

	for _, h := range in.Outside.Cluster.Objects {
		h := live(h)
		ref, _ := h.at("spec", "scaleTargetRef").(map[string]any)

		if (h.kind() == "HorizontalPodAutoscaler" || h.kind() == "ScaledObject") && h.namespace() == l.namespace() && targets(ref) {
			return true
		}
	}

	return slices.ContainsFunc(in.around(o), func(h *object) bool {
		ref := node.Get(h.node, "spec", "scaleTargetRef")

		return (h.kind == "HorizontalPodAutoscaler" || h.kind == "ScaledObject") &&
			targets(live{"name": node.Text(node.Get(ref, "name")), "kind": node.Text(node.Get(ref, "kind"))})
	})
}

// released tells an image of Mastodon that differs in its release alone.
func (in *Input) released(o *object, d subset.Difference) bool {
	want, tag := splitImage(d.Want)
	have, _ := splitImage(d.Have)

	return len(d.Steps) > 0 && d.Steps[len(d.Steps)-1] == "image" && want == have && tag != "" && in.ours(want) &&
		slices.ContainsFunc(in.containers, func(c *container) bool { return c.object == o })
}

// readable are steps as the tree's files are walked: an item by its first key.
func readable(steps []string) []string {
	out := make([]string, 0, len(steps))

	for _, s := range steps {
		if first, _, several := strings.Cut(s, ","); several && strings.HasPrefix(s, "[") {
			s = first + "]"
		}

		out = append(out, s)
	}

	return out
}

var secretField = lazyre.New(`(?i)PASS|TOKEN|PRIVATE|_KEY|SECRET|CREDENTIAL`)

// masked hides the values under a name that speaks of a secret, and what is composed and holds such a name.
func masked(d subset.Difference) subset.Difference {
	for _, text := range []*string{&d.Want, &d.Have} {
		if strings.ContainsAny(*text, "{[") && secretField.MatchString(*text) {
			*text = "xxxxx"
		}
	}

	for _, step := range d.Steps {
		if !secretField.MatchString(step) || slices.Contains([]string{"secret", "secretKeyRef", "secretRef", "secretName", "secretKey"}, step) {
			continue
		}

		d.Want = "xxxxx"
		if d.Have != "" {
			d.Have = "another value"
		}
	}

	return d
}

func orNothing(s string) string {
	if s == "" {
		return "not there"
	}

	return s
}

// owners names who the cluster says set a field.
func owners(l live, steps []string) string {
	var names []string

	for _, o := range subset.Owners(l, steps) {
		name := o.Manager
		if o.Time != "" {
			name += " at " + o.Time
		}

		names = append(names, name)
	}

	if len(names) == 0 {
		return ""
	}

	return ", set by " + strings.Join(names, " and ")
}

func setBy(l live, c *container) string {
	return owners(l, append(slices.Clone(c.steps), "image"))
}
