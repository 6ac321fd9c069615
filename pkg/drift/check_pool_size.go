package drift

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func poolSize() Check {
	return Check{
		ID: "pool-size", Severity: severity.Warning, Title: "database pools that do not fit",
		Doc: `DB_POOL is the pool of one process. With fewer connections than threads (MAX_THREADS of Puma, -c or SIDEKIQ_CONCURRENCY of
Sidekiq) threads wait and then fail. And all of them together, replicas × processes × pool, must fit into max_connections of the
server, or into the clients that the pooler in front of it admits, where the tree states that number.`,
		find: findPools,
	}
}

func findPools(in *Input) []Finding {
	var out []Finding

	for _, c := range in.workers(inventory.Web, inventory.Sidekiq) {
		if f, ok := in.narrow(c); ok {
			out = append(out, f)
		}
	}

	return append(out, in.crowded()...)
}

// threads are those of one process, where they are set, and whether the tree tells.
func (in *Input) threads(c *container) (n int, at Place, known bool) {
	name := "MAX_THREADS"

	if c.component == inventory.Sidekiq {
		if w := in.workload(c); w != nil && w.Concurrency > 0 {
			return w.Concurrency, c.commandAt(), true
		}

		name = "SIDEKIQ_CONCURRENCY"
	}

	n, known = c.numberOf(name, 5)
	at = c.env[name].place

	return n, at, known
}

// narrow finds a pool with fewer connections than the process has threads.
func (in *Input) narrow(c *container) (Finding, bool) {
	pool, set := c.env["DB_POOL"]
	size, isNumber := number(pool.value)
	threads, at, known := in.threads(c)

	if !set || !pool.known || !isNumber || !known || size >= threads {
		return Finding{}, false
	}

	return Finding{
		Place: pool.place, Components: []string{string(c.component)}, Name: "DB_POOL", Related: []Place{at, c.object.first()},
		Message:  fmt.Sprintf("a process of %s has %d threads and a pool of %d connections", c.object.title(), threads, size),
		Expected: strconv.Itoa(threads), Actual: pool.value,
		Fix: fmt.Sprintf("Set DB_POOL to %d for %s, or leave it out: it follows the threads.", threads, c.object.title()),
	}, true
}

// connections is how many a container's pods open at most, and whether the tree tells.
func (in *Input) connections(c *container) (int, bool) {
	replicas, _ := in.replicas(c.object)

	if c.component == inventory.Streaming {
		pool, known := c.numberOf("DB_POOL", 10) // streaming's own default

		return replicas * pool, known
	}

	threads, _, known := in.threads(c)
	pool, poolKnown := c.numberOf("DB_POOL", threads)
	processes, workersKnown := 1, true

	if c.component == inventory.Web {
		processes, workersKnown = c.numberOf("WEB_CONCURRENCY", 2)
		processes = max(processes, 1) // 0 is one process without workers
	}

	return replicas * processes * pool, known && poolKnown && workersKnown
}

// demand is what all that connect to one server want of it.
type demand struct {
	server     server
	sum        int
	components []string
	places     []Place
}

// crowded finds servers and poolers that admit fewer connections than are opened.
func (in *Input) crowded() []Finding {
	demands := map[*object]*demand{}

	var order []*object

	for _, c := range in.workers(inventory.Web, inventory.Sidekiq, inventory.Streaming) {
		host, port, _, known := c.databaseOf()
		n, told := in.connections(c)

		if !known || !told {
			continue
		}

		s := in.serverAt(host, port, c.object)

		at := or2(s.pooler, s.database)
		if at == nil {
			continue
		}

		if demands[at] == nil {
			demands[at] = &demand{server: s}
			order = append(order, at)
		}

		d := demands[at]
		d.sum += n
		d.components = append(d.components, string(c.component))
		d.places = append(d.places, c.object.first())
	}

	var out []Finding

	for _, o := range order {
		d := demands[o]

		limit, steps := limitOf(o, d.server.pooler != nil)
		if limit == 0 || d.sum <= limit {
			continue
		}

		out = append(out, Finding{
			Place: o.at(steps...), Components: d.components, Name: steps[len(steps)-1], Related: d.places,
			Message:  fmt.Sprintf("%s admits %d connections and the application opens up to %d", o.title(), limit, d.sum),
			Expected: fmt.Sprintf("at least %d", d.sum), Actual: strconv.Itoa(limit),
			Fix: "Admit more, or open fewer: replicas × processes × pool of each component.",
		})
	}

	return out
}

func or2(a, b *object) *object {
	if a != nil {
		return a
	}

	return b
}

// limitOf is how many connections a server or pooler admits, 0 where the tree does not state it, and where that stands.
func limitOf(o *object, pooler bool) (int, []string) {
	paths := [][]string{
		{"spec", "postgresql", "parameters", "max_connections"},
		{"spec", "patroni", "dynamicConfiguration", "postgresql", "parameters", "max_connections"},
	}
	instances := 1

	if pooler {
		paths = [][]string{{"spec", "pgbouncer", "parameters", "max_client_conn"}, {"spec", "proxy", "pgBouncer", "config", "global", "max_client_conn"}}
		instances = max(1, node.Number(node.Get(o.node, "spec", "instances"), 1))
	}

	for _, steps := range paths {
		if n := node.Number(node.Get(o.node, steps...), 0); n > 0 {
			return n * instances, steps
		}
	}

	pod, at := podOf(o.node)
	for i, c := range node.Items(node.Get(pod, "containers")) {
		for j, item := range node.Items(node.Get(c, "env")) {
			if name := node.Text(node.Get(item, "name")); pooler && (name == "MAX_CLIENT_CONN" || name == "PGBOUNCER_MAX_CLIENT_CONN") {
				replicas := node.Number(node.Get(o.node, "spec", "replicas"), 1)

				return node.Number(node.Get(item, "value"), 0) * replicas, append(slices.Clip(at), "containers", node.Identity(c, i), "env", node.Identity(item, j))
			}
		}

		if n := argument(c, "max_connections="); n > 0 && !pooler {
			return n, append(slices.Clip(at), "containers", node.Identity(c, i), "args")
		}
	}

	return 0, nil
}
