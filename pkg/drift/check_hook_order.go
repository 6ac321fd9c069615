package drift

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func hookOrder() Check {
	return Check{
		ID: "hook-order", Severity: severity.Warning, Title: "hooks that need what is not there yet",
		Doc: `Argo CD runs PreSync hooks before it applies anything else. A ConfigMap whose name carries a hash of its content does not exist
yet under its new name whenever it changes, and the hook waits for it until it fails (warning). An ExternalSecret's or operator's
Secret, or a ConfigMap with a fixed name, is only missing at the first sync (info).`,
		find: findHookOrder,
	}
}

func findHookOrder(in *Input) []Finding {
	if in.Engine != inventory.EngineArgoCD {
		return nil
	}

	var out []Finding

	for _, o := range in.objects {
		if !preSync(o) {
			continue
		}

		hashed, first := in.lateNeeds(o)
		if len(hashed.names) > 0 {
			out = append(out, Finding{
				Place: hashed.places[0], Components: in.componentsOf(o), Name: o.base, Related: hashed.places,
				Message: fmt.Sprintf("%s runs before the sync that brings %s: a change of what they hold gives them a new name, which is not there yet",
					o.title(), list(hashed.names)),
				Expected: "what a PreSync hook needs is inline or outlives a sync", Actual: list(hashed.names),
				Fix: "Write what the Job needs into it, or switch the hash suffix off for what it reads.",
			})
		}

		if len(first.names) > 0 {
			out = append(out, Finding{
				Severity: severity.Info, Place: first.places[0], Components: in.componentsOf(o), Name: o.base, Related: first.places,
				Message:  fmt.Sprintf("%s runs before the first sync has brought %s", o.title(), list(first.names)),
				Expected: "what a PreSync hook needs is there", Actual: list(first.names), Fix: "On a new cluster sync these first.",
			})
		}
	}

	return out
}

// preSync tells a hook that runs ahead of the sync. Argo CD takes its own annotation before Helm's.
func preSync(o *object) bool {
	for _, key := range []string{"argocd.argoproj.io/hook", "helm.sh/hook"} {
		if value := node.Text(node.Get(o.node, "metadata", "annotations", key)); value != "" {
			return slices.ContainsFunc(strings.Split(value, ","), func(v string) bool {
				return slices.Contains([]string{"PreSync", "pre-install", "pre-upgrade"}, strings.TrimSpace(v))
			})
		}
	}

	return false
}

// late is what a hook needs and the sync brings.
type late struct {
	names  []string
	places []Place
}

func (l *late) add(name string, at Place) {
	if !slices.Contains(l.names, name) {
		l.names = append(l.names, name)
		l.places = append(l.places, at)
	}
}

// lateNeeds are the ConfigMaps and Secrets with a hash in their names that a pod needs, and what else the first sync brings.
func (in *Input) lateNeeds(o *object) (hashed, first late) {
	for _, n := range needsOf(o) {
		at := o.at(n.steps...)

		if made := in.made(o, n); made != nil {
			if made.generated && made.name != made.base && in.sources.hashes(made) {
				hashed.add(made.kind+" "+made.base, at)
			} else if !preSync(made) {
				first.add(made.kind+" "+made.base, at)
			}

			continue
		}

		makers := in.secrets(n.name, o)
		if n.kind == "Secret" && len(makers) > 0 && !slices.ContainsFunc(makers, func(m maker) bool { return preSync(m.object) }) {
			first.add("Secret "+n.name, at)
		}
	}

	return hashed, first
}

// made is the ConfigMap or Secret itself that an object needs, where the tree has one.
func (in *Input) made(user *object, n needed) *object {
	for _, o := range in.around(user) {
		if o.kind == n.kind && o.group == "" && o.name == n.name {
			return o
		}
	}

	return nil
}

// hashes tells that the generator of an object gives its name a hash.
func (s *sources) hashes(o *object) bool {
	g := s.generator(o)

	return g != nil && g.hashed
}

// needed is a ConfigMap or Secret that a pod cannot start without.
type needed struct {
	kind, name string
	steps      []string
}

func needsOf(o *object) []needed {
	pod, at := podOf(o.node)

	var out []needed

	add := func(kind string, ref *yaml.Node, key string, steps ...string) {
		if name := node.Text(node.Get(ref, key)); name != "" && !node.Truth(node.Get(ref, "optional")) {
			out = append(out, needed{kind: kind, name: name, steps: slices.Concat(at, steps)})
		}
	}

	eachContainer(pod, func(list string, c *yaml.Node, i int) {
		steps := []string{list, node.Identity(c, i)}

		for j, from := range node.Items(node.Get(c, "envFrom")) {
			here := slices.Concat(steps, []string{"envFrom", node.Identity(from, j)})
			add("ConfigMap", node.Get(from, "configMapRef"), "name", here...)
			add("Secret", node.Get(from, "secretRef"), "name", here...)
		}

		for j, item := range node.Items(node.Get(c, "env")) {
			here := slices.Concat(steps, []string{"env", node.Identity(item, j)})
			add("ConfigMap", node.Get(item, "valueFrom", "configMapKeyRef"), "name", here...)
			add("Secret", node.Get(item, "valueFrom", "secretKeyRef"), "name", here...)
		}
	})

	for j, v := range node.Items(node.Get(pod, "volumes")) {
		here := []string{"volumes", node.Identity(v, j)}
		add("ConfigMap", node.Get(v, "configMap"), "name", here...)
		add("Secret", node.Get(v, "secret"), "secretName", here...)
	}

	return out
}
