package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func queueUnserved() Check {
	return Check{
		ID: "queue-unserved", Severity: severity.Warning, Title: "queues that no Sidekiq process serves",
		Doc: `Jobs in a queue that no process serves pile up in silence. The queues are those of the release in use. A process without -q
serves all of them, one with a configuration file (-C) serves what that says, which is unknown here; a Deployment scaled to zero
serves none.`,
		Needs: ReleaseFacts, Absence: true,
		find: findUnserved,
	}
}

func findUnserved(in *Input) []Finding {
	byRoot := map[string][]*container{}

	for _, c := range in.workers(inventory.Sidekiq) {
		byRoot[c.object.root] = append(byRoot[c.object.root], c)
	}

	var out []Finding

	for _, root := range in.Application.Roots {
		workers := byRoot[root]
		if len(workers) == 0 {
			continue
		}

		for _, q := range in.Facts.Queues {
			if slices.ContainsFunc(workers, func(c *container) bool { return in.serves(c, q.Name) }) {
				continue
			}

			first := workers[0]
			out = append(out, Finding{
				Place: first.object.first(), Components: []string{"sidekiq"}, Name: q.Name, Related: append(firsts(workers), first.at("command"), first.at("args")),
				Message:  fmt.Sprintf("no Sidekiq process serves the queue %s of %s", q.Name, in.Facts.Version),
				Expected: "-q " + q.Name, Actual: strings.Join(in.served(workers), ", "),
				Fix: "Add -q " + q.Name + " to one of them.",
			})
		}
	}

	return out
}

// serves tells that a process takes jobs from a queue, or may.
func (in *Input) serves(c *container, queue string) bool {
	if n, _ := in.replicas(c.object); n == 0 {
		return false
	}

	w := in.workload(c)

	return w == nil || w.QueuesUnknown || len(w.Queues) == 0 || slices.Contains(w.Queues, queue)
}

// workload is the inventory's entry of a container.
func (in *Input) workload(c *container) *inventory.Workload {
	for i, w := range in.Effective.Workloads {
		if w.Kind == c.object.kind && w.Name == c.object.name && w.Container == c.name && w.File == c.object.file {
			return &in.Effective.Workloads[i]
		}
	}

	return nil
}

func (in *Input) served(workers []*container) []string {
	var out []string

	for _, c := range workers {
		if n, _ := in.replicas(c.object); n == 0 {
			continue
		}

		if w := in.workload(c); w != nil {
			out = append(out, w.Queues...)
		}
	}

	slices.Sort(out)

	return slices.Compact(out)
}

func firsts(list []*container) []Place {
	var out []Place
	for _, c := range list {
		out = append(out, c.object.first())
	}

	return out
}
