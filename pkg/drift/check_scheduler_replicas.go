package drift

import (
	"fmt"
	"strconv"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func schedulerReplicas() Check {
	return Check{
		ID: "scheduler-replicas", Severity: severity.Warning, Title: "more than one process on the scheduler queue",
		Doc: `The scheduler queue wants exactly one process: with more, periodic jobs run several times at once. What counts is how many pods
serve it, an autoscaler's maximum included.`,
		find: findScheduler,
	}
}

func findScheduler(in *Input) []Finding {
	total := map[string]int{}
	serving := map[string][]*container{}

	for _, c := range in.workers(inventory.Sidekiq) {
		w := in.workload(c)
		if w == nil || w.QueuesUnknown || !in.serves(c, "scheduler") {
			continue
		}

		n, _ := in.replicas(c.object)
		total[c.object.root] += n
		serving[c.object.root] = append(serving[c.object.root], c)
	}

	var out []Finding

	for _, root := range in.Application.Roots {
		if total[root] < 2 {
			continue
		}

		most, at := serving[root][0], Place{}
		replicas := 0

		for _, c := range serving[root] {
			if n, place := in.replicas(c.object); n > replicas {
				most, at, replicas = c, place, n
			}
		}

		out = append(out, Finding{
			Place: at, Components: []string{"sidekiq"}, Name: most.object.base, Related: firsts(serving[root]),
			Message:  fmt.Sprintf("%d Sidekiq processes serve the scheduler queue", total[root]),
			Expected: "1", Actual: strconv.Itoa(total[root]),
			Fix: "Serve the queue with a Deployment of its own that has one replica, and leave -q scheduler out of the others.",
		})
	}

	return out
}
