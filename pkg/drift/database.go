package drift

import (
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// server is where a database host leads, as far as the tree tells.
type server struct {
	pooler   *object // nil when it leads to none
	mode     string  // of the pooler: transaction, session, statement; empty when unknown
	database *object // nil when unknown
}

// databaseOf is the host and port that a container's Rails connects to: what its command sets, then DATABASE_URL, then DB_HOST. Known is
// false where the tree does not tell.
func (c *container) databaseOf() (host, port string, at Place, known bool) {
	port = or(c.get("DB_PORT"), "5432")
	if p, ok := c.inline("DB_PORT"); ok {
		port = p
	}

	if v, ok := c.inline("DATABASE_URL"); ok {
		host, port := hostOf(v)

		return host, or(port, "5432"), c.commandAt(), host != ""
	}

	if v, ok := c.env["DATABASE_URL"]; ok && (!v.known || v.value != "") {
		host, urlPort := hostOf(v.value)

		return host, or(urlPort, "5432"), v.place, v.known && host != ""
	}

	if v, ok := c.inline("DB_HOST"); ok {
		return v, port, c.commandAt(), v != "" && !strings.HasPrefix(v, "$")
	}

	v, ok := c.env["DB_HOST"]

	return v.value, port, v.place, ok && v.known && v.value != "" && !c.maybeURL()
}

// maybeURL tells that a DATABASE_URL could come in from outside the tree, over the host.
func (c *container) maybeURL() bool {
	_, host := c.env["DB_HOST"]

	return !host && len(c.opaque) > 0
}

func (c *container) commandAt() Place {
	if node.Get(c.node, "args") != nil && !strings.Contains(strings.Join(node.Texts(node.Get(c.node, "command")), " "), "DB_") {
		return c.at("args")
	}

	return c.at("command")
}

// serverAt follows a host name to what the tree runs behind it.
func (in *Input) serverAt(host, port string, user *object) server {
	return in.follow(host, port, user, 3)
}

func (in *Input) follow(host, port string, user *object, steps int) server {
	if host == "" || steps == 0 {
		return server{}
	}

	s, next := in.step(host, port, user)

	switch {
	case s.pooler != nil && s.database == nil:
		s.database = in.follow(next, "5432", user, steps-1).database
	case s.pooler == nil && s.database == nil:
		s = in.follow(next, port, user, steps-1)
	}

	return s
}

// step finds the object of a host, or the host that comes next: behind a pooler of one's own, or of an alias.
func (in *Input) step(host, port string, user *object) (server, string) {
	name, rest, _ := strings.Cut(host, ".")
	namespace, _, _ := strings.Cut(rest, ".")

	for _, o := range in.everywhere(user) {
		if namespace != "" && !o.sameNamespace(namespace) || namespace == "" && !o.sameNamespace(user.namespace) {
			continue
		}

		if s, ok := in.operated(o, name, user); ok {
			return s, ""
		}
	}

	for _, o := range in.everywhere(user) {
		if o.kind == "Service" && o.group == "" && o.name == name && (namespace == "" || o.sameNamespace(namespace)) {
			return in.behind(o, port, user)
		}
	}

	return server{}, ""
}

// everywhere are the objects of a root and all from elsewhere, whatever their namespace.
func (in *Input) everywhere(user *object) []*object {
	var out []*object

	for _, o := range slices.Concat(in.objects, in.elsewhere) {
		if o.root == user.root || o.root == "" {
			out = append(out, o)
		}
	}

	return out
}

// operated knows the services that operators make for their objects.
func (in *Input) operated(o *object, host string, user *object) (server, bool) {
	is := func(suffixes ...string) bool {
		rest, ok := strings.CutPrefix(host, o.name)

		return ok && slices.Contains(suffixes, rest)
	}
	text := func(steps ...string) string { return node.Text(node.Get(o.node, steps...)) }

	switch {
	case o.is("acid.zalan.do", "postgresql") && is("", "-repl"):
		return server{database: o}, true
	case o.is("acid.zalan.do", "postgresql") && is("-pooler", "-pooler-repl"):
		return server{pooler: o, mode: or(text("spec", "connectionPooler", "mode"), "transaction"), database: o}, true // the operator's default
	case o.is("postgresql.cnpg.io", "Cluster") && is("-rw", "-ro", "-r"):
		return server{database: o}, true
	case o.is("postgresql.cnpg.io", "Pooler") && is(""):
		return server{pooler: o, mode: or(text("spec", "pgbouncer", "poolMode"), "session"), database: in.cluster(text("spec", "cluster", "name"), user)}, true // as its schema says
	case o.is("postgres-operator.crunchydata.com", "PostgresCluster") && is("-primary", "-replicas", "-ha"):
		return server{database: o}, true
	case o.is("postgres-operator.crunchydata.com", "PostgresCluster") && is("-pgbouncer"):
		return server{pooler: o, mode: or(text("spec", "proxy", "pgBouncer", "config", "global", "pool_mode"), "session"), database: o}, true // PgBouncer's default
	}

	return server{}, false
}

func (in *Input) cluster(name string, user *object) *object {
	for _, o := range in.everywhere(user) {
		if o.is("postgresql.cnpg.io", "Cluster") && o.name == name {
			return o
		}
	}

	return nil
}

// behind follows a Service to the container that answers on a port.
func (in *Input) behind(service *object, port string, user *object) (server, string) {
	selector := node.Get(service.node, "spec", "selector")
	if selector == nil {
		return server{}, node.Text(node.Get(service.node, "spec", "externalName"))
	}

	for _, o := range in.everywhere(user) {
		pod, at := podOf(o.node)
		if pod == nil || !selects(selector, node.Get(o.node, append(slices.Clone(at[:len(at)-1]), "metadata", "labels")...)) {
			continue
		}

		c := listener(service, pod, port)
		if c == nil {
			continue
		}

		switch image, _ := splitImage(node.Text(node.Get(c, "image"))); {
		case strings.Contains(image, "pgbouncer"), strings.Contains(image, "pgcat"), strings.Contains(image, "pgpool"):
			return server{pooler: o, mode: setIn(c, "POOL_MODE", "PGBOUNCER_POOL_MODE", "POOLMODE")}, setIn(c, "DB_HOST", "POSTGRESQL_HOST", "PGBOUNCER_HOST", "DATABASES_HOST")
		case strings.Contains(image, "postgres"), strings.Contains(image, "spilo"), strings.Contains(image, "timescale"), strings.Contains(image, "pgvect"):
			return server{database: o}, ""
		}
	}

	return server{}, ""
}

// selects tells that a Service's selector takes a pod.
func selects(selector, labels *yaml.Node) bool {
	matches := labels != nil

	node.Pairs(selector, func(key, value *yaml.Node) {
		matches = matches && node.Text(node.Get(labels, key.Value)) == value.Value
	})

	return matches
}

// listener is the container of a pod that a Service's port leads to; the only one, when ports don't tell.
func listener(service *object, pod *yaml.Node, port string) *yaml.Node {
	containers := node.Items(node.Get(pod, "containers"))
	target := port

	for _, p := range node.Items(node.Get(service.node, "spec", "ports")) {
		if node.Text(node.Get(p, "port")) == port {
			target = or(node.Text(node.Get(p, "targetPort")), port)
		}
	}

	for _, c := range containers {
		for _, p := range node.Items(node.Get(c, "ports")) {
			if target == node.Text(node.Get(p, "containerPort")) || target == node.Text(node.Get(p, "name")) {
				return c
			}
		}
	}

	if len(containers) == 1 {
		return containers[0]
	}

	return nil
}

// setIn is the first of some variables that a container sets in plain text.
func setIn(c *yaml.Node, names ...string) string {
	for _, name := range names {
		for _, item := range node.Items(node.Get(c, "env")) {
			if node.Text(node.Get(item, "name")) == name {
				return node.Text(node.Get(item, "value"))
			}
		}
	}

	return ""
}

// number reads a count; none when it is no number.
func number(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))

	return n, err == nil
}

// numberOf is a variable's number, or what is given for one that is surely not set. Known is false where the tree does not tell.
func (c *container) numberOf(name string, none int) (n int, known bool) {
	v, set := c.env[name]
	if !set {
		return none, len(c.opaque) == 0
	}

	if v.known && v.value == "" {
		return none, true
	}

	n, ok := number(v.value)

	return n, ok && v.known
}

// argument is the number that a server's command line gives to a setting: "-c", "max_connections=200".
func argument(c *yaml.Node, setting string) int {
	for _, word := range slices.Concat(node.Texts(node.Get(c, "command")), node.Texts(node.Get(c, "args"))) {
		for part := range strings.FieldsSeq(word) {
			if value, ok := strings.CutPrefix(strings.TrimPrefix(part, "-c"), setting); ok {
				if n, ok := number(value); ok {
					return n
				}
			}
		}
	}

	return 0
}

// tracksStatements tells a PgBouncer that follows prepared statements through its sessions, as 1.21 and later can.
func (s server) tracksStatements() bool {
	for _, steps := range [][]string{{"spec", "pgbouncer", "parameters", "max_prepared_statements"}, {"spec", "proxy", "pgBouncer", "config", "global", "max_prepared_statements"}} {
		if node.Number(node.Get(s.pooler.node, steps...), 0) > 0 {
			return true
		}
	}

	pod, _ := podOf(s.pooler.node)
	for _, c := range node.Items(node.Get(pod, "containers")) {
		if n, ok := number(setIn(c, "MAX_PREPARED_STATEMENTS", "PGBOUNCER_MAX_PREPARED_STATEMENTS")); ok && n > 0 {
			return true
		}
	}

	return false
}
