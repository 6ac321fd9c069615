package drift

import (
	"slices"
	"time"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
)

// Progress is how far the cluster has come to what the tree renders.
type Progress struct {
	Workloads []WorkloadProgress
	Jobs      []JobProgress
}

// WorkloadProgress is one workload that runs for good.
type WorkloadProgress struct {
	Component, Kind, Name string
	// Tag that the tree says; Running are those of its pods, sorted.
	Tag     string
	Running []string
	// Done: every pod that is wanted runs Tag and is ready, and no other pod is left.
	Done bool
	// First and Last are when the first and the last of its pods on Tag became ready; zero while none is.
	First, Last time.Time
}

// JobState is how far a migrate Job has come.
type JobState string

// The states of a migrate Job.
const (
	JobAbsent  JobState = "absent"   // it is not in the cluster: it has ended and was cleaned up, or was never made
	JobOther   JobState = "other"    // the one in the cluster is of another release
	JobRunning JobState = "running"  // it has not ended
	JobDone    JobState = "complete" // it ended well
	JobFailed  JobState = "failed"   // it failed for good
)

// JobProgress is one Job that migrates.
type JobProgress struct {
	Namespace, Name, Container string
	// Pod is the newest of its pods; empty when none is left.
	Pod string
	// All: it runs the post-deployment migrations too.
	All   bool
	State JobState
	// Ended is when it ended well; zero otherwise.
	Ended time.Time
}

// Settled tells that every workload runs what the tree says. A tree without one is never settled.
func (p Progress) Settled() bool {
	return len(p.Workloads) > 0 && !slices.ContainsFunc(p.Workloads, func(w WorkloadProgress) bool { return !w.Done })
}

// Begun tells that some pod runs what the tree says.
func (p Progress) Begun() bool {
	return slices.ContainsFunc(p.Workloads, func(w WorkloadProgress) bool { return slices.Contains(w.Running, w.Tag) })
}

// Progress reads it off the live objects, which must be known.
func (in *Input) Progress() Progress {
	p := Progress{Workloads: []WorkloadProgress{}, Jobs: []JobProgress{}}

	for _, c := range in.workers(inventory.Web, inventory.Sidekiq, inventory.Streaming) {
		if slices.Contains([]string{"Deployment", "StatefulSet", "DaemonSet"}, c.object.kind) {
			p.Workloads = append(p.Workloads, in.workloadProgress(c))
		}
	}

	for _, c := range in.migrations() {
		if c.object.kind == "Job" {
			p.Jobs = append(p.Jobs, in.jobProgress(c))
		}
	}

	return p
}

func (in *Input) workloadProgress(c *container) WorkloadProgress {
	w := WorkloadProgress{Component: string(c.component), Kind: c.object.kind, Name: c.object.name, Tag: c.release(), Running: []string{}}

	l := in.counterpart(c.object)
	if l == nil {
		return w
	}

	w.Running = append(w.Running, in.running(c, l)...)
	w.Done = rolledOut(l) && tagOf(l.image(c.name)) == w.Tag && !slices.ContainsFunc(w.Running, func(tag string) bool { return tag != w.Tag })

	for _, pod := range in.pods(l) {
		ready := pod.condition("Ready")
		if at := ready.time("lastTransitionTime"); tagOf(pod.image(c.name)) == w.Tag && ready.text("status") == "True" && !at.IsZero() {
			if w.First.IsZero() || at.Before(w.First) {
				w.First = at
			}

			if at.After(w.Last) {
				w.Last = at
			}
		}
	}

	return w
}

// release is what stands behind the name of the container's image.
func (c *container) release() string { return tagOf(node.Text(node.Get(c.node, "image"))) }

// rolledOut tells that a workload's controller has seen its newest template, made every pod of it, and taken every other away.
func rolledOut(l live) bool {
	if l.count("status", "observedGeneration") < l.count("metadata", "generation") {
		return false
	}

	if l.kind() == "DaemonSet" {
		wanted := l.count("status", "desiredNumberScheduled")

		return l.count("status", "updatedNumberScheduled") >= wanted && l.count("status", "numberReady") >= wanted
	}

	wanted := 1
	if l.at("spec", "replicas") != nil {
		wanted = l.count("spec", "replicas")
	}

	updated := l.count("status", "updatedReplicas")

	return updated >= wanted && l.count("status", "readyReplicas") >= wanted && l.count("status", "replicas") <= updated
}

func (in *Input) jobProgress(c *container) JobProgress {
	j := JobProgress{Namespace: in.liveNamespace(c.object), Name: c.object.name, Container: c.name, All: true, State: JobAbsent}

	for _, m := range in.Effective.MigrateJobs {
		if m.Kind == c.object.kind && m.Name == c.object.name && m.Container == c.name && c.object.sameNamespace(m.Namespace) {
			j.All = !m.SkipPost
		}
	}

	l := in.counterpart(c.object)
	if l != nil {
		j.Name = l.name()
		j.Pod = newest(in.pods(l)).name()
	}

	switch {
	case l == nil:
	case tagOf(l.image(c.name)) != c.release():
		j.State = JobOther
	case l.condition("Complete").text("status") == "True":
		j.State, j.Ended = JobDone, l.time("status", "completionTime")
	case l.condition("Failed").text("status") == "True":
		j.State = JobFailed
	default:
		j.State = JobRunning
	}

	return j
}

// newest is the pod made last; nil when there is none.
func newest(pods []live) live {
	var last live

	for _, p := range pods {
		if last == nil || p.time("metadata", "creationTimestamp").After(last.time("metadata", "creationTimestamp")) {
			last = p
		}
	}

	return last
}
