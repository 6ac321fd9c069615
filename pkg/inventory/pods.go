package inventory

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// use is one container of a Mastodon image, kept until the configuration that its environment names has been read.
type use struct {
	object    Object
	component Component
	container *yaml.Node
	pod       *yaml.Node
	job       int // index in MigrateJobs, -1 for a workload
}

// pods takes the containers of Mastodon's images from an object's pod template.
func (t *taker) pods(o Object, n *yaml.Node) {
	pod := podSpec(n)
	if pod == nil {
		return
	}
	for _, c := range node.Items(node.Get(pod, "initContainers")) {
		t.container(o, n, pod, node.Deref(c), true)
	}
	for _, c := range node.Items(node.Get(pod, "containers")) {
		t.container(o, n, pod, node.Deref(c), false)
	}
}

// podSpec finds the pod in an object of any workload kind.
func podSpec(n *yaml.Node) *yaml.Node {
	for _, at := range [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}, {"spec"}} {
		if pod := node.Get(n, at...); node.Get(pod, "containers") != nil {
			return pod
		}
	}
	return nil
}

func (t *taker) container(o Object, object, pod, c *yaml.Node, init bool) {
	image := node.Text(node.Get(c, "image"))
	if !t.mastodon(image) {
		return
	}
	command := strings.TrimSpace(words(node.Get(c, "command")) + " " + words(node.Get(c, "args")))
	u := use{object: o, container: c, pod: pod, job: -1}
	u.component = component(o, imageName(image), node.Text(node.Get(c, "name")), command)
	patch := t.kustomize.patches[o.File]
	switch {
	case patch: // a change to an object that is listed elsewhere; its variables count
	case u.component == Migrate:
		u.job = len(t.inv.MigrateJobs)
		t.inv.MigrateJobs = append(t.inv.MigrateJobs, t.migrateJob(o, object, c, command, init))
	default:
		t.inv.Workloads = append(t.inv.Workloads, t.workload(o, object, c, u.component, command))
	}
	t.uses = append(t.uses, u)
}

func (t *taker) workload(o Object, object, c *yaml.Node, kind Component, command string) Workload {
	w := Workload{
		Object: o, Component: kind, Container: node.Text(node.Get(c, "name")),
		Image: node.Text(node.Get(c, "image")), Command: oneLine(redact(command)),
		Replicas: node.Number(node.Get(object, "spec", "replicas"), -1), Queues: []string{}, Probes: []Probe{},
	}
	w.ImageFile, w.ImageLine = t.place(o, node.Get(c, "image"))
	if kind == Sidekiq {
		w.Queues, w.Concurrency, w.QueuesUnknown = sidekiq(command)
	}
	for _, at := range [][]string{{"startupProbe"}, {"readinessProbe"}, {"livenessProbe"}, {"lifecycle", "postStart"}, {"lifecycle", "preStop"}} {
		if run := node.Get(node.Get(c, at...), "exec", "command"); run != nil {
			p := Probe{Kind: at[len(at)-1], Command: oneLine(redact(words(run)))}
			p.File, p.Line = t.place(o, run)
			w.Probes = append(w.Probes, p)
		}
	}
	return w
}

// mastodon tells whether an image is one of Mastodon's.
func (t *taker) mastodon(image string) bool {
	name := imageName(image)
	switch path.Base(name) {
	case "mastodon", "mastodon-streaming":
		return true
	}
	return name != "" && slices.Contains(t.images, name)
}

// imageName cuts tag and digest off.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	return image
}
