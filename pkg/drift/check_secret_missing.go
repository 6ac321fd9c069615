package drift

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/severity"
)

func secretMissing() Check {
	return Check{
		ID: "secret-missing", Severity: severity.Error, Title: "Secrets and keys that nothing makes",
		Doc: `A pod that names a key which its Secret does not have does not start, nor does one that names a Secret which nobody makes. The
makers known are Secret, ExternalSecret, SealedSecret, Certificate and those of other secret stores, and operators (CloudNativePG,
Zalando, Crunchy, ECK). A key that is missing is an error; a whole Secret that is missing is a warning, and only where the tree makes
others, for it may be made by hand. ` + "`optional: true`, `dataFrom` and `find`" + ` make the keys unknown.`,
		Absence: true,
		find:    findSecrets,
	}
}

// wanted is a Secret that an object names, and the key of it; no key: all that it has.
type wanted struct {
	name, key string
	steps     []string
	keyed     bool // the key stands below the steps
}

func findSecrets(in *Input) []Finding {
	if !in.makesSecrets() {
		return nil
	}

	var out []Finding

	for _, o := range in.objects {
		for _, w := range wants(o) {
			if f, ok := in.lacks(o, w); ok {
				f.Components = in.componentsOf(o)
				f.Place = o.at(w.steps...)

				if f.Severity == severity.Error && w.keyed {
					f.Place = o.at(append(w.steps, "key")...)
				}

				out = append(out, f)
			}
		}
	}

	return out
}

// makesSecrets tells that the tree is where Secrets of this application come from.
func (in *Input) makesSecrets() bool {
	return slices.ContainsFunc(in.objects, func(o *object) bool {
		return slices.Contains([]string{"Secret", "ExternalSecret", "SealedSecret", "Certificate"}, o.kind)
	})
}

func (in *Input) lacks(o *object, w wanted) (Finding, bool) {
	makers := in.secrets(w.name, o)

	if len(makers) == 0 && in.copied(o, w.name) {
		return Finding{}, false
	}

	if len(makers) == 0 {
		return Finding{
			Severity: severity.Warning, Name: w.name,
			Message:  fmt.Sprintf("%s needs the Secret %s, and nothing in the tree makes it", o.title(), w.name),
			Expected: "Secret " + w.name, Actual: "nothing makes it", Fix: "Make it with an ExternalSecret or the like, or correct the name.",
			Related: in.unapplied(w.name),
		}, true
	}

	var (
		have    []string
		related []Place
	)

	for _, m := range makers {
		if !m.whole || slices.Contains(m.keys, w.key) || w.key == "" {
			return Finding{}, false
		}

		have = append(have, m.keys...)
		related = append(related, m.object.first())
	}

	return Finding{
		Severity: severity.Error, Name: w.name + "/" + w.key,
		Message:  fmt.Sprintf("%s needs the key %s of the Secret %s, which has no such key", o.title(), w.key, w.name),
		Expected: w.key, Actual: strings.Join(have, ", "), Fix: "Add the key to what makes the Secret, or correct its name.", Related: related,
	}, true
}

// copied tells that a Secret of that name is made in another namespace, from where a reflector may copy it.
func (in *Input) copied(user *object, name string) bool {
	return slices.ContainsFunc(in.everywhere(user), func(o *object) bool {
		_, ok := makes(o, name)

		return ok
	})
}

// unapplied are files that would make a Secret if anything applied them.
func (in *Input) unapplied(name string) []Place {
	var out []Place

	for _, file := range in.files {
		if in.applied(file) || !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") {
			continue
		}

		for _, n := range in.sources.read(file) {
			if _, ok := makes(objectOf(n), name); ok {
				out = append(out, Place{file, n.Line})
			}
		}
	}

	return out
}

// wants finds every name of a Secret in an object: in pods, and wherever else an operator takes a secretKeyRef.
func wants(o *object) []wanted {
	var out []wanted

	pod, at := podOf(o.node)
	for i, v := range node.Items(node.Get(pod, "volumes")) {
		steps := append(slices.Clone(at), "volumes", node.Identity(v, i))
		out = append(out, volume(pod, v, steps)...)
	}

	var visit func(n *yaml.Node, steps []string)

	visit = func(n *yaml.Node, steps []string) {
		for key, of := range map[string]string{"secretKeyRef": "key", "secretRef": ""} {
			ref := node.Get(n, key)
			if ref == nil || node.Truth(node.Get(ref, "optional")) || node.Text(node.Get(ref, "name")) == "" || n.Kind != yaml.MappingNode {
				continue
			}

			w := wanted{name: node.Text(node.Get(ref, "name")), steps: append(slices.Clone(steps), key)}
			if of != "" {
				w.key, w.keyed = node.Text(node.Get(ref, of)), true
			}

			out = append(out, w)
		}

		switch n.Kind {
		case yaml.MappingNode:
			node.Pairs(n, func(key, value *yaml.Node) { visit(value, append(slices.Clone(steps), key.Value)) })
		case yaml.SequenceNode:
			for i, item := range node.Items(n) {
				visit(item, append(slices.Clone(steps), node.Identity(item, i)))
			}
		default:
		}
	}

	if spec := node.Get(o.node, "spec"); spec != nil && o.group != "external-secrets.io" { // a store's own credentials live elsewhere
		visit(spec, []string{"spec"})
	}

	return out
}

// volume are the Secrets that a volume mounts, with the keys that are picked from them.
func volume(pod, v *yaml.Node, steps []string) []wanted {
	var out []wanted

	secret := node.Get(v, "secret")
	if name := node.Text(node.Get(secret, "secretName")); name != "" && !node.Truth(node.Get(secret, "optional")) {
		at := append(slices.Clone(steps), "secret", "secretName")
		out = append(out, wanted{name: name, steps: at})

		for _, key := range picked(secret) {
			out = append(out, wanted{name: name, key: key, steps: at})
		}

		if node.Get(secret, "items") == nil {
			for _, key := range subPaths(pod, node.Text(node.Get(v, "name"))) {
				out = append(out, wanted{name: name, key: key, steps: at})
			}
		}
	}

	for _, source := range node.Items(node.Get(v, "projected", "sources")) {
		secret := node.Get(source, "secret")
		if name := node.Text(node.Get(secret, "name")); name != "" && !node.Truth(node.Get(secret, "optional")) {
			out = append(out, wanted{name: name, steps: steps})

			for _, key := range picked(secret) {
				out = append(out, wanted{name: name, key: key, steps: steps})
			}
		}
	}

	return out
}

func picked(secret *yaml.Node) []string {
	var out []string
	for _, item := range node.Items(node.Get(secret, "items")) {
		out = append(out, node.Text(node.Get(item, "key")))
	}

	return out
}

// subPaths are the single files of a volume that containers mount.
func subPaths(pod *yaml.Node, volume string) []string {
	var out []string

	eachContainer(pod, func(_ string, c *yaml.Node, _ int) {
		for _, m := range node.Items(node.Get(c, "volumeMounts")) {
			if sub := node.Text(node.Get(m, "subPath")); node.Text(node.Get(m, "name")) == volume && sub != "" {
				out = append(out, sub)
			}
		}
	})

	return out
}

// componentsOf are what the containers of an object run.
func (in *Input) componentsOf(o *object) []string {
	var out []string

	for _, c := range in.containers {
		if c.object == o {
			out = append(out, string(c.component))
		}
	}

	return out
}
