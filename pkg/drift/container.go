package drift

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/version"
)

// container is one container of a Mastodon image, with the environment that its process sees.
type container struct {
	object    *object
	component inventory.Component
	init      bool
	name      string
	steps     []string // to it in the object
	node, pod *yaml.Node

	image, tag string
	version    version.Version
	command    string // command and args in one line

	env map[string]variable
	// opaque are what it takes all keys from while nothing in the tree tells them.
	opaque []string
}

var podPaths = [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}, {"spec"}}

// podOf finds the pod in an object of any workload kind, and the steps to it.
func podOf(n *yaml.Node) (*yaml.Node, []string) {
	for _, at := range podPaths {
		if pod := node.Get(n, at...); node.Get(pod, "containers") != nil {
			return pod, at
		}
	}

	return nil, nil
}

// eachContainer calls f with every container of a pod, those that run first to the start.
func eachContainer(pod *yaml.Node, f func(list string, c *yaml.Node, index int)) {
	for _, list := range []string{"initContainers", "containers"} {
		for i, c := range node.Items(node.Get(pod, list)) {
			f(list, c, i)
		}
	}
}

// takeContainers finds the containers of Mastodon's images.
func (in *Input) takeContainers() {
	for _, o := range in.objects {
		pod, at := podOf(o.node)

		eachContainer(pod, func(list string, n *yaml.Node, i int) {
			image, tag := splitImage(node.Text(node.Get(n, "image")))
			if !in.ours(image) {
				return
			}

			c := &container{
				object: o, init: list == "initContainers", name: node.Text(node.Get(n, "name")), node: n, pod: pod,
				steps: append(slices.Clone(at), list, node.Identity(n, i)), image: image, tag: tag,
				version: version.ParseSuffixed(tag, in.Application.Family.TagSuffix),
				command: strings.TrimSpace(strings.Join(slices.Concat(node.Texts(node.Get(n, "command")), node.Texts(node.Get(n, "args"))), " ")),
			}
			c.component = in.componentOf(c)
			in.environment(c)
			in.containers = append(in.containers, c)
		})
	}
}

// ours tells an image of Mastodon: of the application's family, or called like upstream's.
func (in *Input) ours(image string) bool {
	if image == "" {
		return false
	}

	if slices.Contains([]string{"mastodon", "mastodon-streaming"}, path.Base(image)) || image == in.Application.Family.Web || image == in.Application.Family.Streaming {
		return true
	}

	return slices.Contains(in.familyImages(), image)
}

func (in *Input) familyImages() []string {
	var out []string

	for _, r := range in.References {
		if !slices.Contains(out, r.Image) {
			out = append(out, r.Image)
		}
	}

	return out
}

// componentOf is what the inventory says of a container.
func (in *Input) componentOf(c *container) inventory.Component {
	here := func(o inventory.Object, container string) bool {
		return o.Kind == c.object.kind && o.Name == c.object.name && container == c.name && c.object.sameNamespace(o.Namespace)
	}

	for _, j := range in.Effective.MigrateJobs {
		if here(j.Object, j.Container) && j.Init == c.init {
			return inventory.Migrate
		}
	}

	for _, w := range in.Effective.Workloads {
		if here(w.Object, w.Container) {
			return w.Component
		}
	}

	return inventory.OtherJob
}

// splitImage takes tag and digest off an image.
func splitImage(image string) (name, tag string) {
	name, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		return name[:i], name[i+1:]
	}

	return name, ""
}

// imageAt is where the version that a container runs is decided.
func (in *Input) imageAt(c *container) Place {
	own, _, found := node.Find(c.object.own, append(slices.Clone(c.steps), "image")...)
	if _, tag := splitImage(node.Text(node.Get(deepest(c), "image"))); tag == c.tag && found == len(c.steps)+1 {
		return Place{c.object.file, own}
	}

	for _, r := range in.References {
		if r.Tag == c.tag && in.reaches(r.File) && (r.Image == c.image || path.Base(r.Image) == path.Base(c.image)) && r.File != c.object.file {
			return Place{r.File, r.Line}
		}
	}

	return c.at("image")
}

// deepest is the container as its own file has it.
func deepest(c *container) *yaml.Node {
	_, n, found := node.Find(c.object.own, c.steps...)
	if found < len(c.steps) {
		return nil
	}

	return n
}

// at is where something of the container is written.
func (c *container) at(steps ...string) Place {
	return c.object.at(append(slices.Clone(c.steps), steps...)...)
}

// ruby tells a process of the Rails application.
func (c *container) ruby() bool { return c.component != inventory.Streaming }

// replicas is how many pods run at most: an autoscaler's maximum, what the object says, else one.
func (in *Input) replicas(o *object) (int, Place) {
	for _, h := range in.around(o) {
		if h.kind != "HorizontalPodAutoscaler" && h.kind != "ScaledObject" {
			continue
		}

		target := node.Get(h.node, "spec", "scaleTargetRef")
		if kind := node.Text(node.Get(target, "kind")); node.Text(node.Get(target, "name")) != o.name || kind != "" && kind != o.kind {
			continue
		}

		key := "maxReplicas"
		if h.kind == "ScaledObject" {
			key = "maxReplicaCount"
		}

		return node.Number(node.Get(h.node, "spec", key), 1), h.at("spec", key)
	}

	if slices.Contains([]string{"Deployment", "StatefulSet", "ReplicaSet", "Rollout"}, o.kind) {
		return node.Number(node.Get(o.node, "spec", "replicas"), 1), o.at("spec", "replicas")
	}

	return 1, o.first()
}

// serviceAccount is the one that the pod runs as; empty for the namespace's default.
func (c *container) serviceAccount() string {
	name := node.Text(node.Get(c.pod, "serviceAccountName"))
	if name == "default" {
		return ""
	}

	return name
}
