package drift

import (
	"fmt"
	"strings"
	"time"
)

// live is an object as the API server gives it. What is not there is empty.
type live map[string]any

func (l live) at(keys ...string) any {
	var v any = map[string]any(l)

	for _, key := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}

		v = m[key]
	}

	return v
}

func (l live) text(keys ...string) string {
	if s, ok := l.at(keys...).(string); ok {
		return s
	}

	return ""
}

// count is a number, which a decoder may give as any type.
func (l live) count(keys ...string) int {
	var n int
	if v := l.at(keys...); v != nil {
		if _, err := fmt.Sscan(fmt.Sprint(v), &n); err != nil {
			return 0
		}
	}

	return n
}

func (l live) time(keys ...string) time.Time {
	switch v := l.at(keys...).(type) {
	case time.Time: // as YAML decodes it
		return v
	case string:
		at, err := time.Parse(time.RFC3339, v)
		if err == nil {
			return at
		}
	}

	return time.Time{}
}

// items are the objects in a list.
func (l live) items(keys ...string) []live {
	list, _ := l.at(keys...).([]any)

	var out []live

	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}

	return out
}

func (l live) kind() string      { return l.text("kind") }
func (l live) name() string      { return l.text("metadata", "name") }
func (l live) namespace() string { return l.text("metadata", "namespace") }

func (l live) group() string {
	group, _, versioned := strings.Cut(l.text("apiVersion"), "/")
	if !versioned {
		return ""
	}

	return group
}

// condition is one of status.conditions; nil when it is not there.
func (l live) condition(kind string) live {
	for _, c := range l.items("status", "conditions") {
		if c.text("type") == kind {
			return c
		}
	}

	return nil
}

// podSpec is the pod, or the one that the object makes.
func (l live) podSpec() live {
	for _, at := range podPaths {
		if m, ok := l.at(at...).(map[string]any); ok && m["containers"] != nil {
			return m
		}
	}

	return nil
}

// image is what a container of the pod runs; empty when there is no such container.
func (l live) image(container string) string {
	spec := l.podSpec()

	for _, list := range []string{"containers", "initContainers"} {
		for _, c := range spec.items(list) {
			if c.text("name") == container {
				return c.text("image")
			}
		}
	}

	return ""
}

// pods are those of a live workload that have not ended, by its selector, or by the label of its Job.
func (in *Input) pods(of live) []live {
	labels, _ := of.at("spec", "selector", "matchLabels").(map[string]any)
	if of.kind() == "Job" {
		labels = map[string]any{"batch.kubernetes.io/job-name": of.name()}
	}

	var out []live

	for _, o := range in.Outside.Cluster.Objects {
		if p := live(o); p.kind() == "Pod" && p.namespace() == of.namespace() && len(labels) > 0 && p.has(labels) {
			out = append(out, p)
		}
	}

	return out
}

func (l live) has(labels map[string]any) bool {
	for name, value := range labels {
		if v := l.at("metadata", "labels", name); v == nil || v != value {
			return false
		}
	}

	return true
}
